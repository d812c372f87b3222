//! A list's own memory, for bindings to which a call is dear: they choose by themselves.
//!
//! From Go a call costs more than a whole choice. The sampling policies, `round-robin` and `single` need
//! only the table of available peers and one compare-exchange on a slot, so a binding can do both itself
//! and call for everything else: waits, requests with peers to avoid, the rest of the policies.
//! What it may rely on is written in the header and numbered; a binding that knows another number
//! goes on calling.

use std::mem::size_of;
use std::ptr::{self, NonNull};

use super::chooser::peerage_chooser;
use super::status::{
    PEERAGE_ERR_INVALID_ARGUMENT, PEERAGE_ERR_NULL_POINTER, PEERAGE_ERR_UNSUPPORTED, peerage_status,
};
use super::{checked, hold};
use crate::policy::AnyPolicy;
use crate::slot::Slot;
use crate::slot::raw::{self, offset};

/// The layout that this header describes.
pub const PEERAGE_MEMORY_LAYOUT: u32 = 5;

/// How a policy picks an entry: one of `PEERAGE_DRAW_*`.
pub type peerage_draw = i32;

/// Take one entry at random: that at `scale(r, n)`.
pub const PEERAGE_DRAW_RANDOM: peerage_draw = 1;
/// Take two different entries at random, those at `i = scale(r, n)` and
/// `j = scale(r >> 32, n - 1)`, where `j` becomes `j + 1` if it is not below `i`, and of them the
/// one with fewer requests in flight, or else the first; of a single entry, that, and no number is
/// drawn for it.
pub const PEERAGE_DRAW_TWO_RANDOM: peerage_draw = 2;
/// Take the entry whose turn it is: add 1 to `*turn`; the value before, modulo `*len`, is its
/// position. An entry may be 0: then take the next turn.
pub const PEERAGE_DRAW_IN_TURN: peerage_draw = 3;
/// Take the first entry.
pub const PEERAGE_DRAW_FIRST: peerage_draw = 4;

/// The offset in a slot, in bytes, of the number whose lowest 8 bits say who wants to hear.
pub const PEERAGE_SLOT_WATCHED: u32 = 12;
/// The offset in a slot, in bytes, of the address of the `peerage_peer`.
pub const PEERAGE_SLOT_PEER: u32 = 48;
/// The offset in a slot, in bytes, of the peer's data, as it was attached last.
pub const PEERAGE_SLOT_DATA: u32 = 56;

/// The state of a word whose peer has left its list.
pub const PEERAGE_WORD_REMOVED: u64 = 3;
/// The state of a word whose peer can be chosen.
pub const PEERAGE_WORD_AVAILABLE: u64 = 1;

/// Where a chooser keeps what its choices read. Valid as long as the chooser's handle.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct peerage_memory {
    /// `PEERAGE_MEMORY_LAYOUT` of the library.
    pub layout: u32,
    /// One of `PEERAGE_DRAW_*`: how this chooser's policy picks an entry.
    pub draw: peerage_draw,
    /// 1 while the chooser hands out peers, else 0.
    pub open: *const u32,
    /// How many entries there are. Read it before `entries`.
    pub len: *const u64,
    /// Where the address of the first entry is kept: load it anew for each choice, as the entries
    /// move. Each entry is the address of a slot, or 0.
    pub entries: *const u64,
    /// The next turn; `NULL` unless `draw` is `PEERAGE_DRAW_IN_TURN`.
    pub turn: *mut u64,
    /// The word of a chooser with a seed; `NULL`: draw numbers of your own.
    pub random: *mut u64,
}

// Only on machines with 64-bit addresses: on others there is no memory to show.
const _: () = assert!(
    size_of::<usize>() != 8
        || PEERAGE_SLOT_WATCHED as usize == offset::WATCHED
            && PEERAGE_SLOT_PEER as usize == offset::WORDS
            && PEERAGE_SLOT_DATA as usize == offset::WORDS + size_of::<usize>()
);
const _: () = assert!(PEERAGE_WORD_AVAILABLE << raw::STATE_SHIFT == raw::AVAILABLE);
const _: () = assert!(PEERAGE_WORD_REMOVED << raw::STATE_SHIFT == raw::REMOVED);
// The header's picture of the word.
const _: () = assert!(
    raw::FULL == 1 << 31
        && raw::STATE_SHIFT == 32
        && raw::GENERATION_SHIFT == 34
        && raw::CHOSEN_SHIFT == 54
);

/// Writes to `out` where the chooser's memory is: as many bytes as `size` says.
///
/// Ownership: the addresses are valid as long as the caller holds a reference to `chooser`
/// Threads: any
/// Blocks: never
/// Calls back: none
/// Errors: NULL_POINTER, INVALID_ARGUMENT (`size` is less than the struct's), UNSUPPORTED (by the policy, by a transport that wants to hear of requests, or on a machine without 64-bit addresses)
/// Since: 0.1
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn peerage_chooser_memory(
    chooser: *const peerage_chooser,
    out: *mut peerage_memory,
    size: usize,
) -> peerage_status {
    checked(|| {
        // SAFETY: pointers as the header demands.
        let chooser = unsafe { hold(chooser) }?;
        if out.is_null() {
            return Err(PEERAGE_ERR_NULL_POINTER);
        }
        if !(size_of::<peerage_memory>()..=4096).contains(&size) {
            return Err(PEERAGE_ERR_INVALID_ARGUMENT);
        }
        let memory = chooser.memory().ok_or(PEERAGE_ERR_UNSUPPORTED)?;
        // SAFETY: `size` bytes can be written, by contract of the caller.
        unsafe {
            ptr::write_bytes(out.cast::<u8>(), 0, size);
            out.write(memory);
        }
        Ok(())
    })
}

/// Notes that a pick which the caller has made in that memory, and has not finished, has changed bit 63 of
/// its slot's word: one of 512 does. Without it that many requests are missing from the peer's numbers.
///
/// Ownership: none
/// Threads: any
/// Blocks: never
/// Calls back: none
/// Errors: none (0 is no slot: nothing happens)
/// Since: 0.1
#[unsafe(no_mangle)]
pub unsafe extern "C" fn peerage_memory_half(slot: u64) {
    let slot = NonNull::new(ptr::with_exposed_provenance_mut::<Slot>(slot as usize));
    if let Some(slot) = slot {
        // SAFETY: pinned by the caller, as the header demands.
        unsafe { raw::note_half(slot) };
    }
}

impl peerage_chooser {
    fn memory(&self) -> Option<peerage_memory> {
        let list = self.list().filter(|_| !self.made.calls_back && size_of::<usize>() == 8)?;
        let open = list.open_word();
        let none = ptr::null_mut();
        let (draw, turn, random, table) = match list.policy() {
            AnyPolicy::Random(policy) => {
                let (table, random) = policy.memory();
                (PEERAGE_DRAW_RANDOM, none, random, table)
            }
            AnyPolicy::TwoRandomChoices(policy) => {
                let (table, random) = policy.memory();
                (PEERAGE_DRAW_TWO_RANDOM, none, random, table)
            }
            AnyPolicy::RoundRobin(policy) => {
                let (cursor, table) = policy.sequence().memory();
                (PEERAGE_DRAW_IN_TURN, cursor, none, table)
            }
            AnyPolicy::Single(policy) => (PEERAGE_DRAW_FIRST, none, none, policy.memory()),
            _ => return None,
        };
        Some(peerage_memory {
            layout: PEERAGE_MEMORY_LAYOUT,
            draw,
            open,
            len: table.len.cast(),
            entries: table.base.cast(),
            turn,
            random,
        })
    }
}
