//! A peer as its C transport holds it: where statuses are pushed.

use std::ffi::c_void;
use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicI32, Ordering};
use std::sync::{Arc, Weak};

use super::data::PeerData;
use super::followed::{Followed, Known};
use super::inline_text::InlineText;
use super::once_box::OnceBox;
use super::status::{
    PEERAGE_ERR_GONE, PEERAGE_ERR_INVALID_ARGUMENT, PEERAGE_ERR_NULL_POINTER,
    PEERAGE_ERR_UNSUPPORTED, peerage_status,
};
use super::types::{Context, peerage_drop_fn, peerage_str};
use super::{PEERAGE_ERR_PANIC, add_ref, checked, guarded, hold, un_ref};
use crate::peer::Seal;
use crate::{
    Check, ConnectionStatus, Identifier, Outcome, Peer, Status, StatusPeer, StatusReporter,
};

/// The connection status of a peer: one of `PEERAGE_CONNECTION_*`.
pub type peerage_connection = i32;

/// Not connected, and no attempt is under way: what a peer is at first.
pub const PEERAGE_CONNECTION_UNAVAILABLE: peerage_connection = 0;
/// A connection attempt is under way.
pub const PEERAGE_CONNECTION_CONNECTING: peerage_connection = 1;
/// Ready for requests: the only status in which a peer is chosen.
pub const PEERAGE_CONNECTION_AVAILABLE: peerage_connection = 2;

/// What a transport wants to hear of the requests of its peers.
pub(crate) trait Hooks: Send + Sync {
    /// Whether it wants to hear anything.
    fn any(&self) -> bool;

    fn started(&self, peer: &peerage_peer);

    /// Whether any wants to hear of ends, and thus how they were.
    fn ends(&self) -> bool;
    fn finished(&self, peer: &peerage_peer, outcome: Outcome);
}

// One allocation for each, of which there may be very many: its size is held down below.
/// One remote endpoint of a transport.
pub struct peerage_peer {
    pub(super) id: InlineText,
    pub(super) gone: AtomicBool,
    status: AtomicI32,
    pub(super) known: OnceBox<Known>,
    pub(super) data: PeerData,
    watches: bool,
    hooks: Weak<dyn Hooks>,
    pub(super) reporter: StatusReporter,
}

// With the two counts of its `Arc`, and what malloc keeps beside it, two cache lines.
#[cfg(all(target_pointer_width = "64", not(loom)))]
const _: () = assert!(size_of::<peerage_peer>() <= 104);

impl peerage_peer {
    pub(crate) fn new(id: &str, hooks: &Arc<dyn Hooks>, reporter: StatusReporter) -> Self {
        Self {
            id: InlineText::new(id),
            gone: AtomicBool::new(false),
            status: AtomicI32::new(PEERAGE_CONNECTION_UNAVAILABLE),
            known: OnceBox::default(),
            data: PeerData::default(),
            watches: hooks.any(),
            hooks: Arc::downgrade(hooks),
            reporter,
        }
    }

    /// The peer of a transport of C's; `None` for one of another.
    pub(super) fn of(peer: Arc<dyn Peer>) -> Option<Arc<Self>> {
        peer.downcast_ref::<Self>()?;
        // SAFETY: it is of this type.
        Some(unsafe { Arc::from_raw(Arc::into_raw(peer).cast()) })
    }

    /// Whose status it has, if its transport is one of the library's: then none is pushed.
    pub(super) fn followed(&self) -> Option<&Followed> {
        match self.known.get() {
            Some(Known::Followed(followed)) => Some(followed),
            _ => None,
        }
    }

    fn connection(&self) -> ConnectionStatus {
        match self.followed() {
            Some(followed) => followed.peer.status().connection_status,
            None => self.status.load(Ordering::Acquire).try_into().unwrap_or_default(),
        }
    }

    fn push(&self, status: peerage_connection) -> Result<(), peerage_status> {
        ConnectionStatus::try_from(status).map_err(|_| PEERAGE_ERR_INVALID_ARGUMENT)?;
        if self.gone.load(Ordering::Acquire) {
            return Err(PEERAGE_ERR_GONE);
        }
        if self.followed().is_some() {
            return Err(PEERAGE_ERR_UNSUPPORTED);
        }
        self.status.store(status, Ordering::Release);
        self.reporter.notify();
        Ok(())
    }
}

impl fmt::Debug for peerage_peer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("peerage_peer").field(&self.id.as_str()).finish()
    }
}

impl Identifier for peerage_peer {
    fn identifier(&self) -> &str {
        self.id.as_str()
    }
}

impl StatusPeer for peerage_peer {
    fn status(&self) -> Status {
        Status { pending_request_count: 0, connection_status: self.connection() }
    }
}

impl Peer for peerage_peer {
    fn watches_requests(&self) -> bool {
        self.watches
    }

    fn check(&self) -> Option<Check> {
        self.known.get().and_then(Known::check)
    }

    fn seat_with(&self, seat: &mut dyn FnMut([usize; 2], bool), _: Seal) {
        let handle = std::ptr::from_ref(self).expose_provenance();
        self.data.with_present(|data, recorded| seat([handle, data], recorded));
    }

    fn start_request(&self) {
        if let Some(hooks) = self.hooks.upgrade() {
            hooks.started(self);
        }
    }

    fn end_request(&self, outcome: Outcome) {
        if let Some(hooks) = self.hooks.upgrade() {
            hooks.finished(self, outcome);
        }
    }
}

