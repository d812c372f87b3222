//! The choosers around a list, and the updater for known peers.

use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex};
use std::thread;

use peerage::policy::RoundRobin;
use peerage::testing::{FakePeer, FakeTransport};
use peerage::{Bind, ChooseErrorKind, Chooser, ConnectionStatus, Direct, DirectOptions};
use peerage::{
    Lifecycle, LifecycleError, List, ListUpdates, Outcome, PeerList, Ready, Request, Updater,
};
use peerage::{Single, StaticPeers, StatusPeer, Wait, identify};

use crate::idle;
use crate::support::LIMIT;

type Bound = Bind<PeerList<RoundRobin>>;

#[test]
fn a_single_hands_out_its_peer_while_it_is_available() {
    let transport = FakeTransport::new();
    let single = Single::new(identify("a"), transport.clone());
    assert_eq!((single.introspect().name.as_str(), transport.retained()), ("single", 0));
    single.start().unwrap();
    assert!(single.is_running());
    assert_eq!(single.choose(&Request::new(), Wait::default()).unwrap().identifier(), "a");
    transport.set_status("a", ConnectionStatus::Connecting);
    let error = single.try_choose(&Request::new()).unwrap_err();
    assert_eq!(error.kind(), ChooseErrorKind::NoPeer);
    assert!(error.to_string().contains("has 1 peer but it is not responsive"), "{error}");
    single.stop().unwrap();
    assert_eq!(transport.releases(), ["a"]);
}

#[test]
fn direct_takes_the_peer_that_the_shard_key_names() {
    let transport = FakeTransport::new();
    let direct = Direct::new(transport.clone(), DirectOptions::default());
    direct.start().unwrap();
    for name in ["a", "b", "a"] {
        let request = Request::new().with_shard_key(name);
        assert_eq!(direct.choose(&request, Wait::default()).unwrap().identifier(), name);
    }
    assert_eq!(transport.retains(), ["a", "b"], "a peer stays for the next request");
    let error = direct.try_choose(&Request::new()).unwrap_err();
    assert!(matches!(error.kind(), ChooseErrorKind::InvalidRequest(_)));
    assert_eq!(error.to_string(), "\"direct\" chooser requires ShardKey to be non-empty");
    direct.stop().unwrap();
    assert_eq!(transport.retained(), 0);
}

#[test]
fn direct_passes_the_transport_s_refusal_on() {
    let transport = FakeTransport::new();
    transport.fail_retain("a", Some("no route"));
    let direct = Direct::new(transport.clone(), DirectOptions::default());
    direct.start().unwrap();
    let request = Request::new().with_shard_key("a");
    let error = direct.choose(&request, Wait::default()).unwrap_err();
    assert_eq!(error.kind(), ChooseErrorKind::NotRetained);
    assert_eq!(std::error::Error::source(&error).unwrap().to_string(), "no route");
    transport.fail_retain("a", None);
    assert!(direct.choose(&request, Wait::default()).is_ok());
}

#[test]
fn direct_waits_until_its_peer_is_connected() {
    let transport = FakeTransport::with_initial_status(ConnectionStatus::Connecting);
    let direct = Direct::new(transport.clone(), DirectOptions::default());
    direct.start().unwrap();
    let request = Request::new().with_shard_key("a");
    assert_eq!(direct.try_choose(&request).unwrap_err().kind(), ChooseErrorKind::NoPeer);
    thread::scope(|scope| {
        let waiter = scope.spawn(|| {
            let request = Request::new().with_shard_key("a");
            direct.choose(&request, Wait::timeout(LIMIT)).map(|pick| pick.identifier().to_owned())
        });
        let (sender, told) = channel();
        let notice = Box::new(move |ready| sender.send(ready).unwrap());
        assert!(direct.notify_ready(&request, notice).is_some());
        transport.set_status("a", ConnectionStatus::Available);
        assert_eq!(told.try_recv(), Ok(Ready::TryAgain));
        assert_eq!(waiter.join().unwrap().unwrap(), "a");
    });
}

/// Writes down what it is asked, under a name, and fails where it is told to.
#[derive(Clone, Default)]
struct Part {
    calls: Arc<Mutex<Vec<&'static str>>>,
    start: Option<&'static str>,
    stop: Option<&'static str>,
}

impl Part {
    fn call(&self, what: &'static str, error: Option<&'static str>) -> Result<(), LifecycleError> {
        self.calls.lock().unwrap().push(what);
        error.map_or(Ok(()), |error| Err(LifecycleError::other(error)))
    }
}

impl Updater for Part {}

impl Lifecycle for Part {
    fn start(&self) -> Result<(), LifecycleError> {
        self.call("start", self.start)
    }

    fn stop(&self) -> Result<(), LifecycleError> {
        self.call("stop", self.stop)
    }

