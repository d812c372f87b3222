//! What is shown, and when it changes.

use std::io;
use std::os::fd::{AsFd, BorrowedFd};
use std::sync::OnceLock;

use super::Signal;
use crate::sync::Mutex;

/// What a list shows to event loops.
pub(in crate::list) struct Readiness {
    shown: OnceLock<Shown>,
    /// Held while the descriptor is made, so that it is made once.
    making: Mutex<()>,
}

struct Shown {
    signal: Signal,
    /// Whether the descriptor is readable.
    level: Mutex<bool>,
}

impl Readiness {
    pub(in crate::list) fn new() -> Self {
        Self { shown: OnceLock::new(), making: Mutex::new(()) }
    }

    /// Shows what `is_ready` sees, if a program looks at the descriptor. It is asked under the mutex
    /// of the level.
    #[inline]
    pub(in crate::list) fn show(&self, is_ready: impl FnOnce() -> bool) {
        if let Some(shown) = self.shown.get() {
            shown.show(is_ready);
        }
    }

    /// The descriptor, which the first call makes. `look_again` then shows what has changed before.
    pub(in crate::list) fn fd(&self, look_again: impl FnOnce()) -> io::Result<BorrowedFd<'_>> {
        if self.shown.get().is_none() {
            let _making = self.making.lock();
            if self.shown.get().is_none() {
                let shown = Shown { signal: Signal::new()?, level: Mutex::new(false) };
                // Made once: the mutex is held.
                let _ = self.shown.set(shown);
            }
        }
        look_again();
        let shown = self.shown.get().expect("it has been made");
        Ok(shown.signal.readable.as_fd())
    }
}

impl Shown {
    #[cold]
    #[inline(never)]
    fn show(&self, is_ready: impl FnOnce() -> bool) {
        let mut level = self.level.lock();
        let ready = is_ready();
        if ready != *level {
            self.signal.set(ready);
            *level = ready;
        }
    }
}
