//! A serial policy and a peer that comes back at the worst moment: while its last request is ending.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use peerage::ConnectionStatus::{Available, Connecting};
use peerage::policy::{Key, Nothing, PeerInfo, Serial, SerialPolicy};
use peerage::{
    Chooser, Finish, Identifier, Lifecycle, List, ListOptions, ListUpdates, Outcome, Peer,
};
use peerage::{PeerList, Request, Status, StatusPeer, Subscriber, Transport, TransportError};

/// Is connected again by the end of a request.
#[derive(Debug, Default)]
struct Reconnecting {
    connected: AtomicBool,
    subscriber: Mutex<Option<Subscribed>>,
}

struct Subscribed(Arc<dyn Subscriber>);

impl std::fmt::Debug for Subscribed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Subscribed")
    }
}

impl Reconnecting {
    fn set(&self, connected: bool) {
        self.connected.store(connected, Ordering::Release);
        let subscriber = self.subscriber.lock().unwrap().as_ref().map(|s| Arc::clone(&s.0));
        subscriber.expect("retained").notify_status_changed(&"p0");
    }
}

impl Identifier for Reconnecting {
    fn identifier(&self) -> &str {
        "p0"
    }
}

impl StatusPeer for Reconnecting {
    fn status(&self) -> Status {
        let connected = self.connected.load(Ordering::Acquire);
        let connection_status = if connected { Available } else { Connecting };
        Status { connection_status, pending_request_count: 0 }
    }
}

impl Peer for Reconnecting {
    fn watches_requests(&self) -> bool {
        true
    }

    fn end_request(&self, _: Outcome) {
        self.set(true);
    }
}

struct OnePeer(Arc<Reconnecting>);

impl Transport for OnePeer {
    fn retain_peer(
        &self,
        _: &Arc<dyn Identifier>,
        subscriber: Arc<dyn Subscriber>,
    ) -> Result<Arc<dyn Peer>, TransportError> {
        *self.0.subscriber.lock().unwrap() = Some(Subscribed(subscriber));
        Ok(self.0.clone())
    }

    fn release_peer(
        &self,
        _: &Arc<dyn Identifier>,
        _: &Arc<dyn Subscriber>,
    ) -> Result<(), TransportError> {
        *self.0.subscriber.lock().unwrap() = None;
        Ok(())
    }
}

/// Counts the requests of its peer, and is told how many it has when it comes back.
#[derive(Debug, Default)]
struct Counter {
    peer: Option<Key>,
    pending: u32,
    told: Arc<Mutex<Vec<(u32, u32)>>>,
}

impl SerialPolicy for Counter {
    fn name(&self) -> &'static str {
        "counter"
    }

    fn available(&mut self, peer: &PeerInfo<'_>) {
        let (pending, peer) = (peer.pending, peer.key);
        self.peer = Some(peer);
        self.told.lock().unwrap().push((pending, self.pending));
    }

    fn unavailable(&mut self, _: Key) {
        self.peer = None;
    }

    fn choose(&mut self, _: &Request<'_>) -> Result<Key, Nothing> {
        self.pending += u32::from(self.peer.is_some());
        self.peer.ok_or(Nothing::Unavailable)
    }

    fn finished(&mut self, _: Key, _: Finish) {
        self.pending -= 1;
    }
}

#[test]
fn a_peer_that_comes_back_while_a_request_ends_is_told_without_that_request() {
    let peer = Arc::new(Reconnecting { connected: true.into(), ..Reconnecting::default() });
    let policy = Counter::default();
    let told = Arc::clone(&policy.told);
    let transport = Arc::new(OnePeer(peer.clone()));
    let list = PeerList::new(Serial::new(policy), transport, ListOptions::new());
    list.start().unwrap();
    list.update(ListUpdates::adding(["p0"])).unwrap();
    let picks = [(); 3].map(|()| list.try_choose(&Request::new()).unwrap());
    for pick in picks {
        peer.set(false);
        pick.finish(Outcome::Success);
    }
    // What it is told is what it has counted itself.
    assert_eq!(*told.lock().unwrap(), [(0, 0), (2, 2), (1, 1), (0, 0)]);
    list.stop().unwrap();
}
