//! What an update does to the list, and what transports and policies may do to an update.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use peerage::policy::{AnyPolicy, Key, Nothing, PeerInfo, RoundRobin, Serial, SerialPolicy};
use peerage::testing::FakeTransport;
use peerage::{
    Chooser, Identifier, Lifecycle, List, ListOptions, ListUpdates, Outcome, Peer, Registry,
    Request, Status, StatusPeer, Subscriber, Transport, TransportError,
};

use crate::support::{chosen, counts, custom, list, running, within};

/// A transport whose peers go by another name than the one they are asked for with.
struct Canonical(Registry<CanonicalPeer>);

#[derive(Debug)]
struct CanonicalPeer(String);

impl Identifier for CanonicalPeer {
    fn identifier(&self) -> &str {
        &self.0
    }
}

impl StatusPeer for CanonicalPeer {
    fn status(&self) -> Status {
        Status { connection_status: peerage::ConnectionStatus::Available, pending_request_count: 0 }
    }
}

impl Peer for CanonicalPeer {}

impl Transport for Canonical {
    fn retain_peer(
        &self,
        id: &Arc<dyn Identifier>,
        subscriber: Arc<dyn Subscriber>,
    ) -> Result<Arc<dyn Peer>, TransportError> {
        let make = |_| CanonicalPeer(format!("canonical:{}", id.identifier()));
        Ok(self.0.retain(id.identifier(), subscriber, make).0)
    }

    fn release_peer(
        &self,
        id: &Arc<dyn Identifier>,
        subscriber: &Arc<dyn Subscriber>,
    ) -> Result<(), TransportError> {
        self.0.release(id.identifier(), subscriber).map(|_| ())
    }
}

#[test]
fn a_peer_is_known_by_the_name_it_was_added_with() {
    let transport = Arc::new(Canonical(Registry::new("canonical")));
    let list = custom(RoundRobin::new(), transport.clone(), ListOptions::new());
    list.start().expect("starts");
    list.update(ListUpdates::adding(["a", "b"])).expect("adds");
    list.update(ListUpdates::removing(["b"])).expect("removes");
    assert_eq!(chosen(&*list, &Request::new()).as_deref(), Some("canonical:a"));
    list.stop().expect("stops");
    assert!(transport.0.peers().is_empty());
    assert!(list.is_uninitialized("a"));
}

/// The member that is written down at the stop is the updater's, shard name and all, and the
/// transport's peer is let go.
#[test]
fn a_stopped_list_holds_no_peers() {
    let transport = Arc::new(Canonical(Registry::new("canonical")));
    let list = custom(RoundRobin::new(), transport.clone(), ListOptions::new());
    list.start().expect("starts");
    list.update(ListUpdates::adding(["a"])).expect("adds");
    let peer = transport.0.get("a").expect("retained");
    list.stop().expect("stops");
    assert_eq!(Arc::strong_count(&peer), 1, "only this test holds it");
}

/// Answers with a key of another list.
#[derive(Debug)]
struct Foreign(Key);

impl SerialPolicy for Foreign {
    fn name(&self) -> &'static str {
        "foreign"
    }

    fn available(&mut self, _: &PeerInfo<'_>) {}

    fn unavailable(&mut self, _: Key) {}

    fn choose(&mut self, _: &Request<'_>) -> Result<Key, Nothing> {
        Ok(self.0)
    }
}

/// Gives the last key away.
#[derive(Debug)]
struct Leaky(Arc<Mutex<Option<Key>>>);

impl SerialPolicy for Leaky {
    fn name(&self) -> &'static str {
        "leaky"
    }

    fn available(&mut self, peer: &PeerInfo<'_>) {
        let peer = peer.key;
        *self.0.lock().expect("no panic") = Some(peer);
    }

    fn unavailable(&mut self, _: Key) {}

    fn choose(&mut self, _: &Request<'_>) -> Result<Key, Nothing> {
        self.0.lock().expect("no panic").ok_or(Nothing::Unavailable)
    }
}

