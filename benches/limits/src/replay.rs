//! `peerage-limits replay POLICY PEERS ROUNDS [trace]`: choose + finish, for callgrind to count and
//! for lackey to trace. replay.c is the same in C.

use std::cell::Cell;
use std::hint::black_box;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use allocation_counter::measure;
use peerage::policy::{
    Direct, FewestPending, HashRing32, HashRing32Options, Maglev, Policy, Priced, PricedOptions,
    Random, Rng, RoundRobin, Single, TwoRandomChoices, WeightedRoundRobin,
};
use peerage::transports::Always;
use peerage::{
    Chooser, Clock, Finish, Lifecycle, List, ListOptions, ListUpdates, Outcome, PeerList, Request,
    Wait,
};

use crate::floor::Floor;

/// How many keys go round.
const KEYS: u64 = 1_024;

thread_local! {
    /// Shows where what is the thread's own lies.
    static OWN: Cell<u8> = const { Cell::new(0) };
}

/// A clock that goes on when it is looked at: how much is learnt depends on the time, and on a fast machine
/// more requests fit into a second.
#[derive(Debug, Default)]
struct Steps(AtomicU64);

impl Clock for Steps {
    fn now(&self) -> Duration {
        Duration::from_micros(10 * self.0.fetch_add(1, Ordering::Relaxed))
    }
}

/// What a request carries and how it ends.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Plain,
    /// A key of 11 bytes.
    Keyed,
    /// The name of a peer.
    Named,
    /// The caller says how long it took.
    Timed,
}

/// What is counted: not inlined, and found by its name.
// SAFETY: no other function is called so.
#[unsafe(no_mangle)]
#[inline(never)]
fn limits_measured(work: &dyn Fn(u64, u64), begin: u64, end: u64) {
    work(begin, end);
    // Not a jump in place of a call, which would end the count.
    black_box(());
}

/// Where the trace of a round ends.
// SAFETY: no other function is called so.
#[unsafe(no_mangle)]
#[inline(never)]
fn limits_done() {
    black_box(());
}

pub(crate) fn run(policy: &str, peers: usize, rounds: u64, trace: bool) {
    use Kind::{Keyed, Named, Plain, Timed};
    // Which peers these look at, and how many instructions that takes, depends on what is drawn. (A seed is
    // a line that all threads write, which other lists have not.)
    let price = |policy: Priced, kind| {
        let seed = if trace { None } else { Some(7) };
        rounds_of(policy.with_rng(Rng::from_seed(seed)), kind, peers, rounds, trace);
    };
    match policy {
        "floor: one line" => floor(peers, rounds, trace, Floor::one),
        "floor: one line, exchanged" => floor(peers, rounds, trace, Floor::one_exchanged),
        "floor: two lines" => floor(peers, rounds, trace, Floor::two),
        "floor: in turn" => floor(peers, rounds, trace, Floor::in_turn),
        "random" => rounds_of(Random::new(), Plain, peers, rounds, trace),
        "two-random-choices" => rounds_of(TwoRandomChoices::new(), Plain, peers, rounds, trace),
        "round-robin" => rounds_of(RoundRobin::new(), Plain, peers, rounds, trace),
        "weighted-round-robin" => rounds_of(WeightedRoundRobin::new(), Plain, peers, rounds, trace),
        "fewest-pending-requests" => rounds_of(FewestPending::new(), Plain, peers, rounds, trace),
        "least-loaded" => price(Priced::least_loaded(PricedOptions::new()), Plain),
        "least-latency:measure=off" => {
            price(Priced::least_latency(PricedOptions::new().with_measure(false)), Timed);
        }
        "hashring32" => {
            let ring = HashRing32::new(HashRing32Options::default());
            rounds_of(ring, Keyed, peers, rounds, trace);
        }
        "maglev" => rounds_of(Maglev::new(), Keyed, peers, rounds, trace),
        "direct" => rounds_of(Direct::new(), Named, peers, rounds, trace),
        "single" => rounds_of(Single::new(), Plain, peers, rounds, trace),
        other => panic!("no policy is called {other:?} here"),
    }
}

/// The bare loops of `cargo bench`.
fn floor(peers: usize, rounds: u64, trace: bool, work: fn(&Floor, u64)) {
    let floor = Floor::new(peers);
    report(rounds, trace, &|begin, end| work(&floor, end - begin));
}

/// Addresses of about 16 bytes.
fn name(nth: usize) -> String {
    format!("10.{}.{}.{}:4040", nth >> 16 & 255, nth >> 8 & 255, nth & 255)
}

fn rounds_of<P: Policy>(policy: P, kind: Kind, peers: usize, rounds: u64, trace: bool) {
    let options = ListOptions::new().with_shuffle(false).with_clock(Arc::new(Steps::default()));
    let list = PeerList::new(policy, Always::new(), options);
    list.start().expect("nothing to retain");
    list.update(ListUpdates::adding((0..peers).map(name))).expect("nothing is refused");
    assert_eq!(list.available(), peers);
    let key = |n| match kind {
        Kind::Named => name(n * 7 % peers),
        _ => format!("user-{n:06}"),
    };
    let keys: Vec<String> = (0..KEYS as usize).map(key).collect();
    let choose =
        |request: &Request<'_>| list.choose(request, Wait::default()).expect("peers are there");
    match kind {
        Kind::Plain => report(rounds, trace, &|begin, end| {
            let request = Request::new();
            for _ in begin..end {
                choose(&request).finish(Outcome::Success);
            }
        }),
        Kind::Keyed | Kind::Named => report(rounds, trace, &|begin, end| {
            for round in begin..end {
                let request = Request::new().with_shard_key(&keys[(round % KEYS) as usize]);
                choose(&request).finish(Outcome::Success);
            }
        }),
        Kind::Timed => report(rounds, trace, &|begin, end| {
            let request = Request::new();
            for round in begin..end {
                let took = Duration::from_nanos(1_000_000 + (round & 0xfff) * 1_000);
                choose(&request).finish(Finish::new(Outcome::Success).with_latency(took));
            }
        }),
    }
}

/// Runs the rounds after a few that are not counted, in which what is made once is made.
fn report(rounds: u64, trace: bool, work: &dyn Fn(u64, u64)) {
    work(0, KEYS);
    if !trace {
        let counted = measure(|| limits_measured(work, 0, rounds)).count_total;
        return println!("allocations {counted}");
    }
    let here = black_box(0_u8);
    let own = OWN.with(|own| std::ptr::from_ref(own) as usize);
    println!(
        "measured {:p} done {:p} stack {:p} own {own:#x}",
        limits_measured as *const (), limits_done as *const (), &raw const here,
    );
    for round in 0..rounds {
        limits_measured(work, round, round + 1);
        limits_done();
    }
}
