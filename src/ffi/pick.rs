//! A pick in the caller's memory.
//!
//! It is four words: no allocation per request, and nothing that Rust's own layout of a
//! [`Pick`] could change under a program that was compiled against the header.
//!
//! ```text
//!  [0]                    [1]       [2]                                          [3]
//!  COUNTED  | generation  its slot  when the request began, if the policy asked  the peer's data
//!  RECORDED | generation  the same  the same                                     its number
//! ```
//!
//! The slot's word comes first in the slot, so that [1] is its address too: a binding for which a
//! call is dear may finish a pick that is `COUNTED` itself. The header says how. One is `RECORDED` if
//! it was made while data of its peer that was replaced is in use: see `slot/data.rs`.
//!
//! The generation tells a pick that was finished, and whose slot has another tenant since, from one
//! that was not: a copy. As long as the tenant is the same, only that no request is in flight tells.

use std::ffi::c_void;
use std::ptr::{self, NonNull};
use std::sync::Arc;

use super::hold;
use super::peer::peerage_peer;
use super::status::{PEERAGE_ERR_FINISHED, PEERAGE_ERR_UNSUPPORTED, peerage_status};
use super::types::{Context, peerage_str};
use crate::slot::raw::{self, RawPick};
use crate::slot::{Pinned, Slot};
use crate::{Finish, Outcome, Pick};

/// The lower 34 bits of `opaque[0]` of a pick that a binding may finish without a call, as described
/// above; bits 34..53 are those of its slot's word, and the others 0.
pub const PEERAGE_PICK_COUNTED: u64 = 0x2_7069_636b;

/// The same of a pick whose data is recorded in its peer.
const RECORDED: u64 = 0x2_7265_6364;

/// The bits below the generation's; above those all are 0.
const MARK: u64 = (1 << raw::GENERATION_SHIFT) - 1;
const _: () = assert!(PEERAGE_PICK_COUNTED <= MARK && RECORDED <= MARK);
// Half a mark tells the two apart, and a comparison of half a word is shorter.
const _: () = assert!(PEERAGE_PICK_COUNTED as u32 != RECORDED as u32);

/// A peer that was chosen for a request, until peerage_pick_finish. Lives in the caller's memory,
/// may be moved, and must not be copied and finished twice. A finished one's first word is
/// 0, so all zeros is one.
///
/// A copy that is finished a second time changes nothing, and the call returns `PEERAGE_ERR_FINISHED`,
/// if the peer has no other request in flight from its chooser, or has left it. It cannot be told from
/// another request's pick while the peer has such, and then ends one of them too early. After the
/// chooser was freed, a copy is a pointer to memory that is gone.
#[repr(C)]
pub struct peerage_pick {
    /// Not for you, with the exception above.
    pub opaque: [u64; 4],
}

