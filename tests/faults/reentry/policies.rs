//! From inside a policy of the user's, concurrent or serialised.

use peerage::policy::{AnyPolicy, Choice, Dense, Entry, IndexRef, Key, Nothing, PeerInfo};
use peerage::policy::{Policy, Roster, Serial, SerialPolicy, Watch};
use peerage::testing::FakeTransport;
use peerage::{Chooser, Finish, Lifecycle, List, ListOptions, ListUpdates, Outcome, Request};

use super::mischief::Mischief;
use crate::support::{custom, within};

/// A policy that calls back from its choice, or from a request's end.
#[derive(Debug)]
struct Calling {
    peers: Dense,
    at_end: bool,
    mischief: Mischief,
}

impl Policy for Calling {
    fn name(&self) -> &str {
        "calling"
    }

    fn index(&self) -> Option<IndexRef<'_>> {
        Some(self.peers.index())
    }

    fn choose<'r>(&'r self, roster: &'r Roster, _: &Request<'_>) -> Choice<'r> {
        if !self.at_end {
            self.mischief.go();
        }
        let pinned = self.peers.available(roster).iter().find_map(Entry::pin);
        pinned.ok_or(Nothing::Unavailable)
    }

    fn watches(&self) -> Watch {
        Watch::NOTHING.with_finish()
    }

    fn finished(&self, _: Entry<'_>, _: Finish) {
        if self.at_end {
            self.mischief.go();
        }
    }
}

impl SerialPolicy for Calling {
    fn name(&self) -> &'static str {
        "calling"
    }

    fn available(&mut self, _: &PeerInfo<'_>) {
        if self.at_end {
            self.mischief.go();
        }
    }

    fn unavailable(&mut self, _: Key) {}

    fn choose(&mut self, _: &Request<'_>) -> Result<Key, Nothing> {
        self.mischief.go();
        Err(Nothing::Unavailable)
    }
}

fn calling(at_end: bool, mischief: &Mischief) -> Calling {
    Calling { peers: Dense::new(), at_end, mischief: mischief.clone() }
}

#[test]
fn from_inside_a_policys_choose() {
    within(|| {
        let mischief = Mischief::default();
        let policy = AnyPolicy::Custom(Box::new(calling(false, &mischief)));
        let list = custom(policy, FakeTransport::new(), ListOptions::new());
        list.start().expect("starts");
        list.update(ListUpdates::adding(["a"])).expect("adds");
        mischief.arm(list.clone());
        list.try_choose(&Request::new()).expect_err("stopped meanwhile");
        mischief.assert_done();
    });
}

#[test]
fn from_inside_a_policys_finished() {
    within(|| {
        let (transport, mischief) = (FakeTransport::new(), Mischief::default());
        let list = custom(calling(true, &mischief), transport.clone(), ListOptions::new());
        list.start().expect("starts");
        list.update(ListUpdates::adding(["a"])).expect("adds");
        let pick = list.try_choose(&Request::new()).expect("a peer");
        mischief.arm(list);
        pick.finish(Outcome::Success);
        mischief.assert_done();
        assert_eq!(transport.retained(), 0);
    });
}

#[test]
fn from_inside_a_serial_policy() {
    for at_end in [false, true] {
        within(move || {
            let (transport, mischief) = (FakeTransport::new(), Mischief::default());
            let policy = Serial::new(calling(at_end, &mischief));
            let list = custom(policy, transport.clone(), ListOptions::new());
            list.start().expect("starts");
            mischief.arm(list.clone());
            let _ = list.update(ListUpdates::adding(["a"]));
            let _ = list.try_choose(&Request::new());
            mischief.assert_done();
            assert_eq!(transport.retained(), 0);
        });
    }
}
