//! A peer of a snapshot, as it is kept and as C reads it.

use std::ptr;
use std::sync::Arc;

use super::finish::latency_ns;
use super::peer::{peerage_connection, peerage_peer};
use super::stats::{PEERAGE_OUTCOME_PLACES, by_outcome};
use super::types::{Text, nanoseconds, peerage_str};
use super::update::peerage_reasons;
use crate::{Check, Peer, PeerStatus};

/// What the checks of a peer have shown, as its transport tells.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct peerage_check {
    /// How many have passed.
    pub passed: u64,
    /// How many have failed.
    pub failed: u64,
    /// How the last one ended, in words; empty if that was not told.
    pub last: peerage_str,
}

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

/// A check with what C reads of it.
struct LentCheck {
    /// Its text is `last`.
    lent: peerage_check,
    _last: Text,
}

impl From<&Check> for LentCheck {
    fn from(check: &Check) -> Self {
        let last = Text::new(&check.last);
        let lent = peerage_check { passed: check.passed, failed: check.failed, last: last.lend() };
        Self { lent, _last: last }
    }
}

/// A peer with what C reads of it.
pub(super) struct Row {
    peer: Option<Arc<peerage_peer>>,
    status: PeerStatus,
    id: Text,
    shard: Option<Text>,
    zone: Option<Text>,
    reasons: Option<Text>,
    check: Option<LentCheck>,
}

impl Row {
    pub(super) fn new((status, peer): (PeerStatus, Arc<dyn Peer>)) -> Self {
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

    pub(super) fn lend(&self) -> peerage_snapshot_peer {
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
