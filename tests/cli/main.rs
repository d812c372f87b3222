//! The program `peerage`, as its users and scripts run it.

mod check;
mod docs;
mod explain;
mod packaging;
mod program;
mod servers;
mod simulate;
#[cfg(unix)]
mod terminal;
mod top;
mod usage;
mod watch;
mod watch_ends;
mod watch_faults;
