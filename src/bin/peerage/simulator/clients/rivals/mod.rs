//! The rules of other libraries, written from their descriptions, to compare with.
//!
//! | file | rules |
//! |---|---|
//! | `exact.rs` | the fewest pending, of all |
//! | `latency.rs` | two or four random ones, by latency: Finagle, linkerd, brpc, mosn, nginx |
//! | `locality.rs` | brpc's locality-aware |
//! | `c3.rs` | C3, as Cassandra and Elasticsearch have it |
//! | `orca.rs` | gRPC's weighted round-robin by the servers' reports |
//! | `prequal.rs` | Prequal, with probes |
//! | `ejection.rs` | Envoy's and gRPC's outlier detection before two random choices |
//!
//! What they share, counting, filtering and waiting, is in `base.rs`. A rule is a [`Choosing`].

mod base;
mod c3;
mod ejection;
mod exact;
mod latency;
mod locality;
mod orca;
mod peers;
mod prequal;

use self::base::Rival;
use self::ejection::Ejection;
use self::latency::{Failures, Latency};
use self::peers::Peers;
use super::{Client, Ended, Probed, Told};
use crate::simulator::dice::Dice;
use crate::simulator::time::Time;
use crate::simulator::world::World;

/// A rule over what one client knows. Peers go by their place in [`Peers`].
trait Choosing {
    /// Picks one of the candidates, of which there is at least one.
    fn pick(&mut self, peers: &Peers, now: Time, dice: &mut Dice) -> usize;

    /// A request was sent.
    fn sent(&mut self, peer: usize, now: Time) {
        let _ = (peer, now);
    }

    /// A request has ended, and is not pending any more.
    fn ended(&mut self, peers: &Peers, peer: usize, ended: &Ended) {
        let _ = (peers, peer, ended);
    }

    /// A peer has come back: what was known of it is of no use.
    fn back(&mut self, peer: usize) {
        let _ = peer;
    }

    /// How many probes each request sends.
    fn probes(&self) -> usize {
        0
    }

    fn probed(&mut self, peer: usize, probe: Probed) {
        let _ = (peer, probe);
    }
}

/// A rival by its name.
pub(super) struct Row {
    pub(super) name: &'static str,
    pub(super) about: &'static str,
    /// It lives on what servers say of themselves with their answers.
    needs_reports: bool,
    make: fn(&World, usize) -> Box<dyn Choosing>,
    ejection: Option<fn() -> Ejection>,
}

const fn row(
    name: &'static str,
    about: &'static str,
    make: fn(&World, usize) -> Box<dyn Choosing>,
) -> Row {
    Row { name, about, needs_reports: false, make, ejection: None }
}

pub(super) static ROWS: [Row; 14] = [
    row("exact-least", "the fewest pending of all, ties at random", |_, _| Box::new(exact::Exact)),
    row("finagle", "of two random ones the lower peak EWMA × (pending + 1), τ 10 s", |_, n| {
        Box::new(Latency::new(n, 2, Failures::AreLatencies))
    }),
    row("linkerd", "the same; a failure counts as a latency of 5 s", |_, n| {
        Box::new(Latency::new(n, 2, Failures::AreSlow(5.0)))
    }),
    row("brpc", "the same of four; a failure counts as a timeout", |_, n| {
        Box::new(Latency::new(n, 4, Failures::AreTimeouts))
    }),
    row("mosn", "of two random ones the lower EWMA × (pending + 1) ÷ success rate", |_, n| {
        Box::new(Latency::new(n, 2, Failures::Divide).without_peak())
    }),
    row("nginx-latency", "of two random ones the lower EWMA, pending not counted", |_, n| {
        Box::new(Latency::new(n, 2, Failures::AreLatencies).without_peak().without_pending())
    }),
    row("locality-aware", "brpc's: at random, by throughput ÷ latency", |_, n| {
        Box::new(locality::LocalityAware::new(n))
    }),
    Row {
        needs_reports: true,
        ..row("c3", "the lowest latency + (reported queue)³ of all", |world, n| {
            Box::new(c3::C3::new(n, world.clients))
        })
    },
    Row {
        needs_reports: true,
        ..row("wrr-orca", "weighted round-robin by reported rate ÷ utilisation", |_, n| {
            Box::new(orca::Orca::new(n))
        })
    },
    row("prequal", "three probes a request, hot-cold at the .84 quantile", |_, n| {
        Box::new(prequal::Prequal::new(n, 0.84))
    }),
    row("prequal-0.6", "the same at the .6 quantile", |_, n| {
        Box::new(prequal::Prequal::new(n, 0.6))
    }),
    Row {
        ejection: Some(Ejection::envoy),
        ..row("envoy-ejection", "two random choices; out after 5 failures in a row", two_choices)
    },
    Row {
        ejection: Some(Ejection::grpc),
        ..row("grpc-ejection", "two random choices; out by success rate", two_choices)
    },
    Row {
        ejection: Some(Ejection::probing),
        ..row("probe-ejection", "two random choices; out after 5, back by a probe", two_choices)
    },
];

fn two_choices(_: &World, _: usize) -> Box<dyn Choosing> {
    Box::new(exact::TwoChoices)
}

/// A rival and its settings.
#[derive(Clone, Copy)]
pub(super) struct RivalSpec {
    row: &'static Row,
    max_pending: u32,
}

impl RivalSpec {
    /// `None`: no rival is called so.
    pub(super) fn parse(text: &str) -> Result<Option<Self>, String> {
        let (name, settings) = text.split_once(':').map_or((text, None), |(a, b)| (a, Some(b)));
        let Some(row) = ROWS.iter().find(|row| row.name == name) else { return Ok(None) };
        let mut spec = Self { row, max_pending: u32::MAX };
        if let Some(settings) = settings {
            let number = settings.strip_prefix("max-pending=").and_then(|n| n.parse().ok());
            let wrong = || format!("{text}: a rival takes max-pending=, a number from 1");
            spec.max_pending = number.filter(|n| *n > 0).ok_or_else(wrong)?;
        }
        Ok(Some(spec))
    }

    pub(super) fn needs_reports(&self) -> bool {
        self.row.needs_reports
    }

    pub(super) fn client(
        &self,
        world: &World,
        servers: &[u32],
        seed: u64,
        told: Told,
    ) -> Box<dyn Client> {
        let rule = (self.row.make)(world, servers.len());
        let peers = Peers::new(servers, world.servers, self.max_pending);
        let ejection = self.row.ejection.map(|make| make());
        Box::new(Rival::new(rule, peers, ejection, seed, told))
    }
}

impl std::fmt::Debug for RivalSpec {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RivalSpec").field("name", &self.row.name).finish_non_exhaustive()
    }
}
