//! What is seen of a chooser, for serde.
//!
//! Written by hand and not derived: the names are a promise to programs, and the types are free to
//! change without breaking it. Each struct is taken apart as a whole, so that a field that is new is not
//! forgotten here.
//!
//! Names are in snake case. Durations are numbers of seconds, in fields that end in `_seconds`; shares
//! lie between 0 and 1, in fields that end in `_ratio`; words are in lower case with hyphens.

use std::time::Duration;

use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Serialize, Serializer};

use crate::attributes::Attributes;
use crate::cost::PeerCost;
use crate::peer::{ConnectionStatus, Status};
use crate::roster::{Reason, Reasons};
use crate::state::State;
use crate::stats::{Check, ChooserStatus, PeerStatus, SourceStatus, Stats};
use crate::stats::{Failures, Histogram, Outcomes, StatusChanges, Updates};

/// Writes an object.
macro_rules! object {
    ($to:expr, { $($name:literal: $value:expr),* $(,)? }) => {{
        let mut object = serde::Serializer::serialize_map($to, Some([$($name),*].len()))?;
        $(serde::ser::SerializeMap::serialize_entry(&mut object, $name, $value)?;)*
        serde::ser::SerializeMap::end(object)
    }};
}

#[cfg(feature = "json")]
pub(super) use object;

/// A duration as a number of seconds.
struct Seconds(Duration);

impl Serialize for Seconds {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_f64(self.0.as_secs_f64())
    }
}

fn seconds(duration: Option<Duration>) -> Option<Seconds> {
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
        let Self { identifier, status, reasons, attributes, ejected_for, cost, .. } = self;
        let Self { since, status_changes, requests, outcomes, ejections, check, .. } = self;
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

impl Serialize for Stats {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let Self { state, peers, available, connecting, unavailable, set_aside, .. } = self;
        let Self { uninitialized, pending, waiting, departing, departing_pending, .. } = self;
        let Self { requests, outcomes, waits, failures, status_changes, .. } = self;
        let Self { ejections, updates, .. } = self;
        object!(to, {
            "state": state,
            "peers": peers,
            "available": available,
            "connecting": connecting,
            "unavailable": unavailable,
            "set_aside": set_aside,
            "uninitialized": uninitialized,
            "pending": pending,
            "waiting": waiting,
            "departing": departing,
            "departing_pending": departing_pending,
            "requests": requests,
            "outcomes": outcomes,
            "waits": waits,
            "failures": failures,
            "status_changes": status_changes,
            "ejections": ejections,
            "updates": updates,
        })
    }
}

impl Serialize for Outcomes {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let Self { success, failure, overloaded, cancelled, not_sent, abandoned } = self;
        object!(to, {
            "success": success,
            "failure": failure,
            "overloaded": overloaded,
            "cancelled": cancelled,
            "not_sent": not_sent,
            "abandoned": abandoned,
        })
    }
}

impl Serialize for Histogram {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let Self { counts, sum } = self;
        let bounds = Self::BOUNDS.into_iter().map(Some).chain([None]);
        let buckets: Vec<_> =
            bounds.zip(*counts).map(|(up_to, count)| Bucket { up_to, count }).collect();
        object!(to, {
            "count": &self.count(),
            "sum_seconds": &Seconds(*sum),
            "buckets": &buckets,
        })
    }
}

/// Those that took up to so long, and longer than those of the bucket before.
struct Bucket {
    up_to: Option<Duration>,
    count: u64,
}

impl Serialize for Bucket {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        object!(to, { "up_to_seconds": &seconds(self.up_to), "count": &self.count })
    }
}

impl Serialize for Failures {
    /// The reasons are keys here, and so in snake case.
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut object = to.serialize_map(Some(Self::REASONS))?;
        for (reason, count) in self.iter() {
            object.serialize_entry(&reason.replace('-', "_"), &count)?;
        }
        object.end()
    }
}

impl Serialize for StatusChanges {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let Self { available, connecting, unavailable } = self;
        object!(to, {
            "available": available,
            "connecting": connecting,
            "unavailable": unavailable,
        })
    }
}

impl Serialize for Updates {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let Self { applied, failed, age } = self;
        object!(to, { "applied": applied, "failed": failed, "age_seconds": &seconds(*age) })
    }
}

impl Serialize for SourceStatus {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let Self { source, attempts, successes, failures, empties, changes, .. } = self;
        let Self { peers, age, error, is_snapshot, .. } = self;
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

impl Serialize for State {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.lower())
    }
}

impl Serialize for ConnectionStatus {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(match self {
            Self::Unavailable => "unavailable",
            Self::Connecting => "connecting",
            Self::Available => "available",
        })
    }
}

impl Serialize for Reason {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(match self {
            Self::NotConnected => "not-connected",
            Self::Ejected => "ejected",
            Self::OutsideSubset => "outside-subset",
            Self::Draining => "draining",
            Self::LaterTier => "later-tier",
        })
    }
}

impl Serialize for Reasons {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut list = to.serialize_seq(None)?;
        for reason in self.iter() {
            list.serialize_element(&reason)?;
        }
        list.end()
    }
}