#[test]
fn a_policy_that_answers_with_a_foreign_or_stale_peer_has_no_peer() {
    let leak = Arc::new(Mutex::new(None));
    let leaky = custom(Serial::new(Leaky(leak.clone())), FakeTransport::new(), ListOptions::new());
    leaky.start().expect("starts");
    leaky.update(ListUpdates::adding((0..40).map(|id| id.to_string()))).expect("adds");
    let key = leak.lock().expect("no panic").expect("added");
    assert!(chosen(&*leaky, &Request::new()).is_some());
    leaky.update(ListUpdates::removing((0..40).map(|id| id.to_string()))).expect("removes");
    assert_eq!(chosen(&*leaky, &Request::new()), None, "stale");

    let list = custom(Serial::new(Foreign(key)), FakeTransport::new(), ListOptions::new());
    list.start().expect("starts");
    list.update(ListUpdates::adding(["a"])).expect("adds");
    assert_eq!(chosen(&*list, &Request::new()), None, "foreign");
    assert_eq!(crate::support::pending(&*list, "a"), 0);
}

/// A capacity cannot be negative, and is no limit.
#[test]
fn a_capacity_is_a_hint() {
    for name in ["round-robin", "random", "two-random-choices", "fewest-pending-requests"] {
        for capacity in [0, 1] {
            let policy: AnyPolicy = name.parse().expect("a policy");
            let options = ListOptions::new().with_capacity(capacity);
            let list = custom(policy, FakeTransport::new(), options);
            list.start().expect("starts");
            list.update(ListUpdates::adding(["a", "b", "c"])).expect("adds");
            assert_eq!(counts(&list), (3, 0, 0), "{name}");
        }
    }
}

#[test]
fn a_duplicate_is_refused_before_the_start_too() {
    let list = list("round-robin", &FakeTransport::new());
    list.update(ListUpdates::adding(["a"])).expect("adds");
    let error = list.update(ListUpdates::adding(["a", "b"])).expect_err("twice");
    assert_eq!(error.to_string(), r#"can't add peer "a" because is already in peerlist"#);
    assert_eq!(counts(&list), (0, 0, 2));
}

#[test]
fn a_list_goes_by_its_policys_name_or_its_own() {
    let transport = FakeTransport::new();
    for name in ["round-robin", "random", "two-random-choices", "hashring32"] {
        assert_eq!(list(name, &transport).introspect().name, name);
    }
    let named = ListOptions::new().with_name("users");
    let list = custom(RoundRobin::new(), transport, named);
    assert_eq!(list.introspect().name, "users");
}

/// No peer of this transport counts its requests, as no transport of yarpc-go does.
#[test]
fn loads_are_counted_whatever_the_transport() {
    for policy in ["fewest-pending-requests", "two-random-choices"] {
        let list = running(policy, &FakeTransport::new(), &["a", "b"]);
        let mut stuck = vec![];
        let mut fast = 0;
        for _ in 0..10 {
            let pick = list.try_choose(&Request::new()).expect("a peer");
            match pick.identifier() {
                "a" => stuck.push(pick),
                _ => {
                    fast += 1;
                    pick.finish(Outcome::Success);
                }
            }
        }
        assert!(stuck.len() <= 1 && fast >= 9, "{policy}: {} of 10 to a", stuck.len());
    }
}

/// Notifying, choosing and updating from inside the transport's methods.
#[test]
fn a_transport_may_call_back_into_the_list() {
    within(|| {
        let transport = FakeTransport::new();
        let list = list("fewest-pending-requests", &transport);
        let calls = Arc::new(AtomicUsize::new(0));
        let hook = {
            let (list, calls) = (Arc::downgrade(&list), calls.clone());
            move |id: &str, subscriber: &Arc<dyn Subscriber>| {
                calls.fetch_add(1, Ordering::Relaxed);
                subscriber.notify_status_changed(&id.to_owned());
                let Some(list) = list.upgrade() else { return };
                let _ = chosen(&*list, &Request::new());
                let _ = list.introspect();
                let _ = counts(&list);
            }
        };
        transport.on_retain(hook.clone());
        transport.on_release(hook);
        list.start().expect("starts");
        list.update(ListUpdates::adding(["a", "b"])).expect("adds");
        list.update(ListUpdates::removing(["a"])).expect("removes");
        list.stop().expect("stops");
        assert_eq!(calls.load(Ordering::Relaxed), 4);
    });
}
