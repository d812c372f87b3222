//! A policy of one's own that many threads run at once.
//!
//! `Nearest` draws a few peers at random, takes the least loaded of those that are in its own zone,
//! and leaves the zone when it drew none of them. It keeps no state that choices change, so it
//! needs no lock: it samples the roster and pins what it likes.
//!
//! ```text
//! cargo run --release --example policy_concurrent
//! ```

use std::error::Error;

use peerage::policy::{AnyPolicy, Entry, Policy, Random, Roster};
use peerage::testing::FakeTransport;
use peerage::{
    Chooser, ConnectionStatus, Lifecycle, List, ListOptions, ListUpdates, Outcome, PeerList,
    Pinned, Request,
};

/// How many peers are looked at before a peer of another zone will do.
const SAMPLES: usize = 8;

#[derive(Debug)]
struct Nearest {
    zone: &'static str,
    random: Random,
}

impl Nearest {
    /// Pins a peer of the zone, if a few draws find one.
    fn near<'r>(&self, roster: &'r Roster) -> Option<Pinned<'r>> {
        let available = roster.available();
        let mut best: Option<Entry<'r>> = None;
        for _ in 0..SAMPLES.min(available.len() * 2) {
            let Some(drawn) = available.get(self.random.below(available.len())) else { continue };
            // To read a peer it must be pinned; a pin that is dropped is taken back.
            let near =
                drawn.pin().is_some_and(|pinned| pinned.peer().identifier().starts_with(self.zone));
            if near && best.is_none_or(|best| drawn.pending() < best.pending()) {
                best = Some(drawn);
            }
        }
        // Between the look and the pin the peer may have gone: `None`, and any other will do.
        best?.pin()
    }
}

impl Policy for Nearest {
    fn name(&self) -> &str {
        "nearest"
    }

    fn choose<'r>(&self, roster: &'r Roster, _: &Request<'_>) -> Option<Pinned<'r>> {
        if roster.available().is_empty() {
            return None;
        }
        // `settled` draws under the roster's mutex: a choice that exists is never missed.
        self.near(roster).or_else(|| roster.settled(self.random.next() as usize))
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let transport = FakeTransport::new();
    let nearest = Nearest { zone: "east/", random: Random::unseeded() };
    // Behind `AnyPolicy` it fits where a policy of this crate was configured by name.
    let policy = AnyPolicy::Custom(Box::new(nearest));
    let list = PeerList::new(policy, transport.clone(), ListOptions::new());
    list.start()?;
    list.update(ListUpdates::adding(["east/a:80", "east/b:80", "west/c:80"]))?;

    report(&list, "all peers are up")?;
    for peer in ["east/a:80", "east/b:80"] {
        transport.set_status(peer, ConnectionStatus::Unavailable);
    }
    report(&list, "the east is down")?;
    Ok(())
}

fn report(list: &PeerList, when: &str) -> Result<(), Box<dyn Error>> {
    let mut requests = std::collections::BTreeMap::<String, u32>::new();
    for _ in 0..1000 {
        let pick = list.try_choose(&Request::new())?;
        *requests.entry(pick.identifier().to_owned()).or_default() += 1;
        pick.finish(Outcome::Success);
    }
    println!("{when}: {requests:?}");
    Ok(())
}
