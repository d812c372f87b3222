//! From inside a policy of the user's, concurrent or serialised.

use peerage::policy::{AnyPolicy, Entry, Key, Policy, Roster, Serial, SerialPolicy};
use peerage::testing::FakeTransport;
use peerage::{Chooser, Lifecycle, List, ListOptions, ListUpdates, Outcome, Pinned, Request};

use super::mischief::Mischief;
use crate::support::{custom, within};

/// A policy that calls back from its choice, or from a request's end.
#[derive(Debug)]
struct Calling {
    at_end: bool,
    mischief: Mischief,
}

impl Policy for Calling {
    fn name(&self) -> &str {
        "calling"
    }

    fn choose<'r>(&self, roster: &'r Roster, _: &Request<'_>) -> Option<Pinned<'r>> {
        if !self.at_end {
            self.mischief.go();
        }
        roster.available().iter().find_map(Entry::pin)
    }

    fn watches_finish(&self) -> bool {
        true
    }

    fn finished(&self, _: Entry<'_>, _: Outcome) {
        if self.at_end {
            self.mischief.go();
        }
    }
}

impl SerialPolicy for Calling {
    fn name(&self) -> &'static str {
        "calling"
    }

    fn added(&mut self, _: Key, _: &str, _: u32) {
        if self.at_end {
            self.mischief.go();
        }
    }

    fn removed(&mut self, _: Key) {}

    fn choose(&mut self, _: &Request<'_>) -> Option<Key> {
        self.mischief.go();
        None
    }
}

fn calling(at_end: bool, mischief: &Mischief) -> Calling {
    Calling { at_end, mischief: mischief.clone() }
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
