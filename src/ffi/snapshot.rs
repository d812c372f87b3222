//! What a chooser looks like peer by peer, for status pages.

use std::ptr;
use std::sync::Arc;

use super::check::{LentCheck, peerage_check};
use super::chooser::peerage_chooser;
use super::finish::latency_ns;
use super::introspect::{PEERAGE_STATE_IDLE, number_of, peerage_state};
use super::peer::{peerage_connection, peerage_peer};
use super::stats::{PEERAGE_OUTCOME_PLACES, by_outcome};
use super::status::{PEERAGE_ERR_NOT_FOUND, PEERAGE_ERR_NULL_POINTER, peerage_status};
use super::types::{Text, nanoseconds, peerage_str, write_sized};
use super::update::peerage_reasons;
use super::{checked, guarded, hold};
use crate::{Peer, PeerStatus, State};

/// A peer of a snapshot. The texts end in NUL; they, `peer` and `check` are borrowed from the snapshot.
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
    /// The share of its requests that have failed lately, in thousandths, if the policy prices peers.
    pub failures: u32,
    /// The requests in flight that it has reported, on average, if the policy goes by that.
    pub reported: u32,
    /// 0.
    pub reserved: u32,
    /// The reasons in words, such as `not connected, draining`; empty if there is none.
    pub reasons_text: peerage_str,
    /// The peer itself, for its data or to report on it. The snapshot keeps it, also when it has been
    /// released since: peerage_peer_ref keeps it longer.
    pub peer: *const peerage_peer,
    /// What its transport has found out about it by checks; `NULL` if it tells nothing of that.
    pub check: *const peerage_check,
    /// How many nanoseconds its status has been what it is; since it was retained, if it has had no other. In
    /// steps of 100 ms.
    pub since_ns: i64,
    /// How many nanoseconds until it is tried again, if the list has ejected it (`eject=`); else 0.
    pub ejected_for_ns: i64,
    /// Requests that were given to it since it was retained, those in flight included.
    pub requests: u64,
    /// How they have ended, by `PEERAGE_OUTCOME_*`.
    pub outcomes: [u64; PEERAGE_OUTCOME_PLACES],
    /// How often its status has changed since it was retained.
    pub status_changes: u64,
    /// How often it was ejected (`eject=`).
    pub ejections: u64,
    /// What one more request costs there, in thousandths of one on an idle peer that is like most, if
    /// the policy prices peers; else 0.
    pub price: u64,
    /// Its mean latency, in nanoseconds, or `PEERAGE_LATENCY_UNKNOWN`: also if the policy does not go
    /// by it.
    pub latency_ns: i64,
}

// No padding, as in peerage_stats.
const _: () = assert!(
    size_of::<peerage_snapshot_peer>()
        == size_of::<[usize; 10]>() + 8 * 4 + 8 * (7 + PEERAGE_OUTCOME_PLACES)
);

/// A chooser at one moment, in the order of the identifiers.
pub struct peerage_snapshot {
    state: State,
    peers: Vec<Row>,
}

/// A peer with what C reads of it.
struct Row {
    peer: Option<Arc<peerage_peer>>,
    status: PeerStatus,
    id: Text,
    shard: Option<Text>,
    zone: Option<Text>,
    reasons: Option<Text>,
    check: Option<LentCheck>,
}

impl Row {
    fn new((status, peer): (PeerStatus, Arc<dyn Peer>)) -> Self {
        let reasons = status.reasons.to_string();
        Self {
            peer: peerage_peer::of(peer),
            id: Text::new(&status.identifier),
            shard: status.attributes.shard.as_deref().map(Text::new),
            zone: status.attributes.zone.as_deref().map(Text::new),
            reasons: (!reasons.is_empty()).then(|| Text::new(&reasons)),
            check: status.check.as_ref().map(LentCheck::from),
            status,
        }
    }

    fn lend(&self) -> peerage_snapshot_peer {
        let PeerStatus { status, reasons, attributes, ejected_for, cost, since, .. } = &self.status;
        let PeerStatus { requests, outcomes, status_changes, ejections, .. } = &self.status;
        peerage_snapshot_peer {
            id: self.id.lend(),
            shard: lend(&self.shard),
            zone: lend(&self.zone),
            weight: attributes.weight.max(1).into(),
            tier: attributes.tier.into(),
            status: status.connection_status as i32,
            pending: status.pending_request_count,
            reasons: reasons.iter().fold(0, |bits, reason| bits | reason as u32),
            failures: cost.map_or(0, |cost| cost.failures.into()),
            reported: cost.and_then(|cost| cost.reported).unwrap_or(0),
            reserved: 0,
            reasons_text: lend(&self.reasons),
            peer: self.peer.as_ref().map_or(ptr::null(), Arc::as_ptr),
            check: self.check.as_ref().map_or(ptr::null(), |check| &raw const check.lent),
            since_ns: nanoseconds(*since),
            // Not 0: it is out still.
            ejected_for_ns: ejected_for.map_or(0, |left| nanoseconds(left).max(1)),
            requests: *requests,
            outcomes: by_outcome(outcomes),
            status_changes: *status_changes,
            ejections: *ejections,
            price: cost.map_or(0, |cost| cost.price),
            latency_ns: latency_ns(cost.and_then(|cost| cost.latency)),
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
/// Calls back: drop of the data of a peer that is being released and that nothing else keeps
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
        let peers = chooser.kind.peers_now().into_iter().map(Row::new).collect();
        let snapshot = peerage_snapshot { state: chooser.kind.state(), peers };
        // SAFETY: as above.
        unsafe { out.write(Box::into_raw(Box::new(snapshot))) };
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
    unsafe { snapshot.as_ref() }.map_or(0, |snapshot| snapshot.peers.len())
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
    let snapshot = unsafe { snapshot.as_ref() };
    snapshot.map_or(PEERAGE_STATE_IDLE, |snapshot| number_of(snapshot.state))
}

/// Writes the peer at `index` of a snapshot to `out`: as many bytes as `size` says, so that the
/// struct can grow.
///
/// Ownership: the texts and the peer are borrowed from `snapshot`
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
        let peer = snapshot.peers.get(index).ok_or(PEERAGE_ERR_NOT_FOUND)?.lend();
        // SAFETY: as above.
        unsafe { write_sized(out, size, &peer) }
    })
}

/// Frees a snapshot. `NULL` does nothing.
///
/// Ownership: consumes `snapshot`
/// Threads: any
/// Blocks: never
/// Calls back: drop of the data of a peer that was released and that nothing else keeps
/// Errors: none
/// Since: 0.1
#[unsafe(no_mangle)]
pub unsafe extern "C" fn peerage_snapshot_free(snapshot: *mut peerage_snapshot) {
    if !snapshot.is_null() {
        // SAFETY: made by `peerage_chooser_snapshot`, and freed once.
        guarded((), || drop(unsafe { Box::from_raw(snapshot) }));
    }
}
