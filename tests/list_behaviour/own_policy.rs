//! The list's side of a policy that is the user's own.
//!
//! yarpc-go tests its abstract list with a policy that hands out the peer that was *added most
//! recently*, and remembers which was *removed most recently*. The same one here shows that a list
//! tells its policy of exactly those peers that can be chosen, when they can be.

use std::sync::{Arc, Mutex};

use peerage::policy::{Key, Nothing, PeerInfo, Serial, SerialPolicy};
use peerage::testing::FakeTransport;
use peerage::{
    Chooser, ConnectionStatus, Lifecycle, List, ListOptions, ListUpdates, Outcome, PeerList,
    Request,
};

#[derive(Debug)]
struct MostRecentlyAdded {
    peers: Vec<(Key, String)>,
    log: Arc<Mutex<Vec<String>>>,
}

impl MostRecentlyAdded {
    fn note(&self, what: &str, id: &str) {
        self.log.lock().expect("no panic").push(format!("{what} {id}"));
    }
}

impl SerialPolicy for MostRecentlyAdded {
    fn name(&self) -> &'static str {
        "mra"
    }

    fn available(&mut self, peer: &PeerInfo<'_>) {
        let (id, peer) = (peer.id, peer.key);
        self.note("added", id);
        self.peers.push((peer, id.to_owned()));
    }

    fn unavailable(&mut self, peer: Key) {
        let known = self.peers.iter().position(|(key, _)| *key == peer).expect("was added");
        let (_, id) = self.peers.remove(known);
        self.note("removed", &id);
    }

    fn choose(&mut self, _: &Request<'_>) -> Result<Key, Nothing> {
        self.peers.last().map(|(key, _)| *key).ok_or(Nothing::Unavailable)
    }
}

#[test]
fn it_hears_of_available_peers_only() {
    let log = Arc::default();
    let policy = MostRecentlyAdded { peers: vec![], log: Arc::clone(&log) };
    let transport = FakeTransport::with_initial_status(ConnectionStatus::Unavailable);
    let options = ListOptions::new().with_shuffle(false);
    let list = PeerList::new(Serial::new(policy), Arc::clone(&transport) as _, options);
    let choose = || {
        let pick = list.try_choose(&Request::new())?;
        let id = pick.identifier().to_owned();
        pick.finish(Outcome::Success);
        Ok::<_, peerage::ChooseError>(id)
    };
    // Changes are told before the next choice at the latest.
    let heard = || {
        let _ = choose();
        std::mem::take(&mut *log.lock().expect("no panic"))
    };

    list.update(ListUpdates::adding(["a", "b", "c"])).expect("written down");
    list.start().expect("started");
    assert!(choose().is_err());
    assert_eq!(heard(), [""; 0]);

    transport.set_status("b", ConnectionStatus::Available);
    assert_eq!(choose().expect("b"), "b");
    transport.set_status("a", ConnectionStatus::Available);
    assert_eq!(choose().expect("a"), "a");
    assert_eq!(heard(), ["added b", "added a"]);

    // Not available before, not available after: no news.
    transport.set_status("c", ConnectionStatus::Connecting);
    transport.set_status("c", ConnectionStatus::Unavailable);
    transport.notify("a");
    assert_eq!(heard(), [""; 0]);

    transport.set_status("a", ConnectionStatus::Connecting);
    assert_eq!(choose().expect("b"), "b");
    assert_eq!(heard(), ["removed a"]);

    // Of these only `b` was there to be removed.
    list.update(ListUpdates::removing(["a", "b", "c"])).expect("removed");
    assert!(choose().is_err());
    assert_eq!(heard(), ["removed b"]);
    assert_eq!(transport.retained(), 0);
}
