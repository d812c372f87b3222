//! A pick in the caller's memory.
//!
//! It is four words: no allocation per request, and nothing that Rust's own layout of a
//! [`Pick`] could change under a program that was compiled against the header.
//!
//! ```text
//!  [0]      [1]       [2]                                          [3]
//!  COUNTED  its slot  when the request began, if the policy asked  the peer
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
use crate::slot::raw::RawPick;
use crate::slot::{Pinned, Slot};
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
        match pick.into_raw() {
            Ok(raw) if raw.handle != 0 => Ok(Self::counted(raw)),
            // A peer of a transport in Rust: the pick is given back as not sent.
            Ok(raw) => {
                // SAFETY: from `into_raw`, and used once.
                let pick = unsafe { Pick::from_raw(raw.slot, raw.began) };
                pick.finish(Outcome::NotSent);
                Err(PEERAGE_ERR_UNSUPPORTED)
            }
            Err(pick) => {
                pick.finish(Outcome::NotSent);
                Err(PEERAGE_ERR_UNSUPPORTED)
            }
        }
    }

    #[inline]
    pub(super) fn of_pinned(pinned: Pinned<'_>) -> Self {
        Self::counted(pinned.into_raw())
    }

    #[inline]
    fn counted(RawPick { slot, began, handle }: RawPick) -> Self {
        let slot = slot.as_ptr().expose_provenance() as u64;
        Self { opaque: [PEERAGE_PICK_COUNTED, slot, began, handle as u64] }
    }

    /// Takes the pick out of its memory.
    #[inline]
    fn take(&mut self) -> Result<Pick, peerage_status> {
        let [mark, slot, began, _] = self.opaque;
        if mark != PEERAGE_PICK_COUNTED {
            return Err(PEERAGE_ERR_FINISHED);
        }
        let slot = NonNull::new(ptr::with_exposed_provenance_mut(slot as usize));
        let slot = slot.ok_or(PEERAGE_ERR_FINISHED)?;
        *self = FINISHED;
        // SAFETY: marked by `counted`, and cleared before it can be taken again; the header forbids
        // copies that are finished twice.
        Ok(unsafe { Pick::from_raw(slot, began) })
    }

    fn peer(&self) -> Option<&peerage_peer> {
        let live = self.opaque[0] == PEERAGE_PICK_COUNTED;
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
    if unsafe { finish_unwatched(pick, outcome) } {
        return PEERAGE_OK;
    }
    // SAFETY: as above.
    unsafe { finish_slowly(pick, outcome) }
}

/// The finish that nearly every call is: of a pick that neither peer nor policy want to hear of.
/// Returns whether it was one.
///
/// # Safety
///
/// `NULL`, or memory of a pick, live or not.
#[inline]
unsafe fn finish_unwatched(pick: *mut peerage_pick, outcome: i32) -> bool {
    // SAFETY: by contract of the caller.
    let Some(live) = (unsafe { pick.as_mut() }) else { return false };
    let [mark, slot, ..] = live.opaque;
    if mark != PEERAGE_PICK_COUNTED || outcome_of(outcome).is_none() {
        return false;
    }
    let Some(slot) = NonNull::new(ptr::with_exposed_provenance_mut::<Slot>(slot as usize)) else {
        return false;
    };
    // SAFETY: marked by `counted`, so pinned; the pick is cleared if the pin is given up.
    let Some(is_last) = (unsafe { Slot::unpin_unwatched(slot) }) else { return false };
    *live = FINISHED;
    if is_last {
        // SAFETY: this thread was told to.
        unsafe { retire_slowly(slot) };
    }
    true
}

#[cold]
#[inline(never)]
unsafe fn retire_slowly(slot: NonNull<Slot>) {
    // SAFETY: by contract of the caller.
    guarded((), || unsafe { Slot::retire_raw(slot) });
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
