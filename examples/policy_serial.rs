//! A policy of one's own with `&mut self` and plain data structures.
//!
//! `Credits` gives each peer a share of the requests by its weight: smooth weighted round-robin, as
//! nginx does it. Every peer gains its weight at each choice, the richest
//! is chosen and pays the sum of all weights. It is told of every peer that comes and goes, and
//! never thinks of threads; `Serial` makes a `Policy` of it.
//!
//! ```text
//! cargo run --release --example policy_serial
//! ```

use std::collections::BTreeMap;
use std::error::Error;

use peerage::policy::{Key, Nothing, PeerInfo, Serial, SerialPolicy};
use peerage::testing::FakeTransport;
use peerage::{
    Attributes, Chooser, ConnectionStatus, Lifecycle, List, ListOptions, ListUpdates, Member,
    Outcome, PeerList, Request,
};

#[derive(Debug, Default)]
struct Credits {
    peers: Vec<Account>,
}

#[derive(Debug)]
struct Account {
    peer: Key,
    weight: i64,
    credit: i64,
}

impl SerialPolicy for Credits {
    fn name(&self) -> &'static str {
        "credits"
    }

    fn available(&mut self, peer: &PeerInfo<'_>) {
        let weight = peer.attributes.weight.max(1).into();
        self.peers.push(Account { peer: peer.key, weight, credit: 0 });
    }

    fn unavailable(&mut self, peer: Key) {
        self.peers.retain(|account| account.peer != peer);
    }

    fn choose(&mut self, _: &Request<'_>) -> Result<Key, Nothing> {
        let total: i64 = self.peers.iter().map(|account| account.weight).sum();
        for account in &mut self.peers {
            account.credit += account.weight;
        }
        let richest = self.peers.iter_mut().max_by_key(|account| account.credit);
        let richest = richest.ok_or(Nothing::Unavailable)?;
        richest.credit -= total;
        Ok(richest.peer)
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let transport = FakeTransport::new();
    let list =
        PeerList::new(Serial::new(Credits::default()), transport.clone(), ListOptions::new());
    list.start()?;
    let weighted = |id: &str, weight| Member::new(id, Attributes::new().with_weight(weight));
    let peers = [weighted("a:80", 5), weighted("b:80", 3), weighted("c:80", 2)];
    list.update(ListUpdates::adding_members(peers))?;

    report(&list, "5 : 3 : 2")?;
    transport.set_status("a:80", ConnectionStatus::Unavailable);
    report(&list, "without the first")?;
    Ok(())
}

fn report(list: &PeerList<Serial<Credits>>, when: &str) -> Result<(), Box<dyn Error>> {
    let mut requests = BTreeMap::<String, u32>::new();
    for _ in 0..1000 {
        let pick = list.try_choose(&Request::new())?;
        *requests.entry(pick.identifier().to_owned()).or_default() += 1;
        pick.finish(Outcome::Success);
    }
    println!("{when}: {requests:?}");
    Ok(())
}
