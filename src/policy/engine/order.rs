//! Every member of a list at a position of its own, in a table that choosers read without a lock.
//!
//! ```text
//!  position   0    1    2    3    4
//!  owner      b    e    –    a    d
//!  entry      b    ·    ·    a    d      what choosers see: the owner while it is available
//!  marks      1    0    0    1    1      the entries that are not holes
//! ```
//!
//! A member gets its position when it joins and keeps it until it leaves. While it is unavailable the
//! entry is a *hole* that remembers its owner, so a peer that flaps comes back to where it was,
//! and a status change costs the writing of one entry and one mark, whatever the number of peers.
//! [`Marks`] lead over any number of holes in a few steps.
//!
//! A member that leaves makes a *vacancy*: a hole without an owner. Vacancies at the end are cut off;
//! the others are taken by newcomers that happen on them, and squeezed out when they are more
//! than a quarter of the positions, which keeps the order and costs a leaving member a constant on
//! average.
//!
//! While no peer is available, choosers see a table of no entries: they need not look at holes to
//! find that there is nothing.

use std::ptr;
use std::sync::Arc;

use super::marks::Marks;
use super::order_books::{Books, NONE};
use crate::roster::{Guarded, Table, View};
use crate::slot::Slot;
use crate::sync::{AtomicPtr, Ordering};

/// What choosers read.
#[derive(Default)]
pub(super) struct Order {
    table: Table,
    /// One of `Books::marks`: the last.
    marks: AtomicPtr<Marks>,
    pub(super) books: Guarded<Books>,
}

impl Order {
    #[inline]
    pub(super) fn view(&self) -> View<'_> {
        self.table.view()
    }

    /// The next available position from `position` on, going round. `None`, or one that is not
    /// available, only while the order is being changed.
    pub(super) fn next_available(&self, position: usize) -> Option<usize> {
        // SAFETY: null, or one of the books' marks, which live as long as the order. Acquire pairs
        // with `append`: their first contents.
        let marks = unsafe { self.marks.load(Ordering::Acquire).as_ref() }?;
        marks.next(position).or_else(|| marks.next(0))
    }

    #[cfg(all(feature = "capi", not(loom)))]
    pub(super) fn memory(&self) -> crate::roster::TableMemory {
        self.table.memory()
    }

    /// Has choosers see the entries, or none if all are holes.
    fn publish(&self, books: &Books) {
        self.table.publish(if books.available == 0 { 0 } else { books.len() });
    }

    /// Makes room for `more` members.
    pub(super) fn reserve(&self, books: &mut Books, more: usize) {
        let more = more.saturating_sub(books.vacancies);
        self.table.reserve(&mut books.store, more);
        books.owners.reserve(more);
        let missing = (books.len() + more).saturating_sub(books.positions.len());
        books.positions.reserve(missing);
    }

    /// Gives a member, which is not available yet, a new position at the end.
    pub(super) fn append(&self, books: &mut Books, member: u32) {
        let position = self.table.append(&mut books.store, ptr::null_mut());
        let capacity = books.marks.last().map_or(0, |marks| marks.capacity());
        if position >= capacity {
            let larger = match books.marks.last() {
                Some(marks) => marks.enlarged(capacity * 2),
                None => Marks::new(1),
            };
            books.marks.push(Arc::new(larger));
            // Release pairs with `next_available`.
            self.marks.store(
                Arc::as_ptr(books.marks.last().expect("pushed")).cast_mut(),
                Ordering::Release,
            );
        }
        books.owners.push(NONE);
        books.own(position, member);
        self.publish(books);
    }

    /// Gives a member a vacancy.
    pub(super) fn take_vacancy(&self, books: &mut Books, position: usize, member: u32) {
        books.own(position, member);
        books.vacancies -= 1;
    }

    /// Exchanges what two positions have.
    pub(super) fn swap(&self, books: &mut Books, a: usize, b: usize) {
        if a == b {
            return;
        }
        let (of_a, of_b) = (books.store.get(a), books.store.get(b));
        let (owner_a, owner_b) = (books.owners[a], books.owners[b]);
        self.write(books, a, owner_b, of_b);
        self.write(books, b, owner_a, of_a);
    }

    /// A member has become available.
    pub(super) fn up(&self, books: &mut Books, slot: &Slot) {
        let position = books.positions[slot.index() as usize] as usize;
        self.write_entry(books, position, ptr::from_ref(slot).cast_mut());
        books.available += 1;
        self.publish(books);
    }

    /// A member is about to be not available any more.
    pub(super) fn down(&self, books: &mut Books, slot: &Slot) {
        let position = books.positions[slot.index() as usize] as usize;
        self.write_entry(books, position, ptr::null_mut());
        books.available -= 1;
        self.publish(books);
    }

    /// A member, which is not available, has left: its position becomes a vacancy.
    pub(super) fn vacate(&self, books: &mut Books, slot: &Slot) {
        let position = std::mem::replace(&mut books.positions[slot.index() as usize], NONE);
        books.owners[position as usize] = NONE;
        books.vacancies += 1;
    }

    /// Cuts off the positions from `len` on, which are vacancies.
    pub(super) fn cut(&self, books: &mut Books, len: usize) {
        books.vacancies -= books.len() - len;
        books.owners.truncate(len);
        self.table.truncate(&mut books.store, len);
    }

    /// Moves all members to the front, in their order; the vacancies are at the end then.
    pub(super) fn squeeze(&self, books: &mut Books) {
        let mut to = 0;
        for from in 0..books.len() {
            let owner = books.owners[from];
            if owner == NONE {
                continue;
            }
            if from != to {
                // There first, then not here: an available peer is in the table at every moment,
                // though a chooser may meet it twice.
                let entry = books.store.get(from);
                self.write(books, to, owner, entry);
                books.owners[from] = NONE;
                self.write_entry(books, from, ptr::null_mut());
            }
            to += 1;
        }
    }

    fn write(&self, books: &mut Books, position: usize, owner: u32, entry: *mut Slot) {
        books.own(position, owner);
        self.write_entry(books, position, entry);
    }

    fn write_entry(&self, books: &mut Books, position: usize, entry: *mut Slot) {
        self.table.set(&mut books.store, position, entry);
        // After the entry: a mark that is seen early leads to a hole, which costs another look.
        if entry.is_null() {
            books.marks().remove(position);
        } else {
            books.marks().insert(position);
        }
    }
}
