//! Many peers in one update: the time, against a `HashMap`, and the memory.
//!
//! The map owns copies of the same strings, as the list does, and grows as it is filled. The list
//! gets its identifiers ready made and returns from `update` when every peer can be chosen.

use std::collections::HashMap;
use std::error::Error;
use std::hint::black_box;
use std::time::{Duration, Instant};

use peerage::{List, ListUpdates, Policy};

use crate::measure::Effort;
use crate::peers::{self, POLICIES, SharedTransport, With};
use crate::report::{Report, Row};

const REPLICAS: u32 = 100;

struct Adding<'a> {
    effort: &'a Effort,
    names: Vec<String>,
    took: Option<Duration>,
    bytes: Option<f64>,
}

impl With for Adding<'_> {
    fn call<P: Policy>(&mut self, policy: P) -> Result<(), Box<dyn Error>> {
        let list = peers::empty(policy, SharedTransport::new());
        let updates = ListUpdates::adding(self.names.clone());
        let mut took = Duration::ZERO;
        // The identifiers were allocated before and outlive this, and all peers are one object
        // that was too: neither is counted.
        let counted = allocation_counter::measure(|| {
            let updates = updates.clone();
            let begun = Instant::now();
            list.update(updates).expect("all peers are new");
            took = begun.elapsed();
        });
        assert_eq!(list.available(), self.names.len());
        self.took = Some(self.took.map_or(took, |best| best.min(took)));
        self.bytes = Some(counted.bytes_current as f64 / self.names.len() as f64);
        Ok(())
    }
}

impl Adding<'_> {
    fn insert_into_a_map(&self) -> Duration {
        let mut map = HashMap::new();
        let begun = Instant::now();
        for (n, name) in self.names.iter().enumerate() {
            map.insert(name.clone(), n);
        }
        let took = begun.elapsed();
        black_box(&map);
        took
    }
}

pub(crate) fn measure(report: &mut Report, effort: &Effort) {
    let many = effort.many;
    let mut of_random = 0.0;
    for name in POLICIES {
        let mut adding = Adding { effort, names: peers::names(many), took: None, bytes: None };
        let mut map = Duration::MAX;
        for _ in 0..adding.effort.rounds {
            map = map.min(adding.insert_into_a_map());
            peers::with(name, REPLICAS, &mut adding);
        }
        let (took, bytes) = (adding.took.unwrap_or_default(), adding.bytes.unwrap_or_default());
        let row = |what| Row { what, peers: many, threads: 1, unit: "ms" };
        let milliseconds = |took: Duration| took.as_secs_f64() * 1e3;
        let what = format!("{name}: adding all, against a HashMap");
        report.ratio(&row(&what), milliseconds(took), milliseconds(map), 6.0);

        let row = |what| Row { what, peers: many, threads: 1, unit: "B" };
        if name == "hashring32" {
            let points = (bytes - of_random) / f64::from(REPLICAS);
            report.value(&row("hashring32: bytes per point, beyond random"), points, 12.0);
            let rest = bytes - 12.0 * f64::from(REPLICAS);
            report.value(&row("hashring32: bytes per peer, less 12 per point"), rest, 256.0);
        } else {
            report.value(&row(&format!("{name}: bytes per peer")), bytes, 256.0);
        }
        if name == "random" {
            of_random = bytes;
        }
    }
}
