//! A value that is replaced as a whole while others read it without a lock.
//!
//! A reader *claims* the value: it writes its address into one of a few cells, looks whether it is
//! still the current one, and erases it when done. A writer that replaces the value frees the old one
//! when no cell names it (hazard pointers: Michael, 2004). Readers of different threads tend to use
//! different cells, so they share no line that is written to; there is no reference count and
//! nothing thread-local. There are two cells for each thread that the machine runs at once; if all
//! are taken all the same, by readers that were preempted, the reader holds the mutex instead under
//! which values are found to be free.
//!
//! ```text
//!  reader                       writer
//!  cell = address               current = new
//!  fence (SeqCst)               fence (SeqCst)
//!  current == address ?         some cell == old ?
//! ```
//!
//! The fences are ordered: either the reader sees that the value was replaced, or the writer sees
//! the claim.
//!
//! A cell goes from reader to reader. A writer that finds the claim of a later one has to know that
//! the looks of all earlier ones are past: the end of a claim releases, and the next claim acquires
//! it and passes it on. The fences would do that too, but the thread sanitizer does not model them.

use std::num::NonZero;
use std::ptr;
use std::thread;

use crossbeam_utils::CachePadded;

use crate::rng::thread_hint;
use crate::sync::{AtomicPtr, Mutex, Ordering, fence};

/// The smallest number of cells: threads that are preempted while they read keep theirs.
const FEWEST: usize = 16;

/// How many cells a snapshot has: a power of two.
fn cells() -> usize {
    if cfg!(loom) {
        return 1; // so that two readers are enough for one to find none free
    }
    let threads = thread::available_parallelism().map_or(1, NonZero::get);
    (2 * threads).next_power_of_two().max(FEWEST)
}

pub(crate) struct Snapshot<T> {
    current: AtomicPtr<T>,
    cells: Box<[CachePadded<AtomicPtr<T>>]>,
    /// Replaced and still claimed when last looked at.
    retired: Mutex<Vec<Retired<T>>>,
}

struct Retired<T>(*mut T);

// SAFETY: a `Retired` owns its value as a `Box<T>` would.
unsafe impl<T: Send> Send for Retired<T> {}
// SAFETY: the values are shared by reference between threads, and freed on any of them.
unsafe impl<T: Send + Sync> Send for Snapshot<T> {}
// SAFETY: as above.
unsafe impl<T: Send + Sync> Sync for Snapshot<T> {}

impl<T> Snapshot<T> {
    pub(crate) fn new(value: T) -> Self {
        let cell = |_| CachePadded::new(AtomicPtr::new(ptr::null_mut()));
        Self {
            current: AtomicPtr::new(Box::into_raw(Box::new(value))),
            cells: (0..cells()).map(cell).collect(),
            retired: Mutex::new(vec![]),
        }
    }

    /// Looks at the current value.
    pub(crate) fn read<R>(&self, look: impl FnOnce(&T) -> R) -> R {
        let Some(cell) = self.claim() else {
            let _no_freeing = self.retired.lock();
            // SAFETY: what is current now is not freed before a writer has had the mutex, which this
            // thread holds.
            return look(unsafe { &*self.current.load(Ordering::Acquire) });
        };
        let claim = Claim(cell);
        let mut value = cell.load(Ordering::Relaxed);
        loop {
            fence(Ordering::SeqCst);
            // Acquire pairs with `replace`.
            let current = self.current.load(Ordering::Acquire);
            if current == value {
                break;
            }
            value = current;
            // Release passes on what the claim of this cell has acquired. The fence orders it.
            cell.store(value, Ordering::Release);
        }
        // SAFETY: claimed, and current after it was claimed: not freed before the claim ends.
        let result = look(unsafe { &*value });
        drop(claim);
        result
    }

    fn claim(&self) -> Option<&AtomicPtr<T>> {
        let value = self.current.load(Ordering::Relaxed);
        let start = thread_hint();
        let cells = self.cells.len();
        (0..cells).find_map(|n| {
            let cell: &AtomicPtr<T> = &self.cells[start.wrapping_add(n) & (cells - 1)];
            // Acquire pairs with the end of the claim before, release with the scan in `replace`.
            // The fence in `read` orders it.
            cell.compare_exchange(ptr::null_mut(), value, Ordering::AcqRel, Ordering::Relaxed)
                .ok()?;
            Some(cell)
        })
    }

