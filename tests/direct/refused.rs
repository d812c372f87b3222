//! Requests that cannot be served: their callers are told so, and nothing is kept of them.

use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use peerage::testing::FakeTransport;
use peerage::{
    CancelToken, ChooseErrorKind, Chooser, ConnectionStatus, Direct, DirectOptions, Identifier,
    Lifecycle, ListOptions, Outcome, Peer, Ready, Request, State, Subscriber, Transport,
    TransportError, Wait,
};

use super::net::LIMIT;
use super::support::{until, within};
use super::{direct, named};

/// Asks for a notice that is given before this returns.
fn given_at_once(chooser: &Direct, request: &Request<'_>) -> Ready {
    let (told, given) = mpsc::channel();
    let notice = move |ready| told.send(ready).unwrap();
    assert_eq!(chooser.notify_ready(request, Box::new(notice)), None);
    given.try_recv().expect("it was given at once")
}

#[test]
fn a_notice_for_a_request_that_cannot_be_served_is_given_at_once() {
    let (chooser, transport) = direct(4);
    transport.fail_retain("refused:1", Some("no route"));
    for (request, kind) in [
        (Request::new(), "ShardKey to be non-empty"),
        (Request::new().with_shard_key(b"\xff"), "is not UTF-8 at byte 0"),
        (named("refused:1"), "can't retain the peer: no route"),
    ] {
        assert_eq!(given_at_once(&chooser, &request), Ready::TryAgain);
        let error = chooser.try_choose(&request).unwrap_err();
        assert!(error.to_string().contains(kind), "{error}");
    }
    assert_eq!(chooser.stats().waiting, 0);
    assert!(chooser.introspect().peers.is_empty());
    chooser.stop().unwrap();
    assert_eq!(given_at_once(&chooser, &named("a:1")), Ready::Stopped);
    assert_eq!(given_at_once(&chooser, &Request::new()), Ready::TryAgain);
}

#[test]
fn a_notice_that_panics_when_it_is_given_at_once_harms_no_caller() {
    let (chooser, _transport) = direct(4);
    let id = chooser.notify_ready(&Request::new(), Box::new(|_| panic!("of the test")));
    assert_eq!(id, None);
}

/// A transport that takes its time, and then does not give the peer.
struct Reluctant {
    asked: Mutex<Sender<()>>,
    answer: Mutex<Receiver<()>>,
}

impl Transport for Reluctant {
    fn retain_peer(
        &self,
        _: &Arc<dyn Identifier>,
        _: Arc<dyn Subscriber>,
    ) -> Result<Arc<dyn Peer>, TransportError> {
        self.asked.lock().unwrap().send(()).unwrap();
        let _ = self.answer.lock().unwrap().recv_timeout(LIMIT);
        Err("no route".into())
    }

    fn release_peer(
        &self,
        _: &Arc<dyn Identifier>,
        _: &Arc<dyn Subscriber>,
    ) -> Result<(), TransportError> {
        Err("it has no peers".into())
    }
}

