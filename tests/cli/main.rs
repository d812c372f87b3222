//! The program `peerage`, as its users and scripts run it.
