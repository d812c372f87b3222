//! What a chooser looks like peer by peer, for status pages.

use super::chooser::peerage_chooser;
use super::introspect::peerage_state;
use super::introspect::{PEERAGE_STATE_IDLE, number_of};
use super::peer::peerage_connection;
use super::status::{PEERAGE_ERR_NOT_FOUND, PEERAGE_ERR_NULL_POINTER, peerage_status};
use super::types::{Text, peerage_str, write_sized};
use super::update::peerage_reasons;
use super::{checked, hold};
use crate::{ChooserStatus, PeerStatus};

/// A peer of a snapshot. The texts end in NUL and are borrowed from the snapshot.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct peerage_snapshot_peer {
    /// Its identifier.
    pub id: peerage_str,
    /// The name under which a hash ring places it; empty: its identifier.
    pub shard: peerage_str,
    /// Where it is; empty: unknown.
    pub zone: peerage_str,
    /// How much it can take beside others, at least 1.
    pub weight: u32,
    /// Which tier it belongs to.
    pub tier: u32,
    /// Its status, one of `PEERAGE_CONNECTION_UNAVAILABLE`, `PEERAGE_CONNECTION_CONNECTING` and `PEERAGE_CONNECTION_AVAILABLE`, as the
    /// chooser last heard it.
    pub status: peerage_connection,
    /// Its requests in flight from this chooser.
    pub pending: u32,
    /// Why it cannot be chosen: `PEERAGE_REASON_*`, or 0 if it can.
    pub reasons: peerage_reasons,
    /// 0.
    pub reserved: u32,
    /// The reasons in words, such as `not connected, draining`; empty if there is none.
    pub reasons_text: peerage_str,
}

/// A chooser at one moment, in the order of the identifiers.
pub struct peerage_snapshot {
    status: ChooserStatus,
    texts: Vec<Texts>,
}

/// What C reads of a peer.
struct Texts {
    id: Text,
    shard: Option<Text>,
    zone: Option<Text>,
    reasons: Option<Text>,
}

impl Texts {
    fn new(peer: &PeerStatus) -> Self {
        let reasons = peer.reasons.to_string();
        Self {
            id: Text::new(&peer.identifier),
            shard: peer.attributes.shard.as_deref().map(Text::new),
            zone: peer.attributes.zone.as_deref().map(Text::new),
            reasons: (!reasons.is_empty()).then(|| Text::new(&reasons)),
        }
    }
}

fn lend(text: &Option<Text>) -> peerage_str {
    text.as_ref().map_or(peerage_str::EMPTY, Text::lend)
}

/// Writes a snapshot of the chooser's peers to `out`.
///
/// Ownership: `out` is the caller's, for peerage_snapshot_free
/// Threads: any
/// Blocks: never
/// Calls back: none
/// Errors: NULL_POINTER
/// Since: 0.1
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn peerage_chooser_snapshot(
    chooser: *const peerage_chooser,
    out: *mut *mut peerage_snapshot,
) -> peerage_status {
    checked(|| {
        // SAFETY: pointers as the header demands.
        let chooser = unsafe { hold(chooser) }?;
        if out.is_null() {
            return Err(PEERAGE_ERR_NULL_POINTER);
        }
        let status = chooser.chooser().introspect();
        let texts = status.peers.iter().map(Texts::new).collect();
        // SAFETY: as above.
        unsafe { out.write(Box::into_raw(Box::new(peerage_snapshot { status, texts }))) };
        Ok(())
    })
}

/// Returns how many peers a snapshot has.
///
/// Ownership: borrows `snapshot`
/// Threads: any
/// Blocks: never
/// Calls back: none
/// Errors: none; 0 for `NULL`
/// Since: 0.1
#[unsafe(no_mangle)]
pub unsafe extern "C" fn peerage_snapshot_len(snapshot: *const peerage_snapshot) -> usize {
    // SAFETY: `NULL` or a live snapshot.
    unsafe { snapshot.as_ref() }.map_or(0, |snapshot| snapshot.texts.len())
}

/// Returns the state that the chooser was in, one of `PEERAGE_STATE_*`.
///
/// Ownership: borrows `snapshot`
/// Threads: any
/// Blocks: never
/// Calls back: none
/// Errors: none; `PEERAGE_STATE_IDLE` for `NULL`
/// Since: 0.1
#[unsafe(no_mangle)]
pub unsafe extern "C" fn peerage_snapshot_state(
    snapshot: *const peerage_snapshot,
) -> peerage_state {
    // SAFETY: `NULL` or a live snapshot.
    unsafe { snapshot.as_ref() }
        .map_or(PEERAGE_STATE_IDLE, |snapshot| number_of(snapshot.status.state))
}

/// Writes the peer at `index` of a snapshot to `out`: as many bytes as `size` says, so that the
/// struct can grow.
///
/// Ownership: the texts are borrowed from `snapshot`
/// Threads: any
/// Blocks: never
/// Calls back: none
/// Errors: NULL_POINTER, NOT_FOUND (`index` is beyond the last), INVALID_ARGUMENT (`size` is 0 or absurd)
/// Since: 0.1
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn peerage_snapshot_get(
    snapshot: *const peerage_snapshot,
    index: usize,
    out: *mut peerage_snapshot_peer,
    size: usize,
) -> peerage_status {
    checked(|| {
        // SAFETY: pointers as the header demands.
        let snapshot = unsafe { snapshot.as_ref() }.ok_or(PEERAGE_ERR_NULL_POINTER)?;
        let peer = snapshot.status.peers.get(index).ok_or(PEERAGE_ERR_NOT_FOUND)?;
        let texts = &snapshot.texts[index];
        let peer = peerage_snapshot_peer {
            id: texts.id.lend(),
            shard: lend(&texts.shard),
            zone: lend(&texts.zone),
            weight: peer.attributes.weight.max(1).into(),
            tier: peer.attributes.tier.into(),
            status: peer.status.connection_status as i32,
            pending: peer.status.pending_request_count,
            reasons: peer.reasons.iter().fold(0, |bits, reason| bits | reason as u32),
            reserved: 0,
            reasons_text: lend(&texts.reasons),
        };
        // SAFETY: as above.
        unsafe { write_sized(out, size, &peer) }
    })
}

/// Frees a snapshot. `NULL` does nothing.
///
/// Ownership: consumes `snapshot`
/// Threads: any
/// Blocks: never
/// Calls back: none
/// Errors: none
/// Since: 0.1
#[unsafe(no_mangle)]
pub unsafe extern "C" fn peerage_snapshot_free(snapshot: *mut peerage_snapshot) {
    if !snapshot.is_null() {
        // SAFETY: made by `peerage_chooser_snapshot`, and freed once.
        drop(unsafe { Box::from_raw(snapshot) });
    }
}
