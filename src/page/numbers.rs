//! What is counted of a chooser, for serde.

use std::time::Duration;

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use super::serialize::{Seconds, object, seconds};
use crate::stats::{Failures, Histogram, Outcomes, Stats, StatusChanges, Updates};

impl Serialize for Stats {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let Self {
            state,
            peers,
            available,
            connecting,
            unavailable,
            set_aside,
            uninitialized,
            pending,
            waiting,
            departing,
            departing_pending,
            requests,
            outcomes,
            waits,
            failures,
            status_changes,
            ejections,
            updates,
        } = self;
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
        let bounds = Self::BOUNDS.iter().copied().map(Some).chain([None]);
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