impl peerage_pick {
    #[inline]
    pub(super) fn of(pick: Pick) -> Result<Self, peerage_status> {
        match pick.into_raw() {
            // SAFETY: not finished yet.
            Ok(raw) if unsafe { raw::handle(raw.slot) } != 0 => Ok(Self::counted(raw)),
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

    /// Makes a choice a pick in `out`. Word by word: a pick that is made elsewhere is copied, which
    /// costs more than the rest of this.
    ///
    /// # Safety
    ///
    /// `out` may be written.
    #[inline]
    pub(crate) unsafe fn write(out: *mut Self, pinned: Pinned<'_>) {
        let pick = pinned.into_raw();
        // SAFETY: by contract of the caller.
        unsafe {
            if pick.recorded {
                return Self::write_recorded(out, pick);
            }
            let slot = pick.slot.as_ptr().expose_provenance() as u64;
            let mark = PEERAGE_PICK_COUNTED | pick.tenant;
            let words = ptr::addr_of_mut!((*out).opaque).cast::<u64>();
            for (n, word) in [mark, slot, pick.began, pick.data as u64].into_iter().enumerate() {
                words.add(n).write(word);
            }
        }
    }

    #[cold]
    #[inline(never)]
    unsafe fn write_recorded(out: *mut Self, pick: RawPick) {
        // SAFETY: by contract of the caller.
        unsafe { out.write(Self::recorded(pick)) }
    }

    fn counted(pick: RawPick) -> Self {
        if pick.recorded {
            return Self::recorded(pick);
        }
        Self::marked(PEERAGE_PICK_COUNTED, &pick, pick.data as u64)
    }

    #[cold]
    fn recorded(pick: RawPick) -> Self {
        // SAFETY: pinned, so the slot has its peer.
        let peer = unsafe { peer_at(pick.slot) };
        match peer.data.record() {
            Some(number) => Self::marked(RECORDED, &pick, number),
            None => Self::marked(PEERAGE_PICK_COUNTED, &pick, 0),
        }
    }

    fn marked(mark: u64, pick: &RawPick, data: u64) -> Self {
        let slot = pick.slot.as_ptr().expose_provenance() as u64;
        Self { opaque: [mark | pick.tenant, slot, pick.began, data] }
    }

    /// Makes it a finished one. The other words stay: one store less in each request.
    #[inline]
    pub(super) fn clear(&mut self) {
        self.opaque[0] = 0;
    }

    /// What a pick has that could be live, by what it says of itself.
    fn parts(&self) -> Result<Parts, peerage_status> {
        let [mark, slot, began, data] = self.opaque;
        let recorded = match mark & MARK {
            PEERAGE_PICK_COUNTED => false,
            RECORDED => true,
            _ => return Err(PEERAGE_ERR_FINISHED),
        };
        let slot = NonNull::new(ptr::with_exposed_provenance_mut(slot as usize));
        let slot = slot.ok_or(PEERAGE_ERR_FINISHED)?;
        // SAFETY: marked by `marked`, so its slot lives: the header demands it of copies.
        if !unsafe { raw::is_counted(slot, mark & !MARK) } {
            return Err(PEERAGE_ERR_FINISHED);
        }
        Ok(Parts { slot, began, recorded: recorded.then_some(data) })
    }

    /// Takes the pick out of its memory.
    pub(super) fn take(&mut self) -> Result<Taken, peerage_status> {
        let Parts { slot, began, recorded } = self.parts()?;
        self.clear();
        // SAFETY: counted.
        let peer =
            unsafe { (recorded.is_some() || raw::watches_data(slot)).then(|| hold(peer_at(slot))) };
        let peer = peer.transpose()?;
        let data = match (&peer, recorded) {
            (Some(peer), Some(number)) => {
                Some(peer.data.unrecord(number).ok_or(PEERAGE_ERR_FINISHED)?)
            }
            _ => None,
        };
        Ok(Taken { slot, began, peer, data })
    }

    fn peer(&self) -> Option<&peerage_peer> {
        // SAFETY: a live pick keeps its peer.
        self.parts().ok().map(|parts| unsafe { peer_at(parts.slot) })
    }

    fn data(&self) -> *mut c_void {
        let [mark, _, _, data] = self.opaque;
        match mark & MARK {
            PEERAGE_PICK_COUNTED => ptr::with_exposed_provenance_mut(data as usize),
            RECORDED => self.peer().map_or(ptr::null_mut(), |peer| peer.data.recorded(data)),
            _ => ptr::null_mut(),
        }
    }
}

struct Parts {
    slot: NonNull<Slot>,
    began: u64,
    /// The number of its data, if it is recorded.
    recorded: Option<u64>,
}

/// A pick that was taken out of its memory.
pub(super) struct Taken {
    slot: NonNull<Slot>,
    began: u64,
    /// If data of it that was replaced is in use, or was when the pick was made.
    peer: Option<Arc<peerage_peer>>,
    /// What a recorded pick had.
    data: Option<Arc<Context>>,
}

impl Taken {
    /// Ends the request.
    pub(super) fn finish(self, finish: Finish) {
        let Self { slot, began, peer, data } = self;
        // SAFETY: `take` has found it counted.
        unsafe { raw::finish(slot, began, finish) };
        if let Some(peer) = peer {
            peer.data.after_finish(&peer.reporter);
        }
        // The user's own drop, perhaps.
        drop(data);
    }
}

/// # Safety
///
/// The slot is pinned for as long as the peer is used, by a pick of a transport of C's.
unsafe fn peer_at<'a>(slot: NonNull<Slot>) -> &'a peerage_peer {
    // SAFETY: by contract of the caller.
    unsafe { &*ptr::with_exposed_provenance(raw::handle(slot)) }
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

/// Returns the pointer that was attached to the peer when it was chosen: the same one until the pick
/// is finished, also when the transport has attached another pointer since.
///
/// Ownership: borrowed until the pick is finished
/// Threads: any
/// Blocks: never
/// Calls back: none
/// Errors: none; `NULL` for a finished pick
/// Since: 0.1
#[unsafe(no_mangle)]
pub unsafe extern "C" fn peerage_pick_data(pick: *const peerage_pick) -> *mut c_void {
    // SAFETY: pointers as the header demands.
    unsafe { pick.as_ref() }.map_or(ptr::null_mut(), peerage_pick::data)
}
