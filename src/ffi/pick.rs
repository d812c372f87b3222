//! A pick in the caller's memory.
//!
//! It is four words: no allocation per request, and nothing that Rust's own layout of a
//! [`Pick`] could change under a program that was compiled against the header.
//!
//! ```text
//!              [0]      [1]           [2]          [3]
//!  of a list   COUNTED  its slot      0            the peer
//!  of others   BOXED    a box         0            the peer
//! ```
//!
//! The slot's word comes first in the slot, so that [1] is its address too: a binding for which a
//! call is dear may finish such a pick itself. The header says how.

use std::ffi::c_void;
use std::ptr::{self, NonNull};

use super::peer::peerage_peer;
use super::status::{
    PEERAGE_ERR_FINISHED, PEERAGE_ERR_INVALID_ARGUMENT, PEERAGE_ERR_NULL_POINTER,
    PEERAGE_ERR_UNSUPPORTED, PEERAGE_OK, peerage_status,
};
use super::types::peerage_str;
use super::{checked, guarded};
use crate::slot::Slot;
use crate::{Outcome, Pick};

/// The peer answered.
pub const PEERAGE_SUCCESS: i32 = 0;
/// The peer failed.
pub const PEERAGE_FAILURE: i32 = 1;
/// The peer refused because it has too much to do.
pub const PEERAGE_OVERLOADED: i32 = 2;
/// The caller gave up, which says nothing about the peer.
pub const PEERAGE_CANCELLED: i32 = 3;
/// The request was never sent.
pub const PEERAGE_NOT_SENT: i32 = 4;
/// The pick was given up without an outcome.
pub const PEERAGE_ABANDONED: i32 = 5;

/// `opaque[0]` of a pick that a binding may finish without a call, as described above.
pub const PEERAGE_PICK_COUNTED: u64 = 0x7065_6572_7069_636b;

/// Of one that only peerage_pick_finish can finish.
const BOXED: u64 = 0x7065_6572_7069_6362;

/// A peer that was chosen for a request, until peerage_pick_finish. Lives in the caller's memory,
/// may be moved, and must not be copied and finished twice. All zeros is a finished one.
#[repr(C)]
pub struct peerage_pick {
    /// Not for you, with the exception above.
    pub opaque: [u64; 4],
}

const FINISHED: peerage_pick = peerage_pick { opaque: [0; 4] };

impl peerage_pick {
    #[inline]
    pub(super) fn of(pick: Pick) -> Result<Self, peerage_status> {
        let peer = match pick.c_handle() {
            0 => return Err(PEERAGE_ERR_UNSUPPORTED),
            peer => peer as u64,
        };
        let (mark, held) = match pick.into_slot() {
            Ok(slot) => (PEERAGE_PICK_COUNTED, slot.as_ptr().expose_provenance()),
            Err(pick) => (BOXED, Box::into_raw(Box::new(pick)).expose_provenance()),
        };
        Ok(Self { opaque: [mark, held as u64, 0, peer] })
    }

    #[inline]
    pub(super) fn counted(pinned: crate::slot::pick::Pinned<'_>) -> Self {
        let (slot, peer) = pinned.into_counted();
        let slot = slot.as_ptr().expose_provenance() as u64;
        Self { opaque: [PEERAGE_PICK_COUNTED, slot, 0, peer as u64] }
    }

    /// Takes the pick out of its memory.
    #[inline]
    fn take(&mut self) -> Result<Pick, peerage_status> {
        let [mark, held, ..] = self.opaque;
        let held = held as usize;
        // SAFETY, in both arms: marked by `of`, and cleared before it can be taken again; the
        // header forbids copies that are finished twice.
        let pick = match mark {
            PEERAGE_PICK_COUNTED => {
                let slot = NonNull::new(ptr::with_exposed_provenance_mut(held));
                // SAFETY: as above.
                unsafe { Pick::from_slot(slot.ok_or(PEERAGE_ERR_FINISHED)?) }
            }
            // SAFETY: as above.
            BOXED => unsafe { *Box::from_raw(ptr::with_exposed_provenance_mut::<Pick>(held)) },
            _ => return Err(PEERAGE_ERR_FINISHED),
        };
        *self = FINISHED;
        Ok(pick)
    }

    fn peer(&self) -> Option<&peerage_peer> {
        let live = matches!(self.opaque[0], PEERAGE_PICK_COUNTED | BOXED);
        // SAFETY: a live pick keeps its peer.
        live.then(|| unsafe { &*ptr::with_exposed_provenance(self.opaque[3] as usize) })
    }
}

/// # Safety
///
/// `NULL`, or memory of a pick, live or not.
unsafe fn peer_of<'a>(pick: *const peerage_pick) -> Option<&'a peerage_peer> {
    // SAFETY: by contract of the caller.
    unsafe { pick.as_ref() }?.peer()
}

