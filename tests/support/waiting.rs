//! Waiting for what another thread is about to do, and a watchdog for what may hang.

use std::panic::resume_unwind;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

/// How long a test waits for what must happen: much longer than anything takes.
pub(crate) const LIMIT: Duration = Duration::from_secs(10);

/// Runs a case that would hang if it were wrong: on a thread of its own, for at most [`LIMIT`].
pub(crate) fn within<T: Send + 'static>(case: impl FnOnce() -> T + Send + 'static) -> T {
    within_time(LIMIT, "the case", case)
}

/// The same for a case that takes longer. `what` is named if it hangs.
pub(crate) fn within_time<T: Send + 'static>(
    limit: Duration,
    what: &str,
    case: impl FnOnce() -> T + Send + 'static,
) -> T {
    let (done, is_done) = channel();
    let thread = thread::spawn(move || {
        let result = case();
        let _ = done.send(());
        result
    });
    assert_ne!(is_done.recv_timeout(limit), Err(RecvTimeoutError::Timeout), "it hangs: {what}");
    thread.join().unwrap_or_else(|panic| resume_unwind(panic))
}

/// Waits until `condition` holds.
#[track_caller]
pub(crate) fn until(what: &str, condition: impl Fn() -> bool) {
    let begun = Instant::now();
    while !condition() {
        assert!(begun.elapsed() < LIMIT, "not in time: {what}");
        thread::yield_now();
    }
}
