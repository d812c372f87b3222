//! How many requests a peer may have.

use peerage::policy::{Choice, Dense, IndexRef, Nothing, Roster};
use peerage::testing::FakeTransport;
use peerage::{
    Cause, Chooser, ConnectionStatus, Lifecycle, List as _, ListOptions, ListUpdates, Outcome,
    Policy, Ready, Request, Wait,
};

use crate::bed::{ANY, List, Notices, caller, fill};
use crate::support::{LIMIT, custom, from_texts, named, pending, until};

#[test]
fn every_policy_fills_every_place_and_no_more() {
    for policy in ANY {
        for limit in [1, 2, 5] {
            let (list, _transport) =
                from_texts(policy, &format!("max-pending={limit}"), &["a", "b", "c"]);
            let picks = fill(&list);
            assert_eq!(picks.len(), 3 * limit, "{policy}, {limit} a peer");
            for peer in ["a", "b", "c"] {
                assert_eq!(pending(&*list, peer) as usize, limit, "{policy}: {peer}");
            }
            assert_eq!(list.stats().pending as usize, 3 * limit, "{policy}");
            let error = list.try_choose(&Request::new()).unwrap_err();
            assert_eq!(error.cause(), Cause::AtCapacity, "{policy}: {error}");
            // At its capacity a peer is available still.
            assert_eq!((list.available(), list.stats().available), (3, 3), "{policy}");
            assert!(list.is_available("a"), "{policy}");
            let text = "3 peers, 3 of them available, but none with a place for this request, did not wait";
            assert!(error.to_string().contains(text), "{policy}: {error}");
            drop(picks);
            assert_eq!(list.stats().pending, 0, "{policy}");
            assert_eq!(fill(&list).len(), 3 * limit, "{policy}, again");
        }
    }
}

#[test]
fn a_named_peer_without_a_place_is_at_its_capacity_and_the_others_are_not() {
    let (list, _transport) = from_texts("direct", "max-pending=2", &["a", "b"]);
    let choose = |name| list.try_choose(&named(name));
    let (one, two) = (choose("a").expect("a"), choose("a").expect("a"));
    assert_eq!(choose("a").unwrap_err().cause(), Cause::AtCapacity);
    assert_eq!(choose("c").unwrap_err().cause(), Cause::NotTheNamed);
    choose("b").expect("b has places").finish(Outcome::Success);
    one.finish(Outcome::Success);
    choose("a").expect("a has one again").finish(Outcome::Success);
    two.finish(Outcome::Success);
}

#[test]
fn a_key_whose_owner_is_full_goes_to_the_next_peer() {
    let (list, _transport) = from_texts("hashring32", "max-pending=1", &["a", "b", "c"]);
    let choose = || list.try_choose(&named("key"));
    let picks = [choose(), choose(), choose()].map(|pick| pick.expect("a place"));
    let mut peers: Vec<_> = picks.iter().map(|pick| pick.identifier().to_owned()).collect();
    peers.sort();
    assert_eq!(peers, ["a", "b", "c"]);
    assert_eq!(choose().unwrap_err().cause(), Cause::AtCapacity);
    let owner = picks[0].identifier().to_owned();
    drop(picks);
    assert_eq!(choose().expect("a place").identifier(), owner);
}

#[test]
fn a_peer_that_is_removed_while_full_is_released_by_its_last_request() {
    for policy in ANY {
        let (list, transport) = from_texts(policy, "max-pending=3", &["a"]);
        let mut picks = fill(&list);
        list.update(ListUpdates::removing(["a"])).expect("removes");
        assert_eq!(list.stats().departing_pending, 3, "{policy}");
        while let Some(pick) = picks.pop() {
            assert_eq!(transport.releases().len(), 0, "{policy}");
            pick.finish(Outcome::Success);
            assert_eq!(list.stats().departing_pending as usize, picks.len(), "{policy}");
        }
        assert_eq!(transport.releases().len(), 1, "{policy}");
        // The slot is used again, and counts from its base again.
        list.update(ListUpdates::adding(["b"])).expect("adds");
        assert_eq!((pending(&*list, "b"), fill(&list).len()), (0, 3), "{policy}");
    }
}

#[test]
fn places_are_kept_while_a_peer_is_unavailable() {
    let (list, transport) = from_texts("least-loaded", "max-pending=2", &["a"]);
    let picks = fill(&list);
    transport.set_status("a", ConnectionStatus::Unavailable);
    assert_eq!(list.try_choose(&Request::new()).unwrap_err().cause(), Cause::NoneConnected);
    transport.set_status("a", ConnectionStatus::Available);
    assert_eq!(list.try_choose(&Request::new()).unwrap_err().cause(), Cause::AtCapacity);
    assert_eq!(pending(&*list, "a"), 2);
    drop(picks);
    assert_eq!(fill(&list).len(), 2);
}

