//! `maglev`: who has a key, in this process and in all others.
#![cfg(feature = "testing")]

mod golden;
mod keys;

use std::sync::Arc;

use peerage::policy::{Maglev, Rng};
use peerage::testing::FakeTransport;
use peerage::{
    Attributes, Chooser, Identifier, Lifecycle, List, ListOptions, ListUpdates, Member, Outcome,
    PeerList, Request,
};

struct Bed {
    list: PeerList<Maglev>,
    transport: Arc<FakeTransport>,
}

fn member(name: &str, weight: u16) -> Arc<dyn Identifier> {
    Arc::new(Member::new(name, Attributes::new().with_weight(weight)))
}

impl Bed {
    fn new() -> Self {
        let transport = FakeTransport::new();
        let policy = Maglev::new().with_rng(Rng::seeded(7));
        let list = PeerList::new(policy, transport.clone(), ListOptions::new());
        list.start().unwrap();
        Self { list, transport }
    }

    fn of(members: &[(&str, u16)]) -> Self {
        let bed = Self::new();
        let additions = members.iter().map(|&(name, weight)| member(name, weight)).collect();
        bed.list.update(ListUpdates { additions, removals: vec![] }).unwrap();
        bed
    }

    fn ask(&self, request: &Request<'_>) -> String {
        let pick = self.list.try_choose(request).unwrap();
        let owner = pick.identifier().to_owned();
        pick.finish(Outcome::Success);
        owner
    }

    fn at(&self, key: &str) -> String {
        self.ask(&Request::new().with_shard_key(key))
    }
}