    /// Replaces the value. One caller at a time; waits for readers that found all cells taken.
    pub(crate) fn replace(&self, value: T) {
        let new = Box::into_raw(Box::new(value));
        // Release pairs with the acquire in `read`.
        let old = self.current.swap(new, Ordering::AcqRel);
        let mut retired = self.retired.lock();
        retired.push(Retired(old));
        fence(Ordering::SeqCst);
        // Acquire pairs with the end of a claim: the reader's last look is past.
        let is_claimed =
            |old: &Retired<T>| self.cells.iter().any(|cell| cell.load(Ordering::Acquire) == old.0);
        let (claimed, past): (Vec<_>, Vec<_>) = retired.drain(..).partition(is_claimed);
        *retired = claimed;
        // To free a large value takes long: not under the mutex that readers may want.
        drop(retired);
        for Retired(old) in past {
            // SAFETY: not current any more, and claimed by no reader. A reader without a claim holds
            // the mutex: one that had it before is past, one that gets it now finds a later value.
            unsafe { free(old) };
        }
    }
}

/// Drops a value and frees its memory. Under the checker the memory is kept: whether a later value gets the
/// same address, which a reader then takes for the one that it has claimed, is the allocator's choice, and
/// a model has to run the same way each time.
///
/// # Safety
///
/// The value is from a box, and no thread uses it any more.
unsafe fn free<T>(old: *mut T) {
    // SAFETY: by contract of the caller.
    unsafe {
        if cfg!(loom) {
            ptr::drop_in_place(old);
        } else {
            drop(Box::from_raw(old));
        }
    }
}

struct Claim<'a, T>(&'a AtomicPtr<T>);

impl<T> Drop for Claim<'_, T> {
    fn drop(&mut self) {
        // Release pairs with the acquire in `replace`.
        self.0.store(ptr::null_mut(), Ordering::Release);
    }
}

impl<T> Drop for Snapshot<T> {
    fn drop(&mut self) {
        let current = self.current.load(Ordering::Relaxed);
        // SAFETY: there is no other reference to `self`, so no reader.
        drop(unsafe { Box::from_raw(current) });
        for Retired(old) in self.retired.lock().drain(..) {
            // SAFETY: as above; each was retired once.
            drop(unsafe { Box::from_raw(old) });
        }
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;
    use std::sync::Arc;
    use std::thread;

    #[test]
    fn readers_see_whole_values_and_nothing_is_leaked() {
        // Miri is thorough, and a thousand times slower.
        let (reads, writes) = if cfg!(miri) { (60, 20) } else { (2_000, 500) };
        let counted = Arc::new(());
        let value = |n: usize| (vec![n; 64], Arc::clone(&counted));
        let snapshot = Snapshot::new(value(0));
        thread::scope(|scope| {
            for _ in 0..3 {
                scope.spawn(|| {
                    for _ in 0..reads {
                        snapshot.read(|(items, _)| {
                            assert!(items.iter().all(|item| *item == items[0]));
                        });
                    }
                });
            }
            for n in 1..writes {
                snapshot.replace(value(n));
            }
        });
        snapshot.replace(value(writes));
        assert_eq!(Arc::strong_count(&counted), 2, "only the current value is kept");
        drop(snapshot);
        assert_eq!(Arc::strong_count(&counted), 1);
    }

    /// Runs `inside` within so many reads at once.
    fn within<T>(snapshot: &Snapshot<T>, reads: usize, inside: &dyn Fn()) {
        if reads == 0 {
            return inside();
        }
        snapshot.read(|_| within(snapshot, reads - 1, inside));
    }

    #[test]
    fn only_readers_beyond_the_cells_hold_the_mutex() {
        let snapshot = Snapshot::new(());
        let cells = snapshot.cells.len();
        let threads = thread::available_parallelism().map_or(1, NonZero::get);
        assert!(cells >= FEWEST && cells >= 2 * threads && cells.is_power_of_two());
        within(&snapshot, cells, &|| assert!(snapshot.retired.try_lock().is_some()));
        within(&snapshot, cells + 1, &|| assert!(snapshot.retired.try_lock().is_none()));
        within(&snapshot, cells, &|| assert!(snapshot.retired.try_lock().is_some()));
    }

    #[test]
    fn a_claimed_value_is_kept_until_it_is_not() {
        let counted = Arc::new(());
        let snapshot = Snapshot::new(Arc::clone(&counted));
        let replace = || snapshot.replace(Arc::clone(&counted));
        for reads in [1, 2, snapshot.cells.len()] {
            within(&snapshot, reads, &|| {
                replace();
                replace();
                assert_eq!(Arc::strong_count(&counted), 3, "the claimed one and the current one");
            });
            replace();
            assert_eq!(Arc::strong_count(&counted), 2, "the current one");
        }
    }
}
