//! Who needs a peer, and when one is let go.

use std::collections::HashSet;
use std::sync::mpsc;
use std::time::Duration;

use peerage::{
    Chooser, ConnectionStatus, DirectOptions, Lifecycle, ListOptions, Outcome, Pick, Ready, Wait,
};

use super::net::{EventLoop, LIMIT, Net, names};
use super::support::until;
use super::{direct, named};

/// More than are kept by default, and than any small number that the code knows.
const MANY: usize = 130;

fn retained(net: &Net) -> HashSet<String> {
    net.chooser.introspect().peers.into_iter().map(|peer| peer.identifier).collect()
}

#[test]
fn a_notice_needs_its_peer_until_it_is_given() {
    let net = Net::new(0, None);
    let (told, given) = mpsc::channel();
    let notice = move |ready| told.send(ready).unwrap();
    assert!(net.chooser.notify_ready(&named("a:1"), Box::new(notice)).is_some());
    // Others come and go.
    for name in names(MANY) {
        net.transport.set_status_quietly(&name, ConnectionStatus::Available);
        net.chooser.choose(&named(&name), Wait::timeout(LIMIT)).unwrap().finish(Outcome::Success);
    }
    assert!(retained(&net).contains("a:1"));
    net.transport.set_status("a:1", ConnectionStatus::Available);
    assert_eq!(given.recv_timeout(LIMIT).unwrap(), Ready::TryAgain);
    net.chooser.try_choose(&named("a:1")).unwrap().finish(Outcome::Success);
    assert_eq!(net.attempts(), 1 + MANY);
}

#[test]
fn a_caller_that_waits_needs_its_peer() {
    let net = Net::new(0, None);
    let waiter = net.blocked("a:1".to_owned());
    until("it waits", || net.chooser.stats().waiting == 1);
    for name in names(MANY) {
        net.transport.set_status_quietly(&name, ConnectionStatus::Available);
        net.chooser.choose(&named(&name), Wait::timeout(LIMIT)).unwrap().finish(Outcome::Success);
    }
    net.transport.set_status("a:1", ConnectionStatus::Available);
    waiter.join().unwrap();
    assert_eq!(net.attempts(), 1 + MANY);
}

/// Names come from requests: those that never connect must not pile up. One whose caller has given
/// up goes after a while; the test waits for that, and a notice that is cancelled is one way.
#[test]
fn a_peer_that_never_connects_goes_when_no_caller_comes_back() {
    let net = Net::new(0, None);
    let id = net.chooser.notify_ready(&named("cancelled:1"), Box::new(|_| ())).unwrap();
    assert!(net.chooser.cancel_notice(id));
    net.chooser.try_choose(&named("tried:1")).unwrap_err();
    net.chooser.choose(&named("late:1"), Wait::timeout(Duration::from_millis(1))).unwrap_err();
    let held = net.chooser.notify_ready(&named("held:1"), Box::new(|_| ())).unwrap();
    net.transport.set_status_quietly("up:1", ConnectionStatus::Available);
    let busy = net.chooser.try_choose(&named("up:1")).unwrap();
    assert_eq!(net.transport.retained(), 5);
    until("three are let go by choices of another", || {
        net.chooser.try_choose(&named("up:1")).unwrap().finish(Outcome::Success);
        net.transport.retained() == 2
    });
    assert_eq!(retained(&net), HashSet::from(["held:1".to_owned(), "up:1".to_owned()]));
    assert!(net.chooser.cancel_notice(held));
    busy.finish(Outcome::Success);
}

/// However its caller waited, when it has come back and its request has ended it is not expected
/// again.
#[test]
fn a_peer_whose_caller_has_come_back_goes_as_others_do() {
    let net = Net::new(0, None);
    let (callers, names) = (EventLoop::new(), names(MANY));
    for (n, name) in names.iter().enumerate() {
        match n % 4 {
            0 => (0..3).for_each(|_| drop(net.chooser.try_choose(&named(name)).unwrap_err())),
            1 => callers.ask(&net.chooser, name),
            2 => {
                net.chooser.try_choose(&named(name)).unwrap_err();
                callers.ask(&net.chooser, name);
            }
            _ => {
                let waiter = net.blocked(name.clone());
                until("it waits", || net.chooser.stats().waiting == 1);
                net.transport.set_status(name, ConnectionStatus::Available);
                waiter.join().unwrap();
            }
        }
        net.transport.set_status(name, ConnectionStatus::Available);
        match n % 4 {
            0 => net.chooser.try_choose(&named(name)).unwrap().finish(Outcome::Success),
            1 | 2 => callers.serve(&net.chooser, 1),
            _ => {}
        }
        // The next name's caller lets it go.
        assert_eq!(net.transport.retained(), 1);
        assert_eq!(net.transport.releases(), names[..n]);
    }
}