/// Takes one more reference and returns `peer`, to keep it beyond `release`.
///
/// Ownership: the new reference is the caller's
/// Threads: any
/// Blocks: never
/// Calls back: none
/// Errors: none; `NULL` gives `NULL`
/// Since: 0.1
#[unsafe(no_mangle)]
pub unsafe extern "C" fn peerage_peer_ref(peer: *const peerage_peer) -> *const peerage_peer {
    // SAFETY: `NULL` or a live handle.
    unsafe { add_ref(peer) }
}

/// Gives one reference of the caller's back.
///
/// Ownership: consumes one reference
/// Threads: any
/// Blocks: never
/// Calls back: drop of the peer's data
/// Errors: none; `NULL` does nothing
/// Since: 0.1
#[unsafe(no_mangle)]
pub unsafe extern "C" fn peerage_peer_unref(peer: *const peerage_peer) {
    // SAFETY: `NULL` or a live handle of the caller's.
    unsafe { un_ref(peer) };
}

/// Reports the status of a peer: one of `PEERAGE_CONNECTION_UNAVAILABLE`, `PEERAGE_CONNECTION_CONNECTING` and
/// `PEERAGE_CONNECTION_AVAILABLE`.
///
/// Ownership: borrows `peer`
/// Threads: any, also inside `retain`
/// Blocks: never
/// Calls back: the policy's available and unavailable, ready notices, the log; drop, if this was the last use of a transport
/// Errors: NULL_POINTER, INVALID_ARGUMENT (an unknown status), GONE (after `release`), UNSUPPORTED (the peer's transport probes it)
/// Since: 0.1
#[unsafe(no_mangle)]
pub unsafe extern "C" fn peerage_peer_set_status(
    peer: *const peerage_peer,
    status: peerage_connection,
) -> peerage_status {
    // SAFETY: `NULL` or a live handle.
    checked(|| unsafe { hold(peer) }?.push(status))
}

/// Says how many requests a peer has in flight, of all clients and as it says itself: what
/// `least-reported` goes by. For transports that probe; an answer that says so is told with its end
/// (peerage_pick_finish_with). Before `retain` has returned it changes nothing.
///
/// Ownership: borrows `peer`
/// Threads: any
/// Blocks: never
/// Calls back: drop, if this was the last use of a transport
/// Errors: NULL_POINTER
/// Since: 0.1
#[unsafe(no_mangle)]
pub unsafe extern "C" fn peerage_peer_report(
    peer: *const peerage_peer,
    in_flight: u32,
) -> peerage_status {
    checked(|| {
        // SAFETY: `NULL` or a live handle.
        unsafe { hold(peer) }?.reporter.report(in_flight);
        Ok(())
    })
}

/// Returns the status that was reported last, or that the peer's transport has found by its probes.
///
/// Ownership: borrows `peer`
/// Threads: any
/// Blocks: never
/// Calls back: none
/// Errors: NULL_POINTER, which is negative as no status is
/// Since: 0.1
#[unsafe(no_mangle)]
pub unsafe extern "C" fn peerage_peer_status(peer: *const peerage_peer) -> peerage_connection {
    // SAFETY: `NULL` or a live handle.
    let peer = unsafe { peer.as_ref() };
    guarded(PEERAGE_ERR_PANIC, || {
        peer.map_or(PEERAGE_ERR_NULL_POINTER, |peer| peer.connection() as i32)
    })
}

/// Returns the identifier of a peer.
///
/// Ownership: the text is borrowed from `peer`
/// Threads: any
/// Blocks: never
/// Calls back: none
/// Errors: none; empty for `NULL`
/// Since: 0.1
#[unsafe(no_mangle)]
pub unsafe extern "C" fn peerage_peer_id(peer: *const peerage_peer) -> peerage_str {
    // SAFETY: `NULL` or a live handle.
    unsafe { peer.as_ref() }.map_or(peerage_str::EMPTY, |peer| peer.id.lend())
}

/// Attaches a pointer of the transport's own to a peer, for picks that are made from now on. Those that
/// were made before keep the one that they have: a new connection may be attached while requests use
/// the old one.
///
/// The pointer before is dropped when no pick has it: at once, if no request is in flight on the peer,
/// or by the finish of the last of those that are. However often data is replaced, no more of it is
/// kept than requests are in flight. It may be kept for longer in one case: if that finish meets this
/// call on another thread, until the next finish of a pick of the peer, the next call of this function
/// or the end of the peer.
///
/// Ownership: consumes `data`, also on failure; `drop` (which may be `NULL`) is called once for it
/// Threads: any
/// Blocks: never
/// Calls back: drop of the data before, or of this one on failure; drop, if this was the last use of a transport
/// Errors: NULL_POINTER
/// Since: 0.1
#[unsafe(no_mangle)]
pub unsafe extern "C" fn peerage_peer_set_data(
    peer: *const peerage_peer,
    data: *mut c_void,
    drop: peerage_drop_fn,
) -> peerage_status {
    checked(|| {
        let context = Context { ctx: data, drop };
        // SAFETY: `NULL` or a live handle.
        let peer = unsafe { hold(peer) }?;
        peer.data.replace(context, &peer.reporter);
        Ok(())
    })
}

/// Returns the pointer that was attached to a peer last, or `NULL`: for the transport. To send a
/// request use peerage_pick_data.
///
/// Ownership: borrowed from `peer`, until another is attached
/// Threads: any
/// Blocks: never
/// Calls back: none
/// Errors: none; `NULL` for `NULL`
/// Since: 0.1
#[unsafe(no_mangle)]
pub unsafe extern "C" fn peerage_peer_data(peer: *const peerage_peer) -> *mut c_void {
    // SAFETY: `NULL` or a live handle.
    unsafe { peer.as_ref() }.map_or(std::ptr::null_mut(), |peer| peer.data.present())
}
