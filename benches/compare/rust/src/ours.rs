//! peerage, by seven of its policies.

use std::ops::Range;
use std::sync::Arc;

use peerage::policy::{Policy, Priced, PricedOptions};
use peerage::{
    Chooser, Identifier, List, ListUpdates, Outcome, PeerList, Request, Subscriber, Wait,
};

use crate::group::{Group, Maker};
use crate::peers::{
    BenchTransport, empty, fewest_pending, filled, random, ring, round_robin, two_random,
};
use crate::side::{Flip, Keys, Name, Requests, Side};

/// Points per member of the ring: the default.
const REPLICAS: u32 = 100;

pub(crate) const fn called(policy: &'static str) -> Name {
    Name { side: "peerage", policy, counts: true }
}

fn least_loaded() -> Priced {
    Priced::least_loaded(PricedOptions::new())
}

/// Measures the time of each request itself, as tower's peak EWMA does.
fn least_latency() -> Priced {
    Priced::least_latency(PricedOptions::new())
}

pub(crate) fn sides(peers: usize) -> Vec<Side> {
    vec![
        side("random", random(), peers),
        side("two-random-choices", two_random(), peers),
        side("round-robin", round_robin(), peers),
        side("fewest-pending-requests", fewest_pending(), peers),
        side("least-loaded", least_loaded(), peers),
        side("least-latency", least_latency(), peers),
        keyed("hashring32", ring(REPLICAS), peers),
    ]
}

fn side<P: Policy + 'static>(policy: &'static str, rule: P, peers: usize) -> Side {
    let (list, transport) = filled(rule, peers);
    let requests: Requests = Box::new(move |rounds, _| {
        let request = Request::new();
        for _ in 0..rounds {
            let pick = list.choose(&request, Wait::default()).expect("peers are there");
            pick.finish(Outcome::Success);
        }
    });
    Side { name: called(policy), requests, flip: Some(flip(transport)) }
}

fn keyed<P: Policy + 'static>(policy: &'static str, rule: P, peers: usize) -> Side {
    let (list, transport) = filled(rule, peers);
    let keys = Keys::new();
    let requests: Requests = Box::new(move |rounds, first| {
        for round in 0..rounds {
            let key = keys.nth(first.wrapping_add(round));
            let request = Request::new().with_shard_key(key);
            let pick = list.choose(&request, Wait::default()).expect("peers are there");
            pick.finish(Outcome::Success);
        }
    });
    Side { name: called(policy), requests, flip: Some(flip(transport)) }
}

fn flip(transport: Arc<BenchTransport>) -> Flip {
    let subscribers = transport.subscribers();
    Box::new(move |nth| transport.flip(&subscribers, nth))
}

pub(crate) fn groups() -> Vec<Maker> {
    vec![
        maker("random", random),
        maker("two-random-choices", two_random),
        maker("round-robin", round_robin),
        maker("fewest-pending-requests", fewest_pending),
        maker("least-loaded", least_loaded),
        maker("least-latency", least_latency),
        Maker { few: 100, ..maker("hashring32", || ring(REPLICAS)) },
    ]
}

fn maker<P: Policy + 'static>(policy: &'static str, rule: fn() -> P) -> Maker {
    let make = move |most| {
        let transport = BenchTransport::new(most);
        let list = empty(rule(), &transport);
        let identifiers = transport.identifiers();
        Box::new(Members { list, transport, identifiers, subscribers: vec![] }) as Box<dyn Group>
    };
    Maker { name: called(policy), most: usize::MAX, few: usize::MAX, make: Box::new(make) }
}

struct Members<P: Policy> {
    list: PeerList<P>,
    transport: Arc<BenchTransport>,
    identifiers: Vec<Arc<dyn Identifier>>,
    /// Those of the peers that are members.
    subscribers: Vec<Arc<dyn Subscriber>>,
}

impl<P: Policy> Group for Members<P> {
    fn add(&mut self, which: Range<usize>) {
        let additions = self.identifiers[which].to_vec();
        let updates = ListUpdates { additions, removals: vec![] };
        self.list.update(updates).expect("the transport refuses nothing");
    }

    fn before_flaps(&mut self) {
        self.subscribers = self.transport.subscribers();
    }

    fn flap(&mut self, nth: usize) {
        self.transport.flip(&self.subscribers, nth);
        self.transport.flip(&self.subscribers, nth);
    }

    fn remove(&mut self, which: Range<usize>) {
        let removals = self.identifiers[which].to_vec();
        let updates = ListUpdates { additions: vec![], removals };
        self.list.update(updates).expect("they are members");
    }

    fn len(&self) -> usize {
        self.list.available()
    }
}