/// One that has never heard of places.
#[derive(Debug, Default)]
struct Own {
    peers: Dense,
    /// Says that a request names the peer that it does not get.
    names: bool,
}

impl Policy for Own {
    fn name(&self) -> &str {
        "own"
    }

    fn index(&self) -> Option<IndexRef<'_>> {
        Some(self.peers.index())
    }

    fn choose<'r>(&'r self, roster: &'r Roster, _: &Request<'_>) -> Choice<'r> {
        let least = self.peers.available(roster).iter().min_by_key(|peer| peer.pending());
        let nothing = if self.names { Nothing::NotTheNamed } else { Nothing::Excluded };
        least.and_then(|peer| peer.pin()).ok_or(nothing)
    }
}

#[test]
fn a_policy_of_ones_own_is_held_to_the_limit_and_sees_true_counts() {
    let list = custom(Own::default(), FakeTransport::new(), ListOptions::new().with_max_pending(4));
    list.start().expect("starts");
    list.update(ListUpdates::adding(["a", "b"])).expect("adds");
    let mut picks = vec![];
    for n in 0..8 {
        picks.push(list.try_choose(&Request::new()).expect("a place"));
        let counts = [pending(&*list, "a"), pending(&*list, "b")];
        assert_eq!(counts.iter().sum::<u32>(), n + 1);
        assert!(counts[0].abs_diff(counts[1]) <= 1, "{counts:?}");
    }
    assert_eq!(list.try_choose(&Request::new()).unwrap_err().cause(), Cause::AtCapacity);
}

#[test]
fn a_request_waits_for_a_place_on_the_peer_that_it_names() {
    let options = ListOptions::new().with_max_pending(1);
    let policy = Own { names: true, ..Own::default() };
    let list = custom(policy, FakeTransport::new(), options);
    list.start().expect("starts");
    list.update(ListUpdates::adding(["a"])).expect("adds");
    let held = list.try_choose(&named("a")).expect("a place");
    assert_eq!(list.try_choose(&named("b")).unwrap_err().cause(), Cause::NotTheNamed);
    assert_eq!(list.try_choose(&named("a")).unwrap_err().cause(), Cause::AtCapacity);
    std::thread::scope(|scope| {
        let caller = scope.spawn(|| list.choose(&named("a"), Wait::timeout(LIMIT)).map(drop));
        until("it waits", || list.waiting() == 1);
        held.finish(Outcome::Success);
        caller.join().expect("no panic").expect("the place");
    });
}

#[test]
fn a_limit_changes_nothing_below_it() {
    for policy in ANY {
        let choices = |options: &str| {
            let (list, _transport) = from_texts(policy, options, &["a", "b", "c", "d"]);
            let mut held = vec![];
            (0..40)
                .map(|n| {
                    let pick = list.try_choose(&Request::new()).expect("a peer");
                    let id = pick.identifier().to_owned();
                    held.push(pick);
                    if n % 3 == 0 {
                        held.swap_remove(n % held.len()).finish(Outcome::Failure);
                    }
                    id
                })
                .collect::<Vec<_>>()
        };
        let seeded = "shuffle=off,seed=3";
        assert_eq!(choices(seeded), choices(&format!("{seeded},max-pending=1000")), "{policy}");
    }
}

#[test]
fn a_finish_gives_one_notice_and_no_more() {
    let (list, _transport) = from_texts("round-robin", "max-pending=1", &["a"]);
    let mut held = fill(&list);
    let mut notices = Notices::new();
    assert!((0..5).all(|_| notices.arrives(&list).is_some()));
    for n in 0..5 {
        held.pop().expect("one").finish(Outcome::Success);
        assert_eq!(notices.next(), Some((n, Ready::TryAgain)));
        assert_eq!(notices.next(), None);
        held = fill(&list);
        assert_eq!((held.len(), list.waiting()), (1, 4 - n));
    }
}

#[test]
fn a_stop_ends_the_wait_for_a_place() {
    let (list, _transport) = from_texts("random", "max-pending=1", &["a"]);
    let held = fill(&list);
    let callers = [caller(&list), caller(&list)];
    until("they wait", || list.waiting() == 2);
    list.stop().expect("stops");
    for caller in callers {
        assert_eq!(caller.join().expect("no panic").unwrap_err().cause(), Cause::Stopped);
    }
    assert_eq!((held.len(), list.waiting()), (1, 0));
}

#[test]
fn a_peer_without_a_place_is_available_wherever_it_is_counted() {
    let (list, _transport) = from_texts("round-robin", "max-pending=1", &["a", "b"]);
    let seen = |list: &List| {
        let status = list.introspect();
        let peers = status.peers.iter().filter(|peer| peer.is_available()).count();
        (list.available(), list.stats().available, peers, list.is_available("a"))
    };
    assert_eq!(seen(&list), (2, 2, 2, true));
    let held = fill(&list);
    assert_eq!(held.len(), 2);
    assert_eq!(seen(&list), (2, 2, 2, true));
}
