//! Places on peers that take so many requests at a time.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use peerage::policy::{Choice, Dense, Entry, IndexRef, Nothing, Roster, Watch};
use peerage::testing::FakeTransport;
use peerage::{
    Attributes, CancelToken, ChooseErrorKind, Chooser, ConnectionStatus, Lifecycle, List as _,
    ListOptions, ListUpdates, Member, Outcome, PeerList, Policy, QueueOrder, Ready, Request, Wait,
};

use crate::support::until;

const LONG: Duration = Duration::from_secs(30);

/// At most one request a peer; of the peers whose weight is the request's shard key, if it has one.
#[derive(Debug, Default)]
struct AtMostOne {
    peers: Dense,
    hands_over: AtomicBool,
    asked: AtomicUsize,
}

impl Policy for AtMostOne {
    fn name(&self) -> &str {
        "at-most-one"
    }

    fn index(&self) -> Option<IndexRef<'_>> {
        Some(self.peers.index())
    }

    fn choose<'r>(&'r self, roster: &'r Roster, request: &Request<'_>) -> Choice<'r> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        let available = self.peers.available(roster);
        if available.is_empty() {
            return Err(Nothing::Unavailable);
        }
        let weight = request.shard_key_text().and_then(|key| key.parse::<u16>().ok());
        let mut wanted = available.iter().filter(|peer| weight.is_none_or(|w| peer.weight() == w));
        wanted.find_map(|peer| peer.pin_below(1)).ok_or(Nothing::AtCapacity)
    }

    fn watches(&self) -> Watch {
        Watch::NOTHING.with_places()
    }

    fn hands_over(&self, _: Entry<'_>) -> bool {
        self.hands_over.load(Ordering::Relaxed)
    }
}

type List = Arc<PeerList<AtMostOne>>;

fn running(ids: &[&str], hands_over: bool) -> (List, Arc<FakeTransport>) {
    let transport = FakeTransport::new();
    let policy = AtMostOne { hands_over: hands_over.into(), ..AtMostOne::default() };
    let options = ListOptions::new().with_queue(QueueOrder::Fifo);
    let list = Arc::new(PeerList::new(policy, transport.clone(), options));
    list.start().expect("starts");
    list.update(ListUpdates::adding(ids.iter().copied())).expect("adds");
    (list, transport)
}

/// The folder of `/proc` that tells of this thread; `None`: there is none, as on other systems.
fn this_thread() -> Option<PathBuf> {
    let named = if cfg!(miri) { None } else { fs::read_link("/proc/thread-self").ok() };
    named.map(|task| Path::new("/proc").join(task))
}

/// Whether a thread sleeps, as far as can be told.
fn sleeps(thread: Option<&Path>) -> bool {
    let stat = thread.and_then(|thread| fs::read_to_string(thread.join("stat")).ok());
    // The state is behind the name, which is in parentheses.
    stat.is_none_or(|stat| stat.rsplit_once(") ").is_some_and(|(_, rest)| rest.starts_with('S')))
}

#[test]
fn a_finish_serves_exactly_one_waiter_in_the_order_of_arrival() {
    for hands_over in [true, false] {
        let (list, _transport) = running(&["a"], hands_over);
        let mut held = list.try_choose(&Request::new()).expect("the place is free");
        let served = Arc::new(Mutex::new(vec![]));
        let waiters: Vec<_> = (0..17)
            .map(|n| {
                let waiter = {
                    let (list, served) = (Arc::clone(&list), Arc::clone(&served));
                    thread::spawn(move || {
                        let pick =
                            list.choose(&Request::new(), Wait::timeout(LONG)).expect("served");
                        served.lock().expect("no panic").push(n);
                        pick
                    })
                };
                until("it waits", || list.waiting() == n + 1);
                waiter
            })
            .collect();
        let asked = list.policy().asked.load(Ordering::Relaxed);
        for (n, waiter) in waiters.into_iter().enumerate() {
            held.finish(Outcome::Success);
            held = waiter.join().expect("served next");
            assert_eq!(served.lock().expect("no panic").len(), n + 1, "one place serves one");
            assert_eq!(list.stats().pending, 1);
        }
        assert_eq!(*served.lock().expect("no panic"), (0..17).collect::<Vec<_>>());
        let asked = list.policy().asked.load(Ordering::Relaxed) - asked;
        assert!(asked <= if hands_over { 0 } else { 17 }, "asked {asked} times");
        held.finish(Outcome::Success);
        assert_eq!(list.stats().pending, 0);
    }
}

