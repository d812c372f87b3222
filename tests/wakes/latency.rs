//! How long requests took.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use peerage::policy::{Choice, Dense, Entry, IndexRef, Roster, Watch};
use peerage::testing::FakeTransport;
use peerage::{
    Chooser, Finish, Lifecycle, List as _, ListOptions, ListUpdates, Outcome, PeerList, Policy,
    Request,
};

#[derive(Debug)]
struct Listening {
    peers: Dense,
    watch: Watch,
    heard: Arc<Mutex<Vec<Finish>>>,
}

impl Policy for Listening {
    fn name(&self) -> &str {
        "listening"
    }

    fn index(&self) -> Option<IndexRef<'_>> {
        Some(self.peers.index())
    }

    fn choose<'r>(&'r self, roster: &'r Roster, _: &Request<'_>) -> Choice<'r> {
        self.peers.pin_still(roster, 0, &[])
    }

    fn watches(&self) -> Watch {
        self.watch
    }

    fn finished(&self, peer: Entry<'_>, finish: Finish) {
        peer.set_cost(peer.cost() + 1);
        assert!(peer.pending() > 0, "it is still counted");
        self.heard.lock().expect("no panic").push(finish);
    }
}

fn list(watch: Watch) -> (PeerList<Listening>, Arc<Mutex<Vec<Finish>>>) {
    let heard = Arc::default();
    let policy = Listening { peers: Dense::new(), watch, heard: Arc::clone(&heard) };
    let list = PeerList::new(policy, FakeTransport::new(), ListOptions::new());
    list.start().expect("starts");
    list.update(ListUpdates::adding(["a"])).expect("adds");
    (list, heard)
}

#[test]
fn what_the_caller_says_gets_to_the_policy() {
    for watch in [Watch::NOTHING.with_finish(), Watch::NOTHING.with_latency()] {
        let (list, heard) = list(watch);
        let said = Finish::new(Outcome::Overloaded).with_latency(Duration::from_secs(9));
        list.try_choose(&Request::new()).expect("a").finish(said);
        assert_eq!(*heard.lock().expect("no panic"), [said]);
    }
}

#[test]
fn what_the_caller_does_not_say_is_measured_if_the_policy_asked() {
    let (asking, heard) = list(Watch::NOTHING.with_latency());
    let began = Instant::now();
    let pick = asking.try_choose(&Request::new()).expect("a");
    while began.elapsed() < Duration::from_millis(2) {}
    let least = Duration::from_millis(1);
    pick.finish(Outcome::Success);
    let most = began.elapsed();
    let measured = heard.lock().expect("no panic")[0].latency.expect("measured");
    assert!((least..=most).contains(&measured), "{measured:?} of {most:?}");

    let (counting, heard) = list(Watch::NOTHING.with_finish());
    counting.try_choose(&Request::new()).expect("a").finish(Outcome::Success);
    assert_eq!(*heard.lock().expect("no panic"), [Finish::new(Outcome::Success)]);
}

#[test]
fn a_policy_that_asked_for_nothing_hears_nothing() {
    let (list, heard) = list(Watch::NOTHING);
    drop(list.try_choose(&Request::new()).expect("a"));
    assert_eq!(heard.lock().expect("no panic").len(), 0);
}

#[test]
fn a_choice_that_is_not_used_is_told_as_not_sent() {
    let (list, heard) = list(Watch::NOTHING.with_finish());
    // The notice takes the choice back, which it made to see whether there is one.
    let notice = list.notify_ready(&Request::new(), Box::new(|_| {}));
    assert!(notice.is_none());
    assert_eq!(*heard.lock().expect("no panic"), [Finish::new(Outcome::NotSent)]);
    assert_eq!(list.stats().pending, 0);
}
