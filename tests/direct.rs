//! `Direct`: the request names its peer, which is retained, waited for, kept and let go.
#![cfg(feature = "testing")]

#[path = "direct/attempts.rs"]
mod attempts;
#[path = "direct/needed.rs"]
mod needed;
#[path = "direct/net.rs"]
mod net;
#[path = "direct/reentrant.rs"]
mod reentrant;
#[path = "direct/refused.rs"]
mod refused;
mod support;

use std::sync::mpsc;
use std::sync::{Arc, Barrier, Mutex};
use std::thread;

use peerage::testing::FakeTransport;
use peerage::{
    ChooseError, ChooseErrorKind, Chooser, ConnectionStatus, Direct, DirectOptions, Lifecycle,
    Outcome, Request, Wait,
};

use support::{LIMIT, named, until};

fn direct(keep: usize) -> (Arc<Direct>, Arc<FakeTransport>) {
    let transport = FakeTransport::new();
    let options = DirectOptions { keep, ..DirectOptions::default() };
    let chooser = Direct::new(transport.clone(), options);
    chooser.start().unwrap();
    (Arc::new(chooser), transport)
}

#[test]
fn a_peer_is_retained_once_and_kept_for_the_next_request() {
    let (chooser, transport) = direct(4);
    for _ in 0..3 {
        let pick = chooser.choose(&named("a:1"), Wait::timeout(LIMIT)).unwrap();
        assert_eq!(pick.identifier(), "a:1");
        pick.finish(Outcome::Success);
    }
    assert_eq!(transport.retains(), ["a:1"]);
    assert_eq!(transport.releases(), [""; 0]);
    chooser.stop().unwrap();
    assert_eq!(transport.releases(), ["a:1"]);
}

