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
use super::status::{PEERAGE_ERR_FINISHED, PEERAGE_ERR_UNSUPPORTED, peerage_status};
use super::types::peerage_str;
use crate::slot::Pinned;
use crate::slot::raw::RawPick;
use crate::{Outcome, Pick};

/// `opaque[0]` of a pick that a binding may finish without a call, as described above.
pub const PEERAGE_PICK_COUNTED: u64 = 0x7065_6572_7069_636b;

/// A peer that was chosen for a request, until peerage_pick_finish. Lives in the caller's memory,
/// may be moved, and must not be copied and finished twice. All zeros is a finished one.
#[repr(C)]
pub struct peerage_pick {
    /// Not for you, with the exception above.
    pub opaque: [u64; 4],
}

pub(super) const FINISHED: peerage_pick = peerage_pick { opaque: [0; 4] };

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
    pub(super) fn take(&mut self) -> Result<Pick, peerage_status> {
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
