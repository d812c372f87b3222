//! A cell that is set once at most, and is one word: most peers have nothing in it, and there may be very
//! many of them.

use std::ptr;
use std::sync::atomic::{AtomicPtr, Ordering};

/// `NULL`, or what `Box::into_raw` made.
pub(super) struct OnceBox<T>(AtomicPtr<T>);

// An `AtomicPtr<T>` is `Send + Sync` for every `T`. This one shares its `T` between threads, so the
// functions ask for a `T` that is `Send + Sync`.
impl<T: Send + Sync> OnceBox<T> {
    pub(super) fn get(&self) -> Option<&T> {
        // Acquire pairs with the release of `set`.
        let value = self.0.load(Ordering::Acquire);
        // SAFETY: `NULL`, or a box that stays until the cell is dropped, and is only read.
        unsafe { value.as_ref() }
    }

    /// Sets it; a second one is dropped.
    pub(super) fn set(&self, value: T) {
        let value = Box::into_raw(Box::new(value));
        let (release, relaxed) = (Ordering::Release, Ordering::Relaxed);
        if self.0.compare_exchange(ptr::null_mut(), value, release, relaxed).is_err() {
            // SAFETY: made above, and not shared.
            drop(unsafe { Box::from_raw(value) });
        }
    }
}

impl<T> Default for OnceBox<T> {
    fn default() -> Self {
        Self(AtomicPtr::default())
    }
}

impl<T> Drop for OnceBox<T> {
    fn drop(&mut self) {
        let value = *self.0.get_mut();
        if !value.is_null() {
            // SAFETY: made by `set`; no reference outlives the cell.
            drop(unsafe { Box::from_raw(value) });
        }
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use std::sync::Arc;

    use super::*;

    #[test]
    fn the_first_stays_and_all_are_dropped() {
        let (first, second) = (Arc::new(1), Arc::new(2));
        let cell = OnceBox::default();
        assert!(cell.get().is_none());
        cell.set(Arc::clone(&first));
        cell.set(Arc::clone(&second));
        assert_eq!(cell.get(), Some(&first));
        assert_eq!((Arc::strong_count(&first), Arc::strong_count(&second)), (2, 1));
        drop(cell);
        assert_eq!(Arc::strong_count(&first), 1);
        drop(OnceBox::<Arc<i32>>::default());
    }
}
