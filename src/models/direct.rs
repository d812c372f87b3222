//! `direct`: a name that is let go, and callers that begin to ask for it at that moment.

use std::sync::Arc;

use loom::thread;

use crate::chooser::Chooser;
use crate::choosers::{Direct, DirectOptions};
use crate::lifecycle::Lifecycle;
use crate::outcome::Outcome;
use crate::peer::ConnectionStatus;
use crate::request::Request;
use crate::testing::FakeTransport;
use crate::wait::Wait;

/// A running chooser that keeps no peer, with one that was chosen and is not needed any more.
fn direct() -> (Arc<Direct>, Arc<FakeTransport>) {
    let transport = FakeTransport::new();
    let chooser = Direct::new(transport.clone(), DirectOptions::new().with_keep(0));
    chooser.start().unwrap();
    serve(&chooser, "a");
    (Arc::new(chooser), transport)
}

/// A caller that gets its peer, or waits for ever: then the checker reports a deadlock.
fn serve(chooser: &Direct, name: &str) {
    let pick = chooser.choose(&Request::new().with_shard_key(name), Wait::forever()).unwrap();
    assert_eq!(pick.identifier(), name);
    pick.finish(Outcome::Success);
}

/// A peer that can be chosen while it is let go: the caller has the old one or a new one, and it is
/// added once.
#[test]
fn a_name_that_is_chosen_while_it_is_let_go_is_served() {
    loom::model(|| {
        let (chooser, transport) = direct();
        let caller = {
            let chooser = Arc::clone(&chooser);
            thread::spawn(move || serve(&chooser, "a"))
        };
        chooser.let_go();
        caller.join().unwrap();

        let (retains, releases) = (transport.retains().len(), transport.releases().len());
        assert!(retains <= 2, "added once, and at most once again: {retains}");
        assert_eq!(retains - releases, transport.retained());
        chooser.let_go();
        assert_eq!(transport.retained(), 0, "no caller needs it");
    });
}

/// A peer that has gone down, for which a caller begins to wait while it is let go: it is there
/// when it comes up, or a new one is.
#[test]
fn a_name_that_is_held_while_it_is_let_go_is_in_the_list() {
    loom::model(|| {
        let (chooser, transport) = direct();
        transport.set_status("a", ConnectionStatus::Unavailable);
        let caller = {
            let chooser = Arc::clone(&chooser);
            thread::spawn(move || serve(&chooser, "a"))
        };
        chooser.let_go();
        transport.set_status("a", ConnectionStatus::Available);
        caller.join().unwrap();
        assert!(transport.retains().len() <= 2);
        assert!(transport.retained() <= 1);
    });
}

/// Two callers of one name, one of whom adds it.
#[test]
fn callers_of_a_new_name_add_it_once() {
    loom::model(|| {
        let transport = FakeTransport::new();
        let chooser = Arc::new(Direct::new(transport.clone(), DirectOptions::new()));
        chooser.start().unwrap();
        let other = {
            let chooser = Arc::clone(&chooser);
            thread::spawn(move || serve(&chooser, "a"))
        };
        serve(&chooser, "a");
        other.join().unwrap();
        assert_eq!(transport.retains(), ["a"]);
    });
}

/// Two callers of one name that the transport refuses: neither waits for the other's peer.
#[test]
fn callers_of_a_refused_name_are_both_told() {
    loom::model(|| {
        let transport = FakeTransport::new();
        transport.fail_retain("a", Some("no route"));
        let chooser = Arc::new(Direct::new(transport, DirectOptions::new()));
        chooser.start().unwrap();
        let refused = |chooser: &Direct| {
            let request = Request::new().with_shard_key("a");
            assert!(chooser.choose(&request, Wait::forever()).is_err());
        };
        let other = {
            let chooser = Arc::clone(&chooser);
            thread::spawn(move || refused(&chooser))
        };
        refused(&chooser);
        other.join().unwrap();
    });
}

/// A caller that comes before the start, or during it, adds what it came for when it is over.
#[test]
fn a_caller_that_meets_the_start_is_served() {
    loom::model(|| {
        let transport = FakeTransport::new();
        let chooser = Arc::new(Direct::new(transport.clone(), DirectOptions::new()));
        let caller = {
            let chooser = Arc::clone(&chooser);
            thread::spawn(move || serve(&chooser, "a"))
        };
        chooser.start().unwrap();
        caller.join().unwrap();
        assert_eq!(transport.retains(), ["a"]);
    });
}
