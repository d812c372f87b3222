//! What is seen of a chooser, for serde.
//!
//! Written by hand and not derived: the names are a promise to programs, and the types are free to
//! change without breaking it. Each struct is taken apart as a whole, so that a field that is new is not
//! forgotten here.
//!
//! Names are in snake case. Durations are numbers of seconds, in fields that end in `_seconds`; shares
//! lie between 0 and 1, in fields that end in `_ratio`; words are in lower case with hyphens.

use std::time::Duration;

use serde::{Serialize, Serializer};

use crate::attributes::Attributes;
use crate::cost::PeerCost;
use crate::peer::Status;
use crate::stats::{Check, ChooserStatus, PeerStatus, SourceStatus};

/// Writes an object.
macro_rules! object {
    ($to:expr, { $($name:literal: $value:expr),* $(,)? }) => {{
        let mut object = serde::Serializer::serialize_map($to, Some([$($name),*].len()))?;
        $(serde::ser::SerializeMap::serialize_entry(&mut object, $name, $value)?;)*
        serde::ser::SerializeMap::end(object)
    }};
}

pub(super) use object;

/// A duration as a number of seconds.
pub(super) struct Seconds(pub(super) Duration);

impl Serialize for Seconds {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_f64(self.0.as_secs_f64())
    }
}

pub(super) fn seconds(duration: Option<Duration>) -> Option<Seconds> {
    duration.map(Seconds)
}

fn thousandths(number: u64) -> f64 {
    number as f64 / 1_000.0
}

impl Serialize for ChooserStatus {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let Self { name, state, policy, stats, peers, source } = self;
        object!(to, {
            "name": name,
            "state": state,
            "policy": policy,
            "stats": stats,
            "peers": peers,
            "source": source,
        })
    }
}

impl Serialize for PeerStatus {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let Self {
            identifier,
            status,
            reasons,
            attributes,
            ejected_for,
            cost,
            since,
            status_changes,
            requests,
            outcomes,
            ejections,
            check,
        } = self;
        let Status { pending_request_count, connection_status } = status;
        let Attributes { weight, tier, zone, shard } = attributes;
        object!(to, {
            "identifier": identifier,
            "available": &reasons.is_none(),
            "reasons": reasons,
            "connection_status": connection_status,
            "since_seconds": &Seconds(*since),
            "status_changes": status_changes,
            "ejections": ejections,
            "ejected_for_seconds": &seconds(*ejected_for),
            "pending": pending_request_count,
            "requests": requests,
            "outcomes": outcomes,
            "weight": &(*weight).max(1),
            "tier": tier,
            "zone": &zone.as_deref(),
            "shard": &shard.as_deref(),
            "cost": cost,
            "check": check,
        })
    }
}

impl Serialize for SourceStatus {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let Self {
            source,
            attempts,
            successes,
            failures,
            empties,
            changes,
            peers,
            age,
            error,
            is_snapshot,
        } = self;
        object!(to, {
            "source": source,
            "attempts": attempts,
            "successes": successes,
            "failures": failures,
            "empties": empties,
            "changes": changes,
            "peers": peers,
            "age_seconds": &seconds(*age),
            "error": error,
            "is_snapshot": is_snapshot,
        })
    }
}

impl Serialize for PeerCost {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let Self { price, failures, latency, reported } = self;
        object!(to, {
            "price": &thousandths(*price),
            "failures_ratio": &thousandths((*failures).into()),
            "latency_seconds": &seconds(*latency),
            "reported": reported,
        })
    }
}

impl Serialize for Check {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let Self { passed, failed, last } = self;
        object!(to, { "passed": passed, "failed": failed, "last": last })
    }
}