/// As a burst of long requests does.
#[test]
fn peers_with_requests_stay_and_go_when_these_have_ended() {
    for keep in [0, 1, 64, 65] {
        let (chooser, transport) = direct(keep);
        let names = names(MANY);
        let choose = |name: &String| chooser.try_choose(&named(name)).unwrap();
        let picks: Vec<Pick> = names.iter().chain(&names).map(choose).collect();
        assert_eq!(transport.retained(), MANY);
        let (first, second) = {
            let mut first = picks;
            let second = first.split_off(MANY);
            (first, second)
        };
        first.into_iter().for_each(|pick| pick.finish(Outcome::Success));
        choose(&names[0]).finish(Outcome::Success);
        assert_eq!(transport.releases(), [""; 0], "each has one more request");
        second.into_iter().for_each(|pick| pick.finish(Outcome::Success));
        // The next choice lets those go that are not needed, and its own peer is.
        let last = choose(&names[0]);
        assert_eq!(transport.retained(), keep.max(1));
        last.finish(Outcome::Success);
        chooser.stop().unwrap();
        assert_eq!((transport.retained(), transport.retains().len()), (0, MANY));
    }
}

#[test]
fn the_peer_that_is_idle_the_longest_goes_first() {
    let (chooser, transport) = direct(MANY);
    let names = names(MANY);
    let choose = |name: &str| chooser.try_choose(&named(name)).unwrap().finish(Outcome::Success);
    names.iter().for_each(|name| choose(name));
    // Every second one is used again.
    names.iter().step_by(2).for_each(|name| choose(name));
    (0..MANY / 2).for_each(|n| choose(&format!("new:{n}")));
    let unused: Vec<_> = names.iter().skip(1).step_by(2).cloned().collect();
    assert_eq!(transport.releases(), unused);
    assert_eq!(transport.retained(), MANY);
}

/// However a caller asks for a new name: it makes room.
#[test]
fn a_new_name_lets_an_idle_one_go() {
    let (chooser, transport) = direct(1);
    let choose = |name: &str| chooser.try_choose(&named(name)).unwrap().finish(Outcome::Success);
    choose("a:1");
    choose("b:1");
    assert_eq!(transport.releases(), ["a:1"]);
    chooser.choose(&named("c:1"), Wait::timeout(LIMIT)).unwrap().finish(Outcome::Success);
    assert_eq!(transport.releases(), ["a:1", "b:1"]);
    transport.set_status_quietly("d:1", ConnectionStatus::Connecting);
    assert!(chooser.notify_ready(&named("d:1"), Box::new(|_| ())).is_some());
    assert_eq!(transport.releases(), ["a:1", "b:1", "c:1"]);
}

#[test]
fn none_is_kept_or_all_are() {
    let (chooser, transport) = direct(0);
    for name in ["a:1", "b:1", "a:1", "a:1"] {
        chooser.try_choose(&named(name)).unwrap().finish(Outcome::Success);
    }
    assert_eq!(transport.retains(), ["a:1", "b:1", "a:1"]);
    assert_eq!(transport.releases(), ["a:1", "b:1"]);

    let (chooser, transport) = direct(usize::MAX);
    for name in names(MANY).iter().chain(&names(MANY)) {
        chooser.try_choose(&named(name)).unwrap().finish(Outcome::Success);
    }
    assert_eq!((transport.retained(), transport.retains().len()), (MANY, MANY));
}

#[test]
fn options_are_set_one_by_one() {
    let options = DirectOptions::new();
    assert_eq!(options.keep, 64);
    let list = ListOptions::new().with_name("hosts");
    let options = options.with_keep(7).with_list(list);
    assert_eq!(options.keep, 7);
    let chooser = peerage::Direct::new(peerage::testing::FakeTransport::new(), options);
    assert_eq!(chooser.introspect().name, "hosts");
}

/// A choice that was made and not used is no request: the peer is still expected to be asked for.
#[test]
fn a_peer_that_is_there_when_a_notice_is_asked_for_waits_for_its_caller() {
    let net = Net::new(0, None);
    let callers = EventLoop::new();
    for name in names(MANY) {
        net.transport.set_status_quietly(&name, ConnectionStatus::Available);
        callers.ask(&net.chooser, &name);
    }
    assert_eq!(callers.notices(), MANY);
    callers.serve(&net.chooser, MANY);
    assert_eq!(net.attempts(), MANY);
}
