//! The choosers around the list: `Single`, `Bind` with `StaticPeers`, `Direct`.

use std::sync::Arc;

use peerage::ConnectionStatus::{Available, Unavailable};
use peerage::policy::RoundRobin;
use peerage::testing::FakeTransport;
use peerage::{
    Bind, ChooseErrorKind, Chooser, Direct, DirectOptions, Lifecycle, LifecycleError, List,
    ListOptions, PeerList, Request, Single, State, StaticPeers, identify,
};

use crate::support::chosen;

#[test]
fn single_runs_when_it_runs() {
    let transport = FakeTransport::new();
    let single = Single::new(identify("a"), transport.clone());
    assert!(!single.is_running(), "idle");
    transport.fail_retain("a", Some("no"));
    single.start().expect_err("a fails");
    assert!(!single.is_running(), "failed");
    transport.fail_retain("a", None);
    single.start().expect("starts");
    assert!(single.is_running());
    single.stop().expect("stops");
    assert!(!single.is_running(), "stopped");
}

#[test]
fn single_hands_out_an_available_peer_only_and_says_how_it_is() {
    let transport = FakeTransport::with_initial_status(Unavailable);
    let options = ListOptions::new().with_name("one");
    let single = Single::with_options(identify("a"), transport.clone(), options);
    assert_eq!(single.introspect().state, State::Idle);
    single.start().expect("starts");
    let error = single.try_choose(&Request::new()).expect_err("unavailable");
    assert_eq!((error.kind(), error.list()), (ChooseErrorKind::NoPeer, "one"));
    assert_eq!(single.introspect().state_text(), "Running (0/1 available)");
    transport.set_status("a", Available);
    assert_eq!(chosen(&single, &Request::new()).as_deref(), Some("a"));
}

#[test]
fn one_bad_static_peer_does_not_spoil_the_others() {
    let transport = FakeTransport::new();
    transport.fail_retain("bad", Some("no"));
    let list = PeerList::new(RoundRobin::new(), transport.clone(), ListOptions::new());
    let chooser = Bind::new(list, StaticPeers::binder(["a", "a", "bad", "b"]));
    chooser.start().expect("starts");
    assert_eq!(chooser.list().available(), 2);
    chooser.stop().expect("stops, and removes only what it added");
    assert_eq!(transport.retained(), 0);
}

/// The part of a bind that panics instead of failing.
struct Panicking;

impl peerage::Updater for Panicking {}

impl Lifecycle for Panicking {
    fn start(&self) -> Result<(), LifecycleError> {
        panic!("updater's start")
    }

    fn stop(&self) -> Result<(), LifecycleError> {
        panic!("updater's stop")
    }

    fn is_running(&self) -> bool {
        false
    }
}

#[test]
fn an_updater_that_panics_leaves_no_list_running() {
    let transport = FakeTransport::new();
    let list = PeerList::new(RoundRobin::new(), transport.clone(), ListOptions::new());
    list.update(peerage::ListUpdates::adding(["a"])).expect("adds");
    let panicking = |_: Arc<dyn List>| Arc::new(Panicking) as Arc<dyn peerage::Updater>;
    let chooser = Bind::new(list, panicking);
    let error = chooser.start().expect_err("panics");
    assert!(error.to_string().contains("updater's start"), "{error}");
    assert_eq!((transport.retained(), chooser.list().state()), (0, State::Stopped));

    let list = PeerList::new(RoundRobin::new(), transport.clone(), ListOptions::new());
    let chooser = Bind::new(list, panicking);
    chooser.list().start().expect("starts");
    chooser.list().update(peerage::ListUpdates::adding(["a"])).expect("adds");
    let error = chooser.stop().expect_err("panics");
    assert!(error.to_string().contains("updater's stop"), "{error}");
    assert_eq!((transport.retained(), chooser.list().state()), (0, State::Stopped));
}

#[test]
fn direct_keeps_the_peer_for_the_next_request_and_waits_until_it_is_connected() {
    let transport = FakeTransport::with_initial_status(Unavailable);
    let direct = Direct::new(transport.clone(), DirectOptions::default());
    direct.start().expect("starts");
    let request = Request::new().with_shard_key("a");
    assert_eq!(
        direct.try_choose(&request).expect_err("connecting").kind(),
        ChooseErrorKind::NoPeer
    );
    transport.set_status("a", Available);
    for _ in 0..5 {
        assert_eq!(chosen(&direct, &request).as_deref(), Some("a"));
    }
    assert_eq!((transport.retains(), transport.releases().len()), (vec!["a".to_owned()], 0));
    direct.stop().expect("stops");
    assert_eq!(transport.retained(), 0);
}

/// A request cannot be null; one of which nothing is known is the nearest there is.
#[test]
fn a_request_of_which_nothing_is_known_is_an_error_or_a_choice() {
    let transport = FakeTransport::new();
    let direct = Direct::new(transport.clone(), DirectOptions::default());
    direct.start().expect("starts");
    let error = direct.try_choose(&Request::new()).expect_err("no name");
    assert!(matches!(error.kind(), ChooseErrorKind::InvalidRequest(_)));
    assert_eq!(transport.retained(), 0);
    let ring = crate::support::running("hashring32", &transport, &["a"]);
    assert_eq!(chosen(&*ring, &Request::new()).as_deref(), Some("a"));
}