#[test]
fn a_newcomer_does_not_get_a_place_that_is_handed_over() {
    let (list, _transport) = running(&["a"], true);
    for _ in 0..200 {
        let held = list.try_choose(&Request::new()).expect("the place is free");
        let (sender, named) = mpsc::channel();
        let waiter = {
            let list = Arc::clone(&list);
            thread::spawn(move || {
                sender.send(this_thread()).expect("it is awaited");
                list.choose(&Request::new(), Wait::timeout(LONG)).expect("served")
            })
        };
        // One that is in the queue may still look once more, and is handed nothing while it does.
        let name = named.recv().expect("the waiter has begun");
        until("it waits and sleeps", || list.waiting() == 1 && sleeps(name.as_deref()));
        let stop = Arc::new(AtomicBool::new(false));
        let newcomer = {
            let (list, stop) = (Arc::clone(&list), Arc::clone(&stop));
            thread::spawn(move || {
                let mut taken = 0;
                while !stop.load(Ordering::Acquire) {
                    taken += usize::from(list.try_choose(&Request::new()).is_ok());
                }
                taken
            })
        };
        held.finish(Outcome::Success);
        let pick = waiter.join().expect("served");
        stop.store(true, Ordering::Release);
        assert_eq!(newcomer.join().expect("no panic"), 0, "there was no moment to take it");
        pick.finish(Outcome::Success);
    }
}

#[test]
fn a_place_that_is_of_no_use_to_the_first_waiter_goes_to_the_next() {
    let (list, _transport) = running(&[], false);
    let members = [("a", 1), ("b", 2)]
        .map(|(id, weight)| Member::new(id, Attributes::new().with_weight(weight)));
    list.update(ListUpdates::adding_members(members)).expect("adds");
    let (a, b) = (Request::new().with_shard_key("1"), Request::new().with_shard_key("2"));
    let held = [list.try_choose(&a).expect("a"), list.try_choose(&b).expect("b")];
    let wait = |key: &'static str| {
        let list = Arc::clone(&list);
        thread::spawn(move || {
            let request = Request::new().with_shard_key(key);
            list.choose(&request, Wait::timeout(LONG)).expect("served").identifier().to_owned()
        })
    };
    let first: Vec<_> = (0..9).map(|_| wait("1")).collect();
    until("the first wait", || list.waiting() == 9);
    let second = wait("2");
    until("the second waits", || list.waiting() == 10);
    let [on_a, on_b] = held;
    on_b.finish(Outcome::Success);
    assert_eq!(second.join().expect("served"), "b");
    on_a.finish(Outcome::Success);
    for waiter in first {
        assert_eq!(waiter.join().expect("served"), "a");
    }
}

#[test]
fn a_waiter_that_is_cancelled_or_late_does_not_keep_a_place() {
    for hands_over in [true, false] {
        let (list, _transport) = running(&["a"], hands_over);
        let held = list.try_choose(&Request::new()).expect("the place is free");
        let token = CancelToken::new();
        let wait = |wait: fn(&CancelToken) -> Wait<'_>| {
            let (list, token) = (Arc::clone(&list), token.clone());
            thread::spawn(move || list.choose(&Request::new(), wait(&token)).map(drop))
        };
        let cancelled = wait(|token| Wait::forever().cancelled_by(token));
        until("it waits", || list.waiting() == 1);
        let late = wait(|_| Wait::timeout(Duration::from_millis(1)));
        assert!(matches!(
            late.join().expect("no panic").expect_err("late").kind(),
            ChooseErrorKind::TimedOut(_)
        ));
        let last = wait(|_| Wait::timeout(LONG));
        until("both wait", || list.waiting() == 2);
        token.trigger();
        held.finish(Outcome::Success);
        assert!(cancelled.join().expect("no panic").is_err());
        last.join().expect("no panic").expect("served");
        assert_eq!((list.stats().pending, list.waiting()), (0, 0));
    }
}

#[test]
fn a_peer_that_becomes_available_has_places_too() {
    let (list, transport) = running(&["a"], true);
    let held = list.try_choose(&Request::new()).expect("the place is free");
    let waiter = {
        let list = Arc::clone(&list);
        thread::spawn(move || list.choose(&Request::new(), Wait::timeout(LONG)).map(drop))
    };
    until("it waits", || list.waiting() == 1);
    list.update(ListUpdates::adding(["b"])).expect("adds");
    waiter.join().expect("no panic").expect("served by b");
    // A place on a peer that is not available any more is for no new request.
    transport.set_status("b", ConnectionStatus::Unavailable);
    transport.set_status("a", ConnectionStatus::Unavailable);
    let waiter = {
        let list = Arc::clone(&list);
        thread::spawn(move || list.choose(&Request::new(), Wait::timeout(LONG)).map(drop))
    };
    until("it waits", || list.waiting() == 1);
    held.finish(Outcome::Success);
    assert_eq!(list.waiting(), 1);
    transport.set_status("b", ConnectionStatus::Available);
    waiter.join().expect("no panic").expect("served by b");
}

#[test]
fn notices_hear_of_places_one_each_if_any_place_serves_any() {
    for (hands_over, expected) in [(true, 1), (false, 65)] {
        let (list, _transport) = running(&["a"], hands_over);
        let held = list.try_choose(&Request::new()).expect("the place is free");
        let given = Arc::new(Mutex::new(HashSet::new()));
        for n in 0..65 {
            let given = Arc::clone(&given);
            let notice = Box::new(move |ready| {
                assert_eq!(ready, Ready::TryAgain);
                given.lock().expect("no panic").insert(n);
            });
            assert!(list.notify_ready(&Request::new(), notice).is_some());
        }
        held.finish(Outcome::Success);
        assert_eq!(given.lock().expect("no panic").len(), expected);
        assert!(given.lock().expect("no panic").contains(&0), "the first is among them");
    }
}
