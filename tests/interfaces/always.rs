//! The transport of addresses that are always there.

use std::sync::{Arc, Mutex};

use peerage::policy::{AnyPolicy, PolicySpec, catalogue};
use peerage::transports::Always;
use peerage::{Chooser, ConnectionStatus, Identifier, Lifecycle, List, ListOptions, ListUpdates};
use peerage::{Outcome, PeerList, Request, Subscriber, Transport, identify};

fn list(spec: &PolicySpec, transport: &Arc<Always>) -> PeerList {
    let policy = AnyPolicy::from_spec(spec, None);
    PeerList::new(policy, transport.clone(), ListOptions::new())
}

#[test]
fn every_policy_finds_every_address_at_once() {
    for name in catalogue().map(|row| row.name()) {
        let list = list(&name.parse().unwrap(), &Always::new());
        list.start().unwrap();
        // More than any table begins with.
        list.update(ListUpdates::adding((0..65).map(|n| format!("10.0.0.{n}:80")))).unwrap();
        assert_eq!((list.available(), list.unavailable()), (65, 0), "{name}");
        let pick = list.try_choose(&Request::new().with_shard_key("10.0.0.7:80")).unwrap();
        assert!(pick.identifier().starts_with("10.0.0."));
        let pending = |status: peerage::ChooserStatus| -> u32 {
            status.peers.iter().map(|peer| peer.status.pending_request_count).sum()
        };
        assert_eq!(pending(list.introspect()), 1, "{name}: the list counts");
        assert_eq!(pick.peer().status().pending_request_count, 0, "{name}: the peer does not");
        pick.finish(Outcome::Success);
        list.update(ListUpdates::removing(["10.0.0.64:80"])).unwrap();
        assert_eq!(list.available(), 64, "{name}");
    }
}

/// Two lists share it, and either may let it go first.
#[test]
fn lists_share_one_peer_for_each_name() {
    let transport = Always::new();
    let spec: PolicySpec = "random".parse().unwrap();
    let lists = [list(&spec, &transport), list(&spec, &transport)];
    let picks = lists.each_ref().map(|list| {
        list.start().unwrap();
        list.update(ListUpdates::adding(["a"])).unwrap();
        list.try_choose(&Request::new()).unwrap()
    });
    assert!(std::ptr::addr_eq(picks[0].peer(), picks[1].peer()));
    assert_eq!(format!("{transport:?}"), "Always { addresses: 1 }");
    drop(lists);
    assert_eq!(picks[0].peer().status().connection_status, ConnectionStatus::Available);
    drop(picks);
    assert_eq!(format!("{transport:?}"), "Always { addresses: 0 }");
}

#[derive(Default)]
struct Listener(Mutex<usize>);

impl Subscriber for Listener {
    fn notify_status_changed(&self, _: &dyn Identifier) {
        *self.0.lock().unwrap() += 1;
    }
}

#[test]
fn it_reports_nothing_and_knows_what_is_retained() {
    let transport = Always::new();
    let (listener, id) = (Arc::new(Listener::default()), identify("a"));
    let subscriber: Arc<dyn Subscriber> = listener.clone();
    transport.retain_peer(&id, subscriber.clone()).unwrap();
    transport.release_peer(&id, &subscriber).unwrap();
    let error = transport.release_peer(&id, &subscriber).unwrap_err();
    assert_eq!(error.to_string(), "transport \"always\" has no reference to peer \"a\"");
    assert_eq!(*listener.0.lock().unwrap(), 0);
}
