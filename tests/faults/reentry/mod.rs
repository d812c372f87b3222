//! Callbacks that call back.
//!
//! Each case is the same: a callback of some kind, the first time it runs, chooses, updates, stops
//! and lets go of the list it was called by. A lock held around it would show as a hang, which the
//! watchdog turns into a failure. Where the caller holds none, the callback's is the last reference.

mod mischief;
mod peers;
mod policies;
mod transports;