/// While one caller has the transport asked, others wait for the same peer.
#[test]
fn callers_that_wait_for_a_peer_that_is_refused_to_another_are_told() {
    const OTHERS: usize = 66;
    let (asked, asks) = mpsc::channel();
    let (answer, answers) = mpsc::channel();
    let transport = Reluctant { asked: Mutex::new(asked), answer: Mutex::new(answers) };
    let chooser = Direct::new(Arc::new(transport), DirectOptions::new());
    let chooser = Arc::new(chooser);
    chooser.start().unwrap();
    let caller = || {
        let chooser = Arc::clone(&chooser);
        thread::spawn(move || {
            let error = chooser.choose(&named("a:1"), Wait::forever()).unwrap_err();
            (error.kind(), error.to_string())
        })
    };
    let first = caller();
    asks.recv_timeout(LIMIT).expect("the transport is asked");
    let others: Vec<_> = (0..OTHERS).map(|_| caller()).collect();
    let (told, given) = mpsc::channel();
    for _ in 0..OTHERS {
        let told = told.clone();
        let notice = move |ready| told.send(ready).unwrap();
        assert!(chooser.notify_ready(&named("a:1"), Box::new(notice)).is_some());
    }
    // These wait for nothing of the kind.
    assert_eq!(chooser.try_choose(&named("a:1")).unwrap_err().kind(), ChooseErrorKind::NoPeer);
    until("all wait", || chooser.stats().waiting == 2 * OTHERS);

    answer.send(()).unwrap();
    for caller in [first].into_iter().chain(others) {
        let (kind, text) = caller.join().unwrap();
        assert_eq!(kind, ChooseErrorKind::NotRetained);
        assert_eq!(text, r#""direct" chooser can't retain the peer: no route"#);
    }
    for _ in 0..OTHERS {
        assert_eq!(given.recv_timeout(LIMIT).unwrap(), Ready::TryAgain);
    }
    assert!(asks.try_recv().is_err(), "the transport was asked once");
    assert_eq!(chooser.stats().waiting, 0);

    // A try after that asks it again.
    answer.send(()).unwrap();
    assert_eq!(chooser.try_choose(&named("a:1")).unwrap_err().kind(), ChooseErrorKind::NotRetained);
    asks.try_recv().expect("the transport is asked again");
}

#[test]
fn a_chooser_that_does_not_run_remembers_no_name() {
    let transport = FakeTransport::new();
    let chooser = Direct::new(transport.clone(), DirectOptions::new());
    let refused = |state| {
        for n in 0..300 {
            let name = format!("a{n}:1");
            let tried = chooser.try_choose(&named(&name)).unwrap_err();
            let soon = Wait::timeout(Duration::ZERO);
            let waited = chooser.choose(&named(&name), soon).unwrap_err();
            for error in [tried, waited] {
                match state {
                    State::Stopped => assert_eq!(error.kind(), ChooseErrorKind::Stopped),
                    state => assert_eq!(error.kind(), ChooseErrorKind::NotRunning(state)),
                }
            }
            if let Some(id) = chooser.notify_ready(&named(&name), Box::new(|_| ())) {
                assert!(chooser.cancel_notice(id));
            }
        }
        assert_eq!(chooser.stats().uninitialized, 0);
        assert!(chooser.introspect().peers.is_empty());
    };
    refused(State::Idle);
    chooser.start().unwrap();
    assert_eq!(transport.retains(), [""; 0]);
    chooser.stop().unwrap();
    refused(State::Stopped);
    assert_eq!(transport.retains(), [""; 0]);
}

#[test]
fn callers_that_came_before_the_start_are_served_after_it() {
    let transport = FakeTransport::new();
    transport.fail_retain("refused:1", Some("no route"));
    let chooser = Arc::new(Direct::new(transport.clone(), DirectOptions::new()));
    let waiter = |name: &'static str| {
        let chooser = Arc::clone(&chooser);
        thread::spawn(move || {
            let chosen = chooser.choose(&named(name), Wait::timeout(LIMIT));
            chosen.map(|pick| pick.finish(Outcome::Success)).map_err(|error| error.kind())
        })
    };
    let (served, refused) = (waiter("a:1"), waiter("refused:1"));
    let (told, given) = mpsc::channel();
    let notice = move |ready| told.send(ready).unwrap();
    assert!(chooser.notify_ready(&named("b:1"), Box::new(notice)).is_some());
    until("all wait", || chooser.stats().waiting == 3);
    assert_eq!(transport.retains(), [""; 0]);

    chooser.start().unwrap();
    assert_eq!(served.join().unwrap(), Ok(()));
    assert_eq!(refused.join().unwrap(), Err(ChooseErrorKind::NotRetained));
    assert_eq!(given.recv_timeout(LIMIT).unwrap(), Ready::TryAgain);
    chooser.try_choose(&named("b:1")).unwrap().finish(Outcome::Success);
}

#[test]
fn a_cancelled_caller_has_no_peer_connected() {
    let (chooser, transport) = direct(4);
    let token = CancelToken::new();
    token.trigger();
    let wait = Wait::forever().cancelled_by(&token);
    let error = chooser.choose(&named("a:1"), wait).unwrap_err();
    assert_eq!(error.kind(), ChooseErrorKind::Cancelled);
    assert_eq!(transport.retains(), [""; 0]);
    // What is wrong with the request is said all the same.
    let error = chooser.choose(&Request::new(), wait).unwrap_err();
    assert!(matches!(error.kind(), ChooseErrorKind::InvalidRequest(_)));
}

#[test]
fn a_wait_is_as_long_as_the_list_s_settings_say() {
    let transport = FakeTransport::with_initial_status(ConnectionStatus::Connecting);
    let list = ListOptions::new().with_default_timeout(Duration::from_millis(1));
    let chooser = Direct::new(transport.clone(), DirectOptions::new().with_list(list));
    chooser.start().unwrap();
    let error = within(move || chooser.choose(&named("a:1"), Wait::default()).unwrap_err());
    assert!(matches!(error.kind(), ChooseErrorKind::TimedOut(_)), "{error}");

    let chooser = Direct::new(
        transport,
        DirectOptions::new().with_list(ListOptions::new().with_fail_fast(true)),
    );
    chooser.start().unwrap();
    let error = within(move || chooser.choose(&named("b:1"), Wait::forever()).unwrap_err());
    assert_eq!(error.kind(), ChooseErrorKind::FailFast);
}

#[test]
fn a_wait_for_the_start_is_not_longer_than_it_was_to_be() {
    let chooser = Direct::new(FakeTransport::new(), DirectOptions::new());
    let error = chooser.choose(&named("a:1"), Wait::timeout(Duration::from_millis(1))).unwrap_err();
    assert_eq!(error.kind(), ChooseErrorKind::NotRunning(State::Idle));
}
