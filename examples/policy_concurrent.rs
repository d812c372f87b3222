//! A policy of one's own that many threads run at once.
//!
//! `Quickest` draws two peers at random and takes the one whose requests took less time lately, times
//! the requests that it has in flight. It keeps its estimate in the word that the library keeps for a
//! policy beside each peer's count, so it needs no lock and no table: a draw reads one cache line a
//! peer, and a finish writes one that it owns anyway.
//!
//! ```text
//! cargo run --release --example policy_concurrent
//! ```

use std::error::Error;
use std::time::Duration;

use peerage::policy::{
    AnyPolicy, Choice, Dense, Entry, IndexRef, Nothing, Policy, Rng, Roster, Watch,
};
use peerage::testing::FakeTransport;
use peerage::{
    Chooser, ConnectionStatus, Finish, Lifecycle, List, ListOptions, ListUpdates, Outcome,
    PeerList, Request,
};

#[derive(Debug, Default)]
struct Quickest {
    /// The table of available peers, which the list keeps up to date.
    peers: Dense,
    rng: Rng,
}

impl Quickest {
    /// Microseconds until a further request would be done. A peer of which nothing is known yet
    /// counts as quick, so that it is tried.
    fn cost(peer: Entry<'_>) -> u64 {
        peer.cost().max(1) * (u64::from(peer.pending()) + 1)
    }
}

impl Policy for Quickest {
    fn name(&self) -> &str {
        "quickest"
    }

    fn choose<'r>(&'r self, roster: &'r Roster, _: &Request<'_>) -> Choice<'r> {
        let available = self.peers.available(roster);
        if available.is_empty() {
            return Err(Nothing::Unavailable);
        }
        let draw = || available.get(self.rng.below(available.len()));
        let quicker = draw().into_iter().chain(draw()).min_by_key(|peer| Self::cost(*peer));
        match quicker.and_then(|peer| peer.pin()) {
            Some(pinned) => Ok(pinned),
            // Between the look and the pin the peer has gone: any other will do. This draws where
            // nothing moves, so a choice that exists is never missed.
            None => self.peers.pin_still(roster, self.rng.next() as u32 as usize, &[]),
        }
    }

    fn index(&self) -> Option<IndexRef<'_>> {
        Some(self.peers.index())
    }

    fn watches(&self) -> Watch {
        Watch::NOTHING.with_latency()
    }

    fn finished(&self, peer: Entry<'_>, finish: Finish) {
        // What the caller gave up, or never sent, says nothing about the peer.
        let (Outcome::Success | Outcome::Failure, Some(latency)) = (finish.outcome, finish.latency)
        else {
            return;
        };
        let latency = latency.as_micros() as u64;
        let before = peer.cost();
        // An exponential average; racing finishes may lose one sample.
        let average = if before == 0 { latency } else { before - before / 8 + latency / 8 };
        peer.set_cost(average.max(1));
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let transport = FakeTransport::new();
    // Behind `AnyPolicy` it fits where a policy of this crate was configured by name.
    let policy = AnyPolicy::Custom(Box::new(Quickest::default()));
    let list = PeerList::new(policy, transport.clone(), ListOptions::new());
    list.start()?;
    list.update(ListUpdates::adding(["quick-a:80", "quick-b:80", "slow:80"]))?;

    report(&list, "all peers are up")?;
    transport.set_status("quick-a:80", ConnectionStatus::Unavailable);
    report(&list, "one of the quick ones is down")?;
    Ok(())
}

fn report(list: &PeerList, when: &str) -> Result<(), Box<dyn Error>> {
    let mut requests = std::collections::BTreeMap::<String, u32>::new();
    for _ in 0..1000 {
        let pick = list.try_choose(&Request::new())?;
        let peer = pick.identifier().to_owned();
        // A real caller says how long the request took, or leaves it to the library to measure.
        let took = if peer.starts_with("slow") { 30 } else { 2 };
        *requests.entry(peer).or_default() += 1;
        pick.finish(Finish::new(Outcome::Success).with_latency(Duration::from_millis(took)));
    }
    println!("{when}: {requests:?}");
    Ok(())
}
