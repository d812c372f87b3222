//! A descriptor that is readable while a peer can be chosen, for event loops.
//!
//! It shows a level, not an event: readable as long as the list runs and a peer is available, and for
//! good once the list has stopped. An event loop that has requests to send watches it, and one that
//! has none does not; nothing has to be armed again, and a wake-up cannot be missed.
//!
//! The level is written after the change that it is about, outside all other locks, by each thread
//! that has made one: it looks at the list under a mutex of its own and writes what it sees, if that
//! is not what is shown. So the last one to look has seen the last change.
//!
//! Linux has eventfd, one descriptor; elsewhere it is a pipe. Nothing is opened, and a change costs one
//! load, until a program asks.

#[cfg(any(target_os = "linux", target_os = "android"))]
mod eventfd;
// The tests run it on every Unix, as few of them run where it is the only one.
#[cfg(all(unix, any(test, not(any(target_os = "linux", target_os = "android")))))]
mod pipe;
#[cfg(unix)]
mod shown;
#[cfg(all(test, unix))]
mod tests;

#[cfg(any(target_os = "linux", target_os = "android"))]
use self::eventfd::Signal;
#[cfg(all(unix, not(any(target_os = "linux", target_os = "android"))))]
use self::pipe::Signal;
#[cfg(unix)]
pub(super) use self::shown::Readiness;

/// There is no descriptor on this system: nothing is shown.
#[cfg(not(unix))]
pub(super) struct Readiness;

#[cfg(not(unix))]
impl Readiness {
    pub(super) fn new() -> Self {
        Self
    }

    pub(super) fn show(&self, _is_ready: impl FnOnce() -> bool) {}
}
