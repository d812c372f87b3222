//! What it costs to change one status.
//!
//! A status change must not cost more because there are more peers. Time cannot show that alone,
//! since more peers are more cache misses, so instructions are counted as well: the benchmark runs
//! itself under callgrind, with many changes and with more, and takes the difference.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use peerage::policy::{Policy, Rng};
use peerage::{Identifier, Subscriber};

use crate::peers::{BenchTransport, fewest_pending, filled, random, ring, round_robin, two_random};
use crate::table::Report;
use crate::timing::{Effort, paired};

const FEW: usize = 100;
/// Points per member where there are many members: a million points in all.
const REPLICAS: u32 = 10;
const POLICIES: [&str; 5] =
    ["random", "two-random-choices", "round-robin", "fewest-pending-requests", "hashring32"];

/// Calls `$then` with the policy of this name.
macro_rules! with_policy {
    ($name:expr, $policy:ident => $then:expr) => {
        match $name {
            "random" => {
                let $policy = random;
                $then
            }
            "two-random-choices" => {
                let $policy = two_random;
                $then
            }
            "round-robin" => {
                let $policy = round_robin;
                $then
            }
            "fewest-pending-requests" => {
                let $policy = fewest_pending;
                $then
            }
            "hashring32" => {
                let $policy = || ring(REPLICAS);
                $then
            }
            other => panic!("no policy is called {other:?}"),
        }
    };
}

pub(crate) fn rows(report: &mut Report, effort: Effort) {
    for name in POLICIES {
        with_policy!(name, policy => change(report, effort, name, policy));
    }
    floor(report, effort);
    if effort.instructions {
        instructions(report, effort);
    }
}

/// A loop of status changes: a random peer goes, and comes back.
fn changes<P: Policy>(policy: P, peers: usize) -> impl Fn(u64) + Sync {
    let (list, transport) = filled(policy, peers);
    let subscribers = transport.subscribers();
    let flips = flips(transport, subscribers);
    move |rounds| {
        flips(rounds);
        let _ = &list;
    }
}

fn flips(
    transport: Arc<BenchTransport>,
    subscribers: Vec<Arc<dyn Subscriber>>,
) -> impl Fn(u64) + Sync {
    let rng = Rng::seeded(1);
    move |rounds| {
        for _ in 0..rounds {
            let peer = rng.below(subscribers.len());
            transport.flip(&subscribers, peer);
            transport.flip(&subscribers, peer);
        }
    }
}

fn change<P: Policy>(report: &mut Report, effort: Effort, name: &str, policy: impl Fn() -> P) {
    let many = changes(policy(), effort.many);
    let few = changes(policy(), FEW);
    let (many, few) = paired(effort, 1, many, few);
    let what = format!("{name}: two status changes, {} peers against {FEW}", effort.many);
    report.row(&what, &format!("{many:.0} ns / {few:.0} ns"), many / few, " ×", 4.0);
}

#[repr(align(64))]
struct Line(AtomicU64);

/// What every status change asks of the memory, whatever the list does: the transport's peer, the object
/// that it tells, and, by what that says, one line of the list's. Each is known only when the one before
/// has come.
struct Bare {
    lines: Arc<[Line]>,
    nth: usize,
    /// As large as what a list keeps of a peer.
    _others: [u64; 10],
}

impl Subscriber for Bare {
    fn notify_status_changed(&self, _: &dyn Identifier) {
        self.lines[self.nth].0.fetch_add(1, Ordering::AcqRel);
    }
}

/// The same loop with nothing but that.
fn bare(peers: usize) -> impl Fn(u64) + Sync {
    let transport = BenchTransport::new(peers);
    let lines: Arc<[Line]> = (0..peers).map(|_| Line(AtomicU64::new(0))).collect();
    let one = |nth| Arc::new(Bare { lines: Arc::clone(&lines), nth, _others: [0; 10] }) as _;
    flips(transport, (0..peers).map(one).collect())
}

/// Says how much of the rows above is the machine's memory, for a list to which a status comes as it does
/// here: from the transport's peer by what it tells to a line of the list's.
fn floor(report: &mut Report, effort: Effort) {
    let (many, few) = paired(effort, 1, bare(effort.many), bare(FEW));
    let what = format!("floor: two status changes, {} peers against {FEW}", effort.many);
    let measured = format!("{many:.0} ns / {few:.0} ns");
    report.note(&what, &measured, &format!("{:.0} ns more", many - few));
}

/// A run of status changes in a process of its own.
pub(crate) struct Replay<'a> {
    policy: &'a str,
    peers: usize,
    changes: u64,
}

impl<'a> Replay<'a> {
    pub(crate) fn parse(words: &'a [String]) -> Self {
        let number = |word: &String| word.parse().expect("a number");
        Self { policy: &words[0], peers: number(&words[1]) as usize, changes: number(&words[2]) }
    }

    pub(crate) fn run(&self) {
        with_policy!(self.policy, policy => changes(policy(), self.peers)(self.changes));
    }

    /// The instructions of the whole process. `None`: there is no callgrind.
    fn count(&self) -> Option<u64> {
        let (peers, changes) = (self.peers.to_string(), self.changes.to_string());
        crate::replayed(&["--status-changes".to_owned(), self.policy.to_owned(), peers, changes])
    }
}

fn instructions(report: &mut Report, effort: Effort) {
    const CHANGES: u64 = 100_000;
    // Until nearly every peer has gone and come back: `fewest-pending-requests` keeps peers that
    // did in another structure than peers that never went.
    const BEFORE: u64 = 300_000;
    for policy in POLICIES {
        let each = |peers| {
            let count = |changes| Replay { policy, peers, changes }.count();
            let (all, before) = (count(BEFORE + CHANGES)?, count(BEFORE)?);
            Some(all.checked_sub(before)? as f64 / CHANGES as f64)
        };
        let what = format!("{policy}: instructions of two status changes, the same");
        match (each(effort.many), each(FEW)) {
            (Some(many), Some(few)) => {
                report.row(&what, &format!("{many:.0} / {few:.0}"), many / few, " ×", 1.1);
            }
            _ => report.note(&what, "not measured", "callgrind of valgrind is missing"),
        }
    }
}