#[test]
fn a_request_without_a_name_and_a_refused_peer_are_errors() {
    let (chooser, transport) = direct(4);
    let error = chooser.try_choose(&Request::new()).unwrap_err();
    assert!(matches!(error.kind(), ChooseErrorKind::InvalidRequest(_)));
    assert_eq!(error.to_string(), r#""direct" chooser requires ShardKey to be non-empty"#);

    transport.fail_retain("a:1", Some("no route"));
    let error = chooser.choose(&named("a:1"), Wait::timeout(LIMIT)).unwrap_err();
    assert_eq!(error.kind(), ChooseErrorKind::NotRetained);
    assert!(error.to_string().ends_with("can't retain the peer: no route"), "{error}");
    assert!(chooser.introspect().peers.is_empty());
}

/// A ring takes any bytes; here they are a name, and names are text.
#[test]
fn a_key_that_is_no_text_is_an_error_that_shows_it() {
    let (chooser, transport) = direct(4);
    let long = |rest| [&b"shard"[..], &vec![0xfe; rest]].concat();
    let shown = |rest| format!("\"shard{}\"", r"\xfe".repeat(rest));
    for (key, shown) in [
        (&b"\xff"[..], r#""\xff" is not UTF-8 at byte 0"#),
        (b"a:1\xc3", r#""a:1\xc3" is not UTF-8 at byte 3"#),
        (b"a\0b\n\xed\xa0\x80", r#""a\0b\n\xed\xa0\x80" is not UTF-8 at byte 4"#),
        (&long(59), &format!("{} is not UTF-8 at byte 5", shown(59))),
        (&long(60), &format!("{}.., the first 64 of 65 bytes, is not UTF-8 at byte 5", shown(59))),
    ] {
        let request = Request::new().with_shard_key(key);
        let choices = [
            chooser.try_choose(&request),
            chooser.choose(&request, Wait::timeout(LIMIT)),
            chooser.choose(&request, Wait::forever()),
        ];
        for choice in choices {
            let error = choice.unwrap_err();
            assert!(matches!(error.kind(), ChooseErrorKind::InvalidRequest(_)));
            let why = "requires ShardKey to be UTF-8, for it names a peer";
            assert_eq!(error.to_string(), format!("\"direct\" chooser {why}: {shown}"));
        }
    }
    assert_eq!(transport.retains(), [""; 0]);
    assert!(chooser.introspect().peers.is_empty());

    // Any text is a name.
    for name in ["caf\u{e9}:80", "a\0b", &"n".repeat(300)] {
        let pick = chooser.choose(&named(name), Wait::timeout(LIMIT)).unwrap();
        assert_eq!(pick.identifier(), name);
        pick.finish(Outcome::Success);
    }
}

#[test]
fn a_choice_waits_until_its_own_peer_is_available() {
    let transport = FakeTransport::with_initial_status(ConnectionStatus::Connecting);
    let chooser = Arc::new(Direct::new(transport.clone(), DirectOptions::default()));
    chooser.start().unwrap();
    transport.set_status_quietly("b:1", ConnectionStatus::Available);
    chooser.try_choose(&named("b:1")).unwrap().finish(Outcome::Success);

    let waiter = {
        let chooser = Arc::clone(&chooser);
        thread::spawn(move || {
            let pick = chooser.choose(&named("a:1"), Wait::timeout(LIMIT)).unwrap();
            pick.identifier().to_owned()
        })
    };
    until("it is retained", || !transport.subscribers("a:1").is_empty());
    transport.set_status("a:1", ConnectionStatus::Available);
    assert_eq!(waiter.join().unwrap(), "a:1");
}

#[test]
fn idle_peers_beyond_those_to_keep_are_let_go_and_busy_ones_are_not() {
    let (chooser, transport) = direct(2);
    let busy = chooser.try_choose(&named("busy:1")).unwrap();
    for name in ["a:1", "b:1", "c:1", "d:1", "e:1"] {
        chooser.try_choose(&named(name)).unwrap().finish(Outcome::Success);
    }
    assert!(transport.retained() <= 3, "{:?}", chooser.introspect());
    assert!(!transport.releases().contains(&"busy:1".to_owned()));
    busy.finish(Outcome::Success);
}

#[test]
fn a_transport_that_chooses_the_peer_it_is_asked_for_does_not_wait_for_itself() {
    let (chooser, transport) = direct(4);
    let inner = Arc::downgrade(&chooser);
    transport.on_retain(move |name, _| {
        if let Some(chooser) = inner.upgrade() {
            let error = chooser.try_choose(&named(name)).unwrap_err();
            assert_eq!(error.kind(), ChooseErrorKind::NoPeer);
        }
    });
    let (done, finished) = mpsc::channel();
    thread::spawn(move || {
        chooser.try_choose(&named("a:1")).unwrap().finish(Outcome::Success);
        done.send(()).unwrap();
    });
    finished.recv_timeout(LIMIT).expect("the choice from inside retain_peer came back");
}

/// More names than are kept, asked for at once: a caller that holds a name gets its peer, though
/// others are letting it go.
#[test]
fn a_peer_that_is_let_go_while_it_is_asked_for_comes_back() {
    let (chooser, transport) = direct(1);
    let barrier = Arc::new(Barrier::new(4));
    let threads: Vec<_> = (0..4)
        .map(|thread| {
            let (chooser, barrier) = (Arc::clone(&chooser), Arc::clone(&barrier));
            thread::spawn(move || {
                barrier.wait();
                for round in 0..500 {
                    let name = format!("peer:{}", (thread + round) % 3);
                    let pick = chooser.choose(&named(&name), Wait::timeout(LIMIT)).unwrap();
                    assert_eq!(pick.identifier(), name);
                    pick.finish(Outcome::Success);
                }
            })
        })
        .collect();
    for thread in threads {
        thread.join().unwrap();
    }
    chooser.stop().unwrap();
    assert_eq!(transport.retained(), 0);
    assert_eq!(transport.retains().len(), transport.releases().len());
}

#[test]
fn a_request_that_avoids_the_peer_it_names_gets_that_peer() {
    let (chooser, _transport) = direct(4);
    for name in ["a:1", "b:1", "a:1", "b:1"] {
        let request = named(name).with_avoid(&["a:1", "b:1"]);
        let pick = chooser.choose(&request, Wait::timeout(LIMIT)).unwrap();
        assert_eq!(pick.identifier(), name);
        pick.finish(Outcome::Success);
    }
}

/// One choice lets two peers go. While the first is being released a caller begins to wait for the
/// second, which is not needed up to then: it stays, and is not connected again.
#[test]
fn a_peer_that_is_asked_for_when_it_is_the_next_to_be_let_go_stays() {
    let (chooser, transport) = direct(1);
    let names = ["a:1", "b:1", "c:1"];
    let busy = names.map(|name| chooser.try_choose(&named(name)).unwrap());
    busy.into_iter().for_each(|pick| pick.finish(Outcome::Success));
    for name in names {
        transport.set_status(name, ConnectionStatus::Connecting);
    }
    let (caller, called) = mpsc::channel();
    let inner = Arc::downgrade(&chooser);
    let only_once = Mutex::new(Some(caller));
    transport.on_release(move |released, _| {
        let Some(caller) = only_once.lock().unwrap().take() else { return };
        let chooser = inner.upgrade().unwrap();
        let other = names.into_iter().find(|name| *name != released).unwrap();
        let waiter = Arc::clone(&chooser);
        let wait = move || {
            let pick = waiter.choose(&named(other), Wait::timeout(LIMIT))?;
            Ok::<_, ChooseError>(pick.identifier().to_owned())
        };
        caller.send((other, thread::spawn(wait))).unwrap();
        until("it waits", || chooser.stats().waiting == 1);
    });
    chooser.try_choose(&named("d:1")).unwrap().finish(Outcome::Success);

    let (other, waiter) = called.recv_timeout(LIMIT).expect("a peer was let go");
    until("it is a member", || !transport.subscribers(other).is_empty());
    transport.set_status(other, ConnectionStatus::Available);
    assert_eq!(waiter.join().unwrap().unwrap(), other);
    assert_eq!(transport.retains(), ["a:1", "b:1", "c:1", "d:1"]);
}