    fn is_running(&self) -> bool {
        self.calls.lock().unwrap().last() == Some(&"start")
    }
}

#[test]
fn bind_starts_and_stops_both_once() {
    let (list, transport) = idle(&["a"]);
    let part = Part::default();
    let updater = Arc::new(part.clone()) as Arc<dyn Updater>;
    let bound = Bound::new(list, move |_: Arc<dyn List>| updater);
    assert!(!bound.is_running());
    bound.start().unwrap();
    bound.start().unwrap();
    assert!(bound.is_running() && bound.list().is_running());
    assert_eq!(bound.try_choose(&Request::new()).unwrap().identifier(), "a");
    let mut both = [bound.introspect(), bound.list().introspect()];
    both.iter_mut().for_each(|status| status.stats.updates.age = None);
    assert_eq!(both[0], both[1]);
    bound.stop().unwrap();
    bound.stop().unwrap();
    assert_eq!(*part.calls.lock().unwrap(), ["start", "stop"]);
    assert_eq!(transport.retained(), 0);
    assert!(!bound.is_running());
}

#[test]
fn bind_stops_the_list_of_an_updater_that_does_not_start() {
    let (list, transport) = idle(&["a"]);
    let part = Part { start: Some("no names"), ..Part::default() };
    let updater = Arc::new(part) as Arc<dyn Updater>;
    let bound = Bound::new(list, move |_: Arc<dyn List>| updater);
    assert_eq!(bound.start().unwrap_err().to_string(), "no names");
    assert_eq!((transport.retained(), bound.is_running()), (0, false));
    let stopped = bound.try_choose(&Request::new()).unwrap_err();
    assert_eq!(stopped.kind(), ChooseErrorKind::Stopped);
}

#[test]
fn bind_stops_both_even_if_one_fails_and_tells_both_errors() {
    let (list, transport) = idle(&["a"]);
    transport.fail_release("a", Some("stuck"));
    let part = Part { stop: Some("busy"), ..Part::default() };
    let updater = Arc::new(part) as Arc<dyn Updater>;
    let bound = Bound::new(list, move |_: Arc<dyn List>| updater);
    bound.start().unwrap();
    let error = bound.stop().unwrap_err();
    assert!(matches!(error, LifecycleError::Both(..)));
    assert_eq!(error.to_string(), "busy; can't release peer \"a\": stuck");
    assert_eq!(transport.retained(), 0);
}

#[test]
fn static_peers_come_with_the_start_and_go_with_the_stop() {
    let (list, transport) = idle(&[]);
    let bound = Bound::new(Arc::clone(&list), StaticPeers::binder(["a", "b", "a"]));
    assert_eq!(list.uninitialized(), 0);
    bound.start().unwrap();
    assert_eq!(transport.retains(), ["a", "b"], "a name that is given twice counts once");
    bound.stop().unwrap();
    assert_eq!(transport.releases(), ["a", "b"]);
    assert_eq!(list.uninitialized(), 0, "they have left the list");
}

#[test]
fn static_peers_make_do_with_those_that_can_be_had() {
    let (list, transport) = idle(&[]);
    list.start().unwrap();
    transport.fail_retain("b", Some("refused"));
    let peers = StaticPeers::new(list.clone(), ["a", "b"].map(identify).into());
    peers.start().unwrap();
    let failures: Vec<_> = peers.failures().iter().map(ToString::to_string).collect();
    assert_eq!(failures, ["can't retain peer \"b\": refused"]);
    // One that was added by another updater stays.
    transport.fail_retain("b", None);
    list.update(ListUpdates::adding(["b"])).unwrap();
    peers.stop().unwrap();
    assert!(list.is_available("b") && !list.is_available("a"));
}

#[test]
fn static_peers_fail_if_none_can_be_had() {
    let (list, transport) = idle(&[]);
    list.start().unwrap();
    transport.fail_retain("a", Some("refused"));
    let peers = StaticPeers::new(list, vec![identify("a")]);
    assert!(matches!(peers.start(), Err(LifecycleError::Peers(_))));
    assert!(!peers.is_running());
    transport.fail_retain("a", None);
    peers.start().unwrap();
    assert!(peers.is_running());
}

#[test]
fn a_fake_peer_that_watches_is_told_how_each_request_ended() {
    let transport = FakeTransport::watching_requests();
    let single = Single::new(identify("a"), transport.clone());
    single.start().unwrap();
    let choose = || single.try_choose(&Request::new()).unwrap();
    let (first, second) = (choose(), choose());
    let peer: Arc<FakePeer> = transport.peer("a");
    assert_eq!((peer.started(), peer.status().pending_request_count), (2, 2));
    second.finish(Outcome::Overloaded);
    drop(first);
    assert_eq!(peer.ended(), [Outcome::Overloaded, Outcome::Abandoned]);
}
