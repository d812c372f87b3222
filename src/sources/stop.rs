//! How a source that waits is ended, or asked again.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::panics::{self, Panicked};
use crate::sync::{Condvar, Mutex};

/// What a source looks at while it waits.
///
/// | it waits | by |
/// |---|---|
/// | for time to pass | [`pause`](Stop::pause) |
/// | in a call that another thread can end, such as a read of a socket | [`interrupt_with`](Stop::interrupt_with) |
///
/// Clones are one. Any thread may call any method; none but [`pause`](Stop::pause) blocks.
///
/// ```
/// use std::time::Duration;
/// use peerage::sources::Stop;
///
/// let stop = Stop::new();
/// assert!(stop.pause(Duration::from_millis(1))); // time has passed
/// stop.stop();
/// assert!(!stop.pause(Duration::from_secs(60))); // at once
/// ```
#[derive(Clone, Default)]
pub struct Stop(Arc<Shared>);

#[derive(Default)]
struct Shared {
    inner: Mutex<Inner>,
    changed: Condvar,
}

type Interrupt = Arc<dyn Fn() + Send + Sync>;

#[derive(Default)]
struct Inner {
    stopped: bool,
    /// A pause is to end, the one there is or the next one.
    hurried: bool,
    interrupt: Option<Interrupt>,
}

impl Stop {
    /// One that is not stopped.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether the source is to return: what it answers is not looked at any more.
    #[must_use]
    pub fn is_stopped(&self) -> bool {
        self.0.inner.lock().stopped
    }

    /// Waits for so long, or until the source is to look again at once. Returns `false` if it is to
    /// return.
    #[must_use]
    pub fn pause(&self, time: Duration) -> bool {
        let deadline = Instant::now().checked_add(time);
        let mut inner = self.0.inner.lock();
        loop {
            if inner.stopped {
                return false;
            }
            if std::mem::take(&mut inner.hurried) {
                return true;
            }
            inner = match deadline {
                None => self.0.changed.wait(inner),
                Some(deadline) => {
                    let (inner, timed_out) = self.0.changed.wait_until(inner, deadline);
                    if timed_out {
                        return !inner.stopped;
                    }
                    inner
                }
            };
        }
    }

    /// Has `interrupt` called when the source is to return, by the thread that wants it to, until what
    /// this returns is dropped. At once if that is already so.
    ///
    /// A stop that comes at the moment of the drop may call it a little later still: it should own what it
    /// ends (a clone of a socket, and not its number). There is one at a time; a second replaces the first.
    pub fn interrupt_with(
        &self,
        interrupt: impl Fn() + Send + Sync + 'static,
    ) -> Interruptible<'_> {
        let interrupt: Interrupt = Arc::new(interrupt);
        let mut inner = self.0.inner.lock();
        let before = inner.interrupt.replace(Arc::clone(&interrupt));
        let stopped = inner.stopped;
        drop(inner);
        drop(before);
        if stopped {
            interrupt();
        }
        Interruptible(self)
    }

    /// Ends what the source waits in. What interrupts it may panic: that goes no further.
    pub fn stop(&self) {
        let _ = self.end();
    }

    /// The same, for one who can tell of a panic.
    pub(crate) fn end(&self) -> Result<(), Panicked> {
        let mut inner = self.0.inner.lock();
        inner.stopped = true;
        let interrupt = inner.interrupt.clone();
        drop(inner);
        self.0.changed.notify_all();
        interrupt
            .map_or(Ok(()), |interrupt| panics::catch("what interrupts the source", || interrupt()))
    }

    /// Ends the pause of a source, or its next one.
    pub fn hurry(&self) {
        self.0.inner.lock().hurried = true;
        self.0.changed.notify_all();
    }
}

impl fmt::Debug for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stop").field("is_stopped", &self.is_stopped()).finish_non_exhaustive()
    }
}

/// While there is one, a stop interrupts the source.
#[must_use = "the source can be interrupted while there is one"]
#[derive(Debug)]
pub struct Interruptible<'a>(&'a Stop);

impl Drop for Interruptible<'_> {
    fn drop(&mut self) {
        let interrupt = self.0.0.inner.lock().interrupt.take();
        drop(interrupt);
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::thread;

    use super::*;

    #[test]
    fn a_pause_ends_by_a_hurry_before_it_or_in_it() {
        let stop = Stop::new();
        stop.hurry();
        assert!(stop.pause(Duration::MAX), "of before");
        thread::scope(|scope| {
            let pausing = scope.spawn(|| stop.pause(Duration::MAX));
            stop.hurry();
            assert!(pausing.join().unwrap());
        });
        assert!(stop.pause(Duration::ZERO));
    }

    #[test]
    fn a_stop_interrupts_once_registered_and_at_once_afterwards() {
        let (stop, calls) = (Stop::new(), Arc::new(AtomicUsize::new(0)));
        let counts = || {
            let calls = Arc::clone(&calls);
            move || {
                calls.fetch_add(1, Ordering::Relaxed);
            }
        };
        drop(stop.interrupt_with(counts()));
        let guard = stop.interrupt_with(counts());
        stop.stop();
        assert_eq!(calls.load(Ordering::Relaxed), 1);
        drop(guard);
        drop(stop.interrupt_with(counts()));
        assert_eq!(calls.load(Ordering::Relaxed), 2);
        assert!(stop.is_stopped() && !stop.pause(Duration::MAX));
    }
}
