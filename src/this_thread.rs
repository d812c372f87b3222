//! Which thread is this?
//!
//! The library asks only to know a thread again that comes back from inside a callback. `std` numbers
//! threads, but notes that it did, frees the note when the thread ends, and panics if it is asked
//! afterwards. That is too early for C: a thread's own data is destroyed (`pthread_key_create`) in an
//! order that is not the library's, and what is done then may start or stop a chooser. And what frees
//! the note is code of the library, which may have been unloaded when the thread ends.
//!
//! So a thread is known by where a byte of its own is: no two threads that are alive have it at one
//! place, it needs no destructor, and it is there until the thread is gone.

#[cfg(not(loom))]
pub(crate) use self::by_place::{ThreadKey, shard_of_thread, this_thread};

#[cfg(not(loom))]
mod by_place {
    use std::cell::Cell;

    thread_local! {
        static PLACE: Cell<u8> = const { Cell::new(0) };
    }

    /// Tells threads that are alive apart.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub(crate) struct ThreadKey(usize);

    /// One of `shards`, a power of two: the same each time for a thread, and mostly not that of the
    /// others.
    #[inline]
    pub(crate) fn shard_of_thread(shards: usize) -> usize {
        // Threads lie whole pages apart: multiplied, so that the upper bits tell them apart.
        let mixed = (this_thread().0 as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        (mixed >> 32) as usize & (shards - 1)
    }

    /// The key of the thread that asks.
    #[inline]
    pub(crate) fn this_thread() -> ThreadKey {
        ThreadKey(PLACE.with(|place| std::ptr::from_ref(place).addr()))
    }
}

/// Loom's threads share one of the system's.
#[cfg(loom)]
pub(crate) type ThreadKey = loom::thread::ThreadId;

#[cfg(loom)]
pub(crate) fn shard_of_thread(_: usize) -> usize {
    0
}

#[cfg(loom)]
pub(crate) fn this_thread() -> ThreadKey {
    loom::thread::current().id()
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::this_thread;

    #[test]
    fn each_thread_that_is_alive_has_its_own() {
        let here = this_thread();
        assert_eq!(here, this_thread());
        std::thread::scope(|scope| {
            scope.spawn(|| assert_ne!(here, this_thread()));
        });
    }
}
