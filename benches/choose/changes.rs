//! A status change: does it cost more among many peers than among few?
//!
//! In time it may, since 100,000 slots do not fit into a cache; in instructions it must not. These
//! are counted by callgrind, which this program runs on itself: it counts inside [`rounds`] only,
//! so that what it takes to build the list does not come into it. The number of changes is a
//! multiple of what the policies put off and do for several changes at once.

use std::error::Error;
use std::process::{Command, Stdio};
use std::sync::Arc;

use peerage::{Policy, Subscriber};

use crate::measure::{Effort, Work, alternate};
use crate::peers::{self, POLICIES, SharedTransport, With};
use crate::report::{Report, Row};

const FEW: usize = 100;

/// Every peer goes and comes back, in an order that is not that of the table.
const STRIDE: usize = 7_919;

struct Changes {
    transport: Arc<SharedTransport>,
    subscribers: Vec<Arc<dyn Subscriber>>,
    /// Where the next repetition begins, so that one does not meet what the last has left cached.
    position: std::sync::atomic::AtomicUsize,
    _list: Box<dyn std::any::Any + Sync>,
}

impl Changes {
    fn new<P: Policy>(policy: P, peers: usize) -> Self {
        let transport = SharedTransport::notifying();
        let list = peers::list(policy, Arc::clone(&transport), peers);
        let subscribers = transport.take_subscribers();
        Self { transport, subscribers, position: Default::default(), _list: Box::new(list) }
    }
}

impl Work for Changes {
    fn repeat(&self, times: u64) {
        rounds(self, times as usize);
    }
}

/// So many changes away and back. A name that callgrind can be told.
#[inline(never)]
fn rounds(changes: &Changes, times: usize) {
    let mut position = changes.position.load(std::sync::atomic::Ordering::Relaxed);
    let peer = &*changes.transport.peer;
    for _ in 0..times {
        let subscriber = &changes.subscribers[position];
        for available in [false, true] {
            peer.set_available(available);
            subscriber.notify_status_changed(peer);
        }
        position = (position + STRIDE) % changes.subscribers.len();
    }
    changes.position.store(position, std::sync::atomic::Ordering::Relaxed);
}

struct FewAndMany<'a> {
    report: &'a mut Report,
    effort: &'a Effort,
    name: &'a str,
}

impl FewAndMany<'_> {
    fn row(
        report: &mut Report,
        name: &str,
        many: usize,
        unit: &str,
        measured: [f64; 2],
        at_most: f64,
    ) {
        let what = format!("{name}: a status change, against one among {FEW}");
        let row = Row { what: &what, peers: many, threads: 1, unit };
        let [few, many] = measured;
        report.ratio(&row, many / 2.0, few / 2.0, at_most);
    }
}

/// Builds the two lists from two policies of the same type.
struct Build<'a> {
    peers: usize,
    built: &'a mut Vec<Changes>,
}

impl With for Build<'_> {
    fn call<P: Policy>(&mut self, policy: P) -> Result<(), Box<dyn Error>> {
        self.built.push(Changes::new(policy, self.peers));
        Ok(())
    }
}

fn build(name: &str, peers: usize) -> Changes {
    let mut built = vec![];
    peers::with(name, REPLICAS, &mut Build { peers, built: &mut built });
    built.pop().expect("one was built")
}

/// Fewer than by default, so that 100,000 peers are placed in acceptable time under callgrind. A
/// status change does not look at the points.
const REPLICAS: u32 = 10;

pub(crate) fn time(report: &mut Report, effort: &Effort) {
    for name in POLICIES {
        let (few, many) = (build(name, FEW), build(name, effort.many));
        let best = alternate([&few, &many], 1, effort);
        FewAndMany { report, effort, name }.push(best);
    }
}

impl FewAndMany<'_> {
    fn push(self, best: [f64; 2]) {
        Self::row(self.report, self.name, self.effort.many, "ns", best, 4.0);
    }
}

/// What callgrind watches.
pub(crate) fn run_alone(policy: &str, peers: usize) {
    rounds(&build(policy, peers), ALONE);
}

/// A multiple of the number of peers.
const ALONE: usize = 100_000;

pub(crate) fn instructions(report: &mut Report, effort: &Effort) {
    for name in POLICIES {
        let few = count(name, FEW);
        let many = few.and_then(|few| Some([few, count(name, effort.many)?]));
        let Some(counted) = many else {
            eprintln!("skipped: valgrind is not there, or counted nothing");
            return;
        };
        FewAndMany::row(report, name, effort.many, "instr.", counted, 1.1);
    }
}

/// The instructions of a change away and back.
fn count(policy: &str, peers: usize) -> Option<f64> {
    let this = std::env::current_exe().ok()?;
    let ran = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null", "--collect-atstart=no"])
        .arg("--toggle-collect=*changes::rounds*")
        .arg(this)
        .args(["--status-changes", policy, "--peers", &peers.to_string()])
        .stdout(Stdio::null())
        .output()
        .ok()?;
    // "==1== Collected : 12345"
    let text = String::from_utf8_lossy(&ran.stderr);
    let collected = text.lines().find_map(|line| line.split_once("Collected :"))?.1;
    let collected: f64 = collected.trim().parse().ok()?;
    (collected > 0.0).then_some(collected / ALONE as f64)
}
