//! A table of slots that is read without a lock while one writer at a time changes it.
//!
//! The entries live in one array, so that a choice costs two loads from a line that is not written to in
//! the steady state (`base`, `len`), one from the array, and then the slot. When the array is full
//! the writer moves to one twice as large and keeps the old one, unfreed, for readers that still
//! look at it: at most as much memory again. A reader may therefore see an entry that is out of
//! date; it is a pointer to a slot all the same, because slots live as long as their roster, and
//! the slot's word says whether it may be chosen.

use std::marker::PhantomData;
use std::ptr::{self, NonNull};

use crate::slot::Slot;
use crate::sync::{AtomicPtr, AtomicUsize, Ordering};

/// The room of the first array. Under the model checker the table grows with every entry.
const FIRST_ARRAY: usize = if cfg!(loom) { 1 } else { 8 };

/// A heap array that is pointed into from elsewhere: unlike a `Box` it claims no uniqueness.
#[derive(Debug)]
pub(crate) struct Chunk<T>(NonNull<[T]>);

// SAFETY: a `Chunk` owns its items as a `Box<[T]>` does and gives out shared references only.
unsafe impl<T: Send + Sync> Send for Chunk<T> {}
// SAFETY: as above.
unsafe impl<T: Send + Sync> Sync for Chunk<T> {}

impl<T> Chunk<T> {
    pub(crate) fn new(items: impl Iterator<Item = T>) -> Self {
        Self(NonNull::from(Box::leak(items.collect::<Box<[T]>>())))
    }

    pub(crate) fn items(&self) -> &[T] {
        // SAFETY: leaked from a box by `new`, freed by `drop` only.
        unsafe { self.0.as_ref() }
    }
}

impl<T> Drop for Chunk<T> {
    fn drop(&mut self) {
        // SAFETY: as above; nothing borrows from `self` any more.
        drop(unsafe { Box::from_raw(self.0.as_ptr()) });
    }
}

/// The readers' half.
#[derive(Debug, Default)]
pub(crate) struct Table {
    base: AtomicPtr<AtomicPtr<Slot>>,
    len: AtomicUsize,
}

/// The writers' half, to be kept under the mutex that makes them one at a time. Dropped after the
/// table, or with it.
#[derive(Debug, Default)]
pub(crate) struct TableStore {
    /// The last is the one in use.
    arrays: Vec<Chunk<AtomicPtr<Slot>>>,
    /// How many entries the writers have; readers see them up to the length that was published.
    used: usize,
}

impl TableStore {
    fn capacity(&self) -> usize {
        self.arrays.last().map_or(0, |array| array.items().len())
    }

    /// The entry at `position`, as the writers left it.
    pub(crate) fn get(&self, position: usize) -> *mut Slot {
        assert!(position < self.used, "entry {position} of a table of {}", self.used);
        // Relaxed: written under the same mutex.
        self.arrays.last().expect("not empty").items()[position].load(Ordering::Relaxed)
    }
}

/// The addresses of a table's two words.
#[cfg(all(feature = "capi", not(loom)))]
#[derive(Debug, Clone, Copy)]
pub(crate) struct TableMemory {
    pub(crate) base: *mut usize,
    pub(crate) len: *mut usize,
}

impl Table {
    #[cfg(all(feature = "capi", not(loom)))]
    pub(crate) fn memory(&self) -> TableMemory {
        TableMemory { base: self.base.as_ptr().cast(), len: self.len.as_ptr() }
    }

    pub(crate) fn len(&self) -> usize {
        // Relaxed: a count to show, or read under the writers' mutex.
        self.len.load(Ordering::Relaxed)
    }

    #[inline]
    pub(crate) fn view(&self) -> View<'_> {
        // Acquire pairs with `publish`: the array that follows has room for `len`, because arrays
        // only grow and the writer changes the array before it publishes a length that needs it.
        let len = self.len.load(Ordering::Acquire);
        let base = self.base.load(Ordering::Acquire);
        View { base, len, table: PhantomData }
    }

    /// A view of no entries.
    #[inline]
    pub(crate) fn nothing(&self) -> View<'_> {
        View { base: ptr::null(), len: 0, table: PhantomData }
    }

    /// Makes room for `more` entries.
    pub(crate) fn reserve(&self, store: &mut TableStore, more: usize) {
        let need = store.used + more;
        let capacity = store.capacity();
        if need <= capacity {
            return;
        }
        let old = (0..store.used).map(|i| AtomicPtr::new(store.get(i)));
        let new = (store.used..need.max(capacity * 2)).map(|_| AtomicPtr::new(ptr::null_mut()));
        let array = Chunk::new(old.chain(new));
        let base = array.items().as_ptr().cast_mut();
        store.arrays.push(array);
        // Release pairs with `view`: the entries copied.
        self.base.store(base, Ordering::Release);
    }

    /// Appends an entry, which readers see once it is [published](Table::publish). Returns its
    /// position.
    pub(crate) fn append(&self, store: &mut TableStore, slot: *mut Slot) -> usize {
        if store.used == store.capacity() {
            self.reserve(store, (store.used / 2).max(FIRST_ARRAY));
        }
        let position = store.used;
        store.used += 1;
        self.set(store, position, slot);
        position
    }

    /// Appends and publishes; returns the position.
    pub(crate) fn push(&self, store: &mut TableStore, slot: NonNull<Slot>) -> usize {
        let position = self.append(store, slot.as_ptr());
        self.publish(position + 1);
        position
    }

    /// Replaces the entry at `position`.
    pub(crate) fn set(&self, store: &mut TableStore, position: usize, slot: *mut Slot) {
        let entry = &store.arrays.last().expect("not empty").items()[position];
        // Release pairs with `View::load`: the slot's first contents.
        entry.store(slot, Ordering::Release);
    }

    /// Drops the entries from `len` on, also from what readers see.
    pub(crate) fn truncate(&self, store: &mut TableStore, len: usize) {
        store.used = len;
        self.publish(len.min(self.len()));
    }

    /// Has readers see the first `len` entries.
    pub(crate) fn publish(&self, len: usize) {
        // Release pairs with `view`: entries up to `len`, and an array that has room for them.
        self.len.store(len, Ordering::Release);
    }
}

/// The table as one reader found it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct View<'t> {
    base: *const AtomicPtr<Slot>,
    len: usize,
    table: PhantomData<&'t Table>,
}

impl<'t> View<'t> {
    #[inline]
    pub(crate) fn len(self) -> usize {
        self.len
    }

    #[inline]
    fn load(self, position: usize) -> *mut Slot {
        if position >= self.len {
            no_entry(position, self.len);
        }
        // SAFETY: below the length that was read before the base, so within the array; arrays live
        // as long as the table. Acquire pairs with `push` and `set`.
        unsafe { (*self.base.add(position)).load(Ordering::Acquire) }
    }

    /// The slot at `position`, which must be below [`len`](View::len). `None`: a hole.
    #[inline]
    pub(crate) fn get(self, position: usize) -> Option<&'t Slot> {
        // SAFETY: entries are null or point to slots, which live as long as the roster that owns
        // the table.
        unsafe { self.load(position).as_ref() }
    }
}

/// Takes its numbers by value: a message that borrows them would have each load keep them in memory.
#[cold]
#[inline(never)]
fn no_entry(position: usize, len: usize) -> ! {
    panic!("entry {position} of a table of {len}")
}
