//! What of the transports' faults can exist here: those of the registry, and of the pick that a
//! transport gets.

use std::sync::Arc;

use peerage::error::{PeerHasNoReferenceToSubscriber, TransportHasNoReferenceToPeer};
use peerage::testing::{FakePeer, FakeTransport};
use peerage::{
    Chooser, Identifier, Lifecycle, Peer, Registry, Request, Status, StatusPeer, Subscriber,
};

use crate::support::{pending, running, within};

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

/// Of no size, as the subscribers of yarpc-go's that merge.
struct Nobody;

impl Subscriber for Nobody {
    fn notify_status_changed(&self, _: &dyn Identifier) {}
}

#[test]
fn a_list_may_stop_while_its_peers_are_available() {
    within(|| {
        let transport = FakeTransport::new();
        let list = running("round-robin", &transport, &["a", "b"]);
        list.stop().expect("stops");
        assert_eq!(transport.retained(), 0);
    });
}

#[test]
fn a_peer_of_the_wrong_type_is_still_counted_and_still_finished() {
    let list = running("fewest-pending-requests", &FakeTransport::new(), &["a"]);
    let pick = list.try_choose(&Request::new()).expect("a peer");
    let error = pick.downcast::<Named>().expect_err("it is a FakePeer");
    assert_eq!(error.peer, "a");
    assert!(pick.downcast::<FakePeer>().is_ok());
    drop(pick);
    assert_eq!(pending(&*list, "a"), 0);

    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        let _pick = list.try_choose(&Request::new()).expect("a peer");
        panic!("in the round trip");
    }));
    assert!(panicked.is_err());
    assert_eq!(pending(&*list, "a"), 0);
}

#[test]
fn every_retain_counts_and_subscribers_are_told_apart() {
    let registry = Registry::new("test");
    let one: Arc<dyn Subscriber> = Arc::new(Nobody);
    let other: Arc<dyn Subscriber> = Arc::new(Nobody);
    let retain = |subscriber: &Arc<dyn Subscriber>| {
        registry.retain("a", Arc::clone(subscriber), |_| Named("a")).1
    };
    assert_eq!([retain(&one), retain(&one), retain(&other)], [true, false, false]);
    assert_eq!(registry.subscriptions("a"), 3);
    let release = |subscriber| registry.release("a", subscriber);
    assert!(release(&one).expect("first").is_none());
    assert!(release(&one).expect("second").is_none());
    let error = release(&one).expect_err("no third");
    assert!(error.is::<PeerHasNoReferenceToSubscriber>(), "{error}");
    assert!(release(&other).expect("the last").is_some());
    let error = release(&other).expect_err("gone");
    assert!(error.is::<TransportHasNoReferenceToPeer>(), "{error}");
    assert!(registry.peers().is_empty());
}
