//! The registry that transports keep their peers in.

use std::sync::{Arc, Mutex};

use peerage::error::{PeerHasNoReferenceToSubscriber, TransportHasNoReferenceToPeer};
use peerage::{Identifier, Peer, Registry, Status, StatusPeer, Subscriber};

#[derive(Debug)]
struct Named(&'static str);

impl Identifier for Named {
    fn identifier(&self) -> &str {
        self.0
    }
}

impl StatusPeer for Named {
    fn status(&self) -> Status {
        Status::default()
    }
}

impl Peer for Named {}

#[derive(Default)]
struct Listener(Mutex<Vec<String>>);

impl Subscriber for Listener {
    fn notify_status_changed(&self, peer: &dyn Identifier) {
        self.0.lock().unwrap().push(peer.identifier().to_owned());
    }
}

#[test]
fn a_registry_shares_peers_and_counts_every_retain() {
    let registry = Registry::new("fake");
    let (first, second) = (Arc::new(Listener::default()), Arc::new(Listener::default()));
    let retain = |listener: &Arc<Listener>| registry.retain("a", listener.clone(), || Named("a"));
    let ((peer, new), (same, old), (_, again)) = (retain(&first), retain(&second), retain(&first));
    assert_eq!((new, old, again), (true, false, false));
    assert!(Arc::ptr_eq(&peer, &same));
    assert_eq!((registry.subscriptions("a"), registry.peers().len()), (3, 1));
    registry.notify(&Named("a"));
    registry.notify(&Named("b"));
    assert_eq!((first.0.lock().unwrap().len(), second.0.lock().unwrap().len()), (2, 1));

    let release = |listener: &Arc<Listener>| {
        registry.release("a", &(listener.clone() as Arc<dyn Subscriber>))
    };
    assert!(release(&first).unwrap().is_none());
    assert!(release(&second).unwrap().is_none());
    let unknown = release(&second).unwrap_err();
    assert!(unknown.is::<PeerHasNoReferenceToSubscriber>(), "{unknown}");
    assert!(Arc::ptr_eq(&release(&first).unwrap().expect("the last"), &peer));
    assert!(registry.get("a").is_none());
    let gone = release(&first).unwrap_err();
    assert!(gone.is::<TransportHasNoReferenceToPeer>());
    assert_eq!(gone.to_string(), "transport \"fake\" has no reference to peer \"a\"");
    registry.notify(&Named("a"));
    assert_eq!(first.0.lock().unwrap().len(), 2, "nobody is told any more");
}

#[test]
fn a_peer_that_is_shared_when_it_is_complete_is_added_once() {
    let registry = Registry::new("fake");
    let (first, second) = (Arc::new(Listener::default()), Arc::new(Listener::default()));
    let as_subscriber = |listener: &Arc<Listener>| listener.clone() as Arc<dyn Subscriber>;
    assert!(registry.join("a", &as_subscriber(&first)).is_none(), "there is none to join");
    assert_eq!(registry.subscriptions("a"), 0);
    let (peer, late) = (Arc::new(Named("a")), Arc::new(Named("a")));
    assert!(registry.add("a", peer.clone(), as_subscriber(&first)).is_none());
    let other = registry.add("a", late, as_subscriber(&second)).expect("one is there by now");
    assert!(Arc::ptr_eq(&other, &peer));
    let joined = registry.join("a", &as_subscriber(&second)).expect("it is there");
    assert!(Arc::ptr_eq(&joined, &peer));
    registry.notify(&Named("a"));
    assert_eq!((first.0.lock().unwrap().len(), second.0.lock().unwrap().len()), (1, 2));
}
