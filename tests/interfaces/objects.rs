//! Every interface as a trait object, and the way back to the transport's own type.

use std::sync::{Arc, Mutex, mpsc};

use peerage::error::InvalidPeerConversion;
use peerage::policy::{Policy, RoundRobin};
use peerage::testing::{FakePeer, FakeTransport};
use peerage::{Chooser, ChooserList, Identifier, Lifecycle, List, ListOptions, ListUpdates};
use peerage::{
    Finish, Outcome, OwnedPick, Peer, PeerList, Pick, Request, Status, StatusPeer, Subscriber,
};
use peerage::{Transport, Wait};

use crate::running;

#[test]
fn a_list_is_every_interface_it_implements() {
    let transport: Arc<dyn Transport> = FakeTransport::new();
    let policy: Box<dyn Policy> = Box::new(RoundRobin::new());
    let list = Arc::new(PeerList::new(policy, transport, ListOptions::new()));
    let lifecycle: Arc<dyn Lifecycle> = list.clone();
    lifecycle.start().unwrap();
    let updated: Arc<dyn List> = list.clone();
    updated.update(ListUpdates::adding(["a"])).unwrap();
    let chooser: Arc<dyn Chooser> = list.clone();
    assert_eq!(chooser.try_choose(&Request::new()).unwrap().identifier(), "a");
    let both: Arc<dyn ChooserList> = list;
    both.update(ListUpdates::removing(["a"])).unwrap();
    assert!(both.try_choose(&Request::new()).is_err());
    both.stop().unwrap();
    assert!(!both.is_running());
    assert!(format!("{chooser:?} {both:?}").contains("round-robin"));
}

#[test]
fn a_chosen_peer_is_the_transport_s_own() {
    let (list, transport) = running(&["a"]);
    let pick = list.choose(&Request::new(), Wait::default()).unwrap();
    let peer: &FakePeer = pick.downcast().unwrap();
    assert!(std::ptr::eq(peer, &raw const *transport.peer("a")));
    let peer: &dyn Peer = pick.peer();
    let (status, identifier): (&dyn StatusPeer, &dyn Identifier) = (peer, peer);
    assert_eq!((status.identifier(), identifier.attributes()), ("a", peerage::Attributes::new()));
}

#[derive(Debug)]
struct Other;

impl Identifier for Other {
    fn identifier(&self) -> &str {
        "other"
    }
}

impl StatusPeer for Other {
    fn status(&self) -> Status {
        Status::default()
    }
}

impl Peer for Other {}

#[test]
fn a_peer_of_another_type_is_said_to_be_one_and_stays_picked() {
    let (list, _transport) = running(&["a"]);
    let pick = list.try_choose(&Request::new()).unwrap();
    let error: InvalidPeerConversion = pick.downcast::<Other>().unwrap_err();
    assert_eq!(error.peer, "a");
    let text = format!("cannot convert peer (a) to type {}", std::any::type_name::<Other>());
    assert_eq!(error.to_string(), text);
    assert_eq!(list.introspect().peers[0].status.pending_request_count, 1);
    pick.finish(Outcome::NotSent);
    assert_eq!(list.introspect().peers[0].status.pending_request_count, 0);
}

struct Owned(mpsc::Sender<Outcome>);

impl OwnedPick for Owned {
    fn peer(&self) -> &dyn Peer {
        &Other
    }

    fn finish(self: Box<Self>, finish: Finish) {
        self.0.send(finish.outcome).unwrap();
    }
}

#[test]
fn a_pick_of_a_chooser_of_one_s_own_ends_once() {
    let (sender, outcomes) = mpsc::channel();
    let pick = Pick::owned(Box::new(Owned(sender.clone())));
    assert!(pick.downcast::<Other>().is_ok());
    pick.finish(Outcome::Overloaded);
    drop(Pick::owned(Box::new(Owned(sender))));
    assert_eq!(outcomes.iter().collect::<Vec<_>>(), [Outcome::Overloaded, Outcome::Abandoned]);
}

#[test]
fn a_pick_is_finished_on_any_thread_and_outlives_its_list() {
    let (list, transport) = running(&["a"]);
    let pick = list.try_choose(&Request::new()).unwrap();
    drop(list);
    assert_eq!(transport.retained(), 1, "a request is in flight");
    std::thread::spawn(move || pick.finish(Outcome::Success)).join().unwrap();
    assert_eq!(transport.releases(), ["a"]);
}

#[test]
fn a_subscriber_of_a_released_peer_changes_nothing() {
    let (list, transport) = running(&["a"]);
    let stale: Arc<dyn Subscriber> = transport.subscribers("a").remove(0);
    list.update(ListUpdates::removing(["a"])).unwrap();
    stale.notify_status_changed(&*transport.peer("a"));
    assert_eq!((list.available(), list.unavailable()), (0, 0));
    list.update(ListUpdates::adding(["a"])).unwrap();
    transport.set_status_quietly("a", peerage::ConnectionStatus::Unavailable);
    stale.notify_status_changed(&*transport.peer("a"));
    assert_eq!((list.available(), list.unavailable()), (1, 0), "it is not this peer's");
}

/// An identity that its transport gets back.
#[derive(Debug)]
struct Zoned(&'static str, &'static str);

impl Identifier for Zoned {
    fn identifier(&self) -> &str {
        self.0
    }

    fn attributes(&self) -> peerage::Attributes {
        peerage::Attributes::new().with_zone(self.1)
    }
}

#[test]
fn one_s_own_identifier_gets_through_to_the_transport() {
    #[derive(Default)]
    struct Asked(Mutex<Vec<(&'static str, &'static str)>>);
    impl Transport for Asked {
        fn retain_peer(
            &self,
            id: &Arc<dyn Identifier>,
            _: Arc<dyn Subscriber>,
        ) -> Result<Arc<dyn Peer>, peerage::TransportError> {
            assert!(id.downcast_ref::<String>().is_none());
            let zoned = id.downcast_ref::<Zoned>().ok_or("not zoned")?;
            self.0.lock().unwrap().push((zoned.0, zoned.1));
            Ok(Arc::new(Other))
        }

        fn release_peer(
            &self,
            _: &Arc<dyn Identifier>,
            _: &Arc<dyn Subscriber>,
        ) -> Result<(), peerage::TransportError> {
            Ok(())
        }
    }
    let transport = Arc::new(Asked::default());
    let list = PeerList::new(RoundRobin::new(), transport.clone(), ListOptions::new());
    list.start().unwrap();
    let additions: Vec<Arc<dyn Identifier>> = vec![Arc::new(Zoned("a", "zone 1"))];
    list.update(ListUpdates { additions, removals: vec![] }).unwrap();
    assert_eq!(*transport.0.lock().unwrap(), [("a", "zone 1")]);
    // Any identifier of the same name removes it.
    list.update(ListUpdates::removing(["a"])).unwrap();
    assert!(list.introspect().peers.is_empty());
}