/// Returns the peer that was chosen.
///
/// Ownership: borrowed until the pick is finished
/// Threads: any
/// Blocks: never
/// Calls back: none
/// Errors: none; `NULL` for a finished pick
/// Since: 0.1
#[unsafe(no_mangle)]
pub unsafe extern "C" fn peerage_pick_peer(pick: *const peerage_pick) -> *const peerage_peer {
    // SAFETY: pointers as the header demands.
    unsafe { peer_of(pick) }.map_or(ptr::null(), ptr::from_ref)
}

/// Returns the identifier of the peer that was chosen.
///
/// Ownership: borrowed until the pick is finished
/// Threads: any
/// Blocks: never
/// Calls back: none
/// Errors: none; empty for a finished pick
/// Since: 0.1
#[unsafe(no_mangle)]
pub unsafe extern "C" fn peerage_pick_id(pick: *const peerage_pick) -> peerage_str {
    // SAFETY: pointers as the header demands.
    unsafe { peer_of(pick) }.map_or(peerage_str::EMPTY, |peer| peer.id.lend())
}

/// Returns the pointer that the transport attached to the peer that was chosen.
///
/// Ownership: borrowed until the pick is finished, or another is attached
/// Threads: any
/// Blocks: never
/// Calls back: none
/// Errors: none; `NULL` for a finished pick
/// Since: 0.1
#[unsafe(no_mangle)]
pub unsafe extern "C" fn peerage_pick_data(pick: *const peerage_pick) -> *mut c_void {
    // SAFETY: pointers as the header demands.
    unsafe { peer_of(pick) }.map_or(ptr::null_mut(), peerage_peer::data)
}

/// Ends the request, once, and clears the pick. The chooser may be gone by now.
///
/// Ownership: consumes what `pick` held, not its memory
/// Threads: any, one at a time for one pick
/// Blocks: never
/// Calls back: finished, the policy's finished; release and drop when this was the last request of a removed peer
/// Errors: NULL_POINTER, INVALID_ARGUMENT (an unknown outcome: the pick is finished as abandoned), FINISHED (nothing changes)
/// Since: 0.1
#[unsafe(no_mangle)]
pub unsafe extern "C" fn peerage_pick_finish(
    pick: *mut peerage_pick,
    outcome: i32,
) -> peerage_status {
    // SAFETY: pointers as the header demands.
    if let Some(slot) = unsafe { unheard(pick, outcome) } {
        // SAFETY: pinned by the pick, which is cleared before the pin is given up.
        unsafe {
            pick.write(FINISHED);
            if Slot::unpin(slot) {
                retire_slowly(slot);
            }
        }
        return PEERAGE_OK;
    }
    // SAFETY: as above.
    unsafe { finish_slowly(pick, outcome) }
}

/// The slot of a pick of which nobody wants to hear that it is finished.
///
/// # Safety
///
/// `NULL`, or memory of a pick, live or not.
#[inline]
unsafe fn unheard(pick: *const peerage_pick, outcome: i32) -> Option<NonNull<Slot>> {
    // SAFETY: by contract of the caller.
    let [mark, slot, ..] = unsafe { pick.as_ref() }?.opaque;
    if mark != PEERAGE_PICK_COUNTED || outcome_of(outcome).is_none() {
        return None;
    }
    let slot = NonNull::new(ptr::with_exposed_provenance_mut::<Slot>(slot as usize))?;
    // SAFETY: marked by `of`, so pinned.
    (!unsafe { slot.as_ref().is_watched() }).then_some(slot)
}

#[cold]
#[inline(never)]
unsafe fn retire_slowly(slot: NonNull<Slot>) {
    // SAFETY: by contract of the caller.
    guarded((), || unsafe { Slot::retire(slot) });
}

fn outcome_of(number: i32) -> Option<Outcome> {
    Some(match number {
        PEERAGE_SUCCESS => Outcome::Success,
        PEERAGE_FAILURE => Outcome::Failure,
        PEERAGE_OVERLOADED => Outcome::Overloaded,
        PEERAGE_CANCELLED => Outcome::Cancelled,
        PEERAGE_NOT_SENT => Outcome::NotSent,
        PEERAGE_ABANDONED => Outcome::Abandoned,
        _ => return None,
    })
}

#[cold]
#[inline(never)]
unsafe fn finish_slowly(pick: *mut peerage_pick, outcome: i32) -> peerage_status {
    checked(|| {
        // SAFETY: pointers as the header demands.
        let pick = unsafe { pick.as_mut() }.ok_or(PEERAGE_ERR_NULL_POINTER)?.take()?;
        let known = outcome_of(outcome);
        pick.finish(known.unwrap_or(Outcome::Abandoned));
        known.map(|_| ()).ok_or(PEERAGE_ERR_INVALID_ARGUMENT)
    })
}
