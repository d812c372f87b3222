//! A policy of one's own with `&mut self` and plain data structures.
//!
//! `Credits` gives each peer a share of the requests by a weight in its name (`host:80*3`): smooth
//! weighted round-robin, as nginx does it. Every peer gains its weight at each choice, the richest
//! is chosen and pays the sum of all weights. It is told of every peer that comes and goes, and
//! never thinks of threads; `Serial` makes a `Policy` of it.
//!
//! ```text
//! cargo run --release --example policy_serial
//! ```

use std::collections::BTreeMap;
use std::error::Error;

use peerage::policy::{Key, Serial, SerialPolicy};
use peerage::testing::FakeTransport;
use peerage::{
    Chooser, ConnectionStatus, Lifecycle, List, ListOptions, ListUpdates, Outcome, PeerList,
    Request,
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

    fn added(&mut self, peer: Key, id: &str, _pending: u32) {
        let weight = id.rsplit_once('*').and_then(|(_, weight)| weight.parse().ok()).unwrap_or(1);
        self.peers.push(Account { peer, weight, credit: 0 });
    }

    fn removed(&mut self, peer: Key) {
        self.peers.retain(|account| account.peer != peer);
    }

    fn choose(&mut self, _: &Request<'_>) -> Option<Key> {
        let total: i64 = self.peers.iter().map(|account| account.weight).sum();
        for account in &mut self.peers {
            account.credit += account.weight;
        }
        let richest = self.peers.iter_mut().max_by_key(|account| account.credit)?;
        richest.credit -= total;
        Some(richest.peer)
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let transport = FakeTransport::new();
    let list =
        PeerList::new(Serial::new(Credits::default()), transport.clone(), ListOptions::new());
    list.start()?;
    list.update(ListUpdates::adding(["a:80*5", "b:80*3", "c:80*2"]))?;

    report(&list, "5 : 3 : 2")?;
    transport.set_status("a:80*5", ConnectionStatus::Unavailable);
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
