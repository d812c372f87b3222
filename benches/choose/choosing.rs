//! Choose and finish, against the floor; and the allocations of a choice.

use std::error::Error;
use std::hint::black_box;

use peerage::{Chooser, Outcome, PeerList, Policy, Request, Wait};

use crate::floor::Floor;
use crate::measure::{Effort, Work, alternate};
use crate::peers::{self, POLICIES, SharedTransport, With};
use crate::report::{Report, Row};

const RING_PEERS: usize = 1_000;

/// 11 bytes, as the target says.
const KEY: &str = "user-424242";

struct Choosing<P: Policy> {
    list: PeerList<P>,
    request: Request<'static>,
}

impl<P: Policy> Work for Choosing<P> {
    fn repeat(&self, times: u64) {
        for _ in 0..times {
            let pick = self.list.choose(black_box(&self.request), Wait::default());
            pick.expect("every peer is available").finish(Outcome::Success);
        }
    }
}

/// One policy in a list of one size.
struct Against<'a> {
    report: &'a mut Report,
    effort: &'a Effort,
    name: &'a str,
    peers: usize,
}

impl With for Against<'_> {
    fn call<P: Policy>(&mut self, policy: P) -> Result<(), Box<dyn Error>> {
        let (what, peers) = (self.name, self.peers);
        let list = peers::list(policy, SharedTransport::new(), peers);
        let choosing = Choosing { list, request: Request::new().with_shard_key(KEY) };
        let floor = Floor::new(peers);
        let random = |times| floor.random(times);
        let two_random = |times| floor.two_random(times);
        let round_robin = |times| floor.round_robin(times);
        let (floor, at_most, most_threads): (&dyn Work, f64, usize) = match what {
            "random" => (&random, 1.75, 2),
            "two-random-choices" => (&two_random, 1.75, 2),
            "round-robin" => (&round_robin, 1.75, 2),
            "fewest-pending-requests" => (&round_robin, 6.0, 1),
            _ => (&random, 12.0, 1),
        };
        for threads in 1..=most_threads {
            let [against, measured] = alternate([floor, &choosing], threads, self.effort);
            let row = Row { what, peers, threads, unit: "ns" };
            self.report.ratio(&row, measured, against, at_most);
        }
        if peers == RING_PEERS {
            allocations(self.report, what, &choosing, self.effort);
        }
        Ok(())
    }
}

fn allocations(report: &mut Report, name: &str, choosing: &dyn Work, effort: &Effort) {
    let times = effort.many as u64;
    let counted = allocation_counter::measure(|| choosing.repeat(times));
    let row = Row {
        what: &format!("{name}: allocations in {times} choices"),
        peers: RING_PEERS,
        threads: 1,
        unit: "",
    };
    report.value(&row, counted.count_total as f64, 0.0);
}

pub(crate) fn measure(report: &mut Report, effort: &Effort) {
    for name in POLICIES {
        for &peers in effort.sizes {
            if name != "hashring32" || peers == RING_PEERS {
                peers::with(name, 100, &mut Against { report, effort, name, peers });
            }
        }
    }
}
