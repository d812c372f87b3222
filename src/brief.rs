//! A lock for a few nanoseconds.
//!
//! [`Mutex`](crate::sync::Mutex) gives a lock back by a second read-modify-write, which tells it whether a
//! thread is parked. Where what is done under the lock takes no longer than that, it is half of the
//! cost. This one is given back by a store, and so wakes no thread: one that has waited for longer than the
//! work can take, because the holder is not running, sleeps for a while and looks again.
//!
//! So it is for work that is nearly always as short, waits for no other thread, and calls no code of the
//! user's but the allocator, when a table grows. A thread of high priority that waits for one of low
//! priority lets that one run, as it sleeps. There is no queue: of several that wait any is next.

use std::fmt;

use crate::sync::{AtomicBool, Ordering, UnsafeCell, give_way};

/// A value that one thread at a time has.
#[derive(Default)]
#[repr(C)]
pub(crate) struct Brief<T> {
    taken: AtomicBool,
    value: UnsafeCell<T>,
}

// SAFETY: the value is reached by one thread at a time: by the one whose exchange took the lock, until
// it gives it back.
unsafe impl<T: Send> Sync for Brief<T> {}

/// Gives the lock back, also when the work panics.
struct Taken<'a>(&'a AtomicBool);

impl Drop for Taken<'_> {
    #[inline]
    fn drop(&mut self) {
        // Release pairs with the acquire of `take`.
        self.0.store(false, Ordering::Release);
    }
}

impl<T> Brief<T> {
    /// Does `work`, once no other thread has the value.
    #[inline]
    pub(crate) fn with<R>(&self, work: impl FnOnce(&mut T) -> R) -> R {
        let taken = match self.take() {
            Some(taken) => taken,
            None => self.wait(),
        };
        self.work(taken, work)
    }

    #[inline]
    fn work<R>(&self, _taken: Taken<'_>, work: impl FnOnce(&mut T) -> R) -> R {
        // SAFETY: taken until this returns. `work` has no way to the lock that returns: another `with`
        // inside would wait for ever.
        self.value.with_mut(|value| work(unsafe { &mut *value }))
    }

    #[inline]
    fn take(&self) -> Option<Taken<'_>> {
        // Acquire pairs with the release of the drop: what the last holder wrote is seen.
        self.taken
            .compare_exchange(false, true, Ordering::Acquire, Ordering::Relaxed)
            .is_ok()
            .then(|| Taken(&self.taken))
    }

    #[cold]
    #[inline(never)]
    fn wait(&self) -> Taken<'_> {
        let mut round = 0;
        loop {
            give_way(round);
            round += 1;
            // A look before the exchange: a line that is only read stays with the holder's core.
            if !self.taken.load(Ordering::Relaxed) {
                if let Some(taken) = self.take() {
                    return taken;
                }
            }
        }
    }
}

impl<T> fmt::Debug for Brief<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Brief").field("taken", &self.taken).finish_non_exhaustive()
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::thread;

    use super::*;

    #[test]
    fn threads_take_turns() {
        const ROUNDS: u64 = if cfg!(miri) { 50 } else { 50_000 };
        let number = Brief::<u64>::default();
        thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| (0..ROUNDS).for_each(|_| number.with(|number| *number += 1)));
            }
        });
        assert_eq!(number.with(|number| *number), 4 * ROUNDS);
    }

    #[test]
    fn a_panic_gives_it_back() {
        let number = Brief::<u64>::default();
        let panicked = catch_unwind(AssertUnwindSafe(|| number.with(|_| panic!("for the test"))));
        assert!(panicked.is_err());
        assert_eq!(number.with(|number| *number), 0);
    }
}
