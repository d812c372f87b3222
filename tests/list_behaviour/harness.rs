//! A list of any policy on a fake transport, and what every case does with it.
//!
//! The five policies fall in two groups. Those that *rotate* have one right answer to every
//! choice, and are held to it. The others draw random numbers, of a generator that is not Go's:
//! they are held to what must be true of any draw. Their seed is fixed, so that a single-threaded
//! case that passes once always does.

use std::sync::Arc;
use std::time::{Duration, Instant};

use peerage::policy::{AnyPolicy, PolicySpec};
use peerage::testing::FakeTransport;
use peerage::{
    ChooseError, Chooser, ConnectionStatus, Lifecycle, List, ListOptions, ListUpdates, Outcome,
    PeerList, Request, UpdateError, Wait,
};

use crate::support::{LIMIT, until};

/// How long a test waits for what must not happen.
pub(crate) const SHORT: Duration = Duration::from_millis(10);

pub(crate) const ROTATING: [&str; 2] = ["round-robin", "fewest-pending-requests"];
const DRAWING: [&str; 3] = ["random", "two-random-choices", "hashring32"];

/// Runs a case against all five policies, each with a fresh list whose shuffle is off.
pub(crate) fn for_each_policy(case: impl Fn(&Bed)) {
    ROTATING.into_iter().chain(DRAWING).for_each(|policy| run(policy, &case));
}

/// Runs a case against the policies whose every choice is determined.
pub(crate) fn for_each_rotating(case: impl Fn(&Bed)) {
    ROTATING.into_iter().for_each(|policy| run(policy, &case));
}

/// Runs a case against the policies that draw random numbers.
pub(crate) fn for_each_drawing(case: impl Fn(&Bed)) {
    DRAWING.into_iter().for_each(|policy| run(policy, &case));
}

fn run(policy: &'static str, case: impl Fn(&Bed)) {
    // Shown when the case fails.
    println!("policy: {policy}");
    case(&Bed::new(policy));
}

/// A list to be tested.
pub(crate) struct Bed {
    pub(crate) policy: &'static str,
    pub(crate) list: PeerList,
    pub(crate) transport: Arc<FakeTransport>,
}

impl Bed {
    pub(crate) fn new(policy: &'static str) -> Self {
        Self::with(policy, |options| options)
    }

    pub(crate) fn with(policy: &'static str, set: impl FnOnce(ListOptions) -> ListOptions) -> Self {
        let transport = FakeTransport::new();
        let spec: PolicySpec = policy.parse().expect("a policy of this crate");
        let options = set(ListOptions::new().with_shuffle(false).with_seed(0));
        // As with yarpc-go's lists, whose rotations are in order of arrival.
        let policy_seeded = AnyPolicy::from_spec(&spec, Some(0)).in_order();
        let list = PeerList::new(policy_seeded, Arc::clone(&transport) as _, options);
        Self { policy, list, transport }
    }

    pub(crate) fn start(&self) {
        self.list.start().expect("started");
    }

    pub(crate) fn stop(&self) {
        self.list.stop().expect("stopped");
    }

    pub(crate) fn update(&self, add: &[&str], remove: &[&str]) -> Result<(), UpdateError> {
        let ListUpdates { additions, .. } = ListUpdates::adding(add.iter().copied());
        let ListUpdates { removals, .. } = ListUpdates::removing(remove.iter().copied());
        self.list.update(ListUpdates { additions, removals })
    }

    pub(crate) fn add(&self, ids: &[&str]) {
        self.update(ids, &[]).expect("added");
    }

    pub(crate) fn remove(&self, ids: &[&str]) {
        self.update(&[], ids).expect("removed");
    }

    /// Has peers be unavailable when they are retained.
    pub(crate) fn begin_unavailable(&self, ids: &[&str]) {
        for id in ids {
            self.transport.set_status_quietly(id, ConnectionStatus::Unavailable);
        }
    }

    pub(crate) fn connect(&self, id: &str) {
        self.transport.set_status(id, ConnectionStatus::Available);
    }

    pub(crate) fn disconnect(&self, id: &str) {
        self.transport.set_status(id, ConnectionStatus::Unavailable);
    }

    /// A choice that must succeed, finished at once, as yarpc's `ChooseAction` does.
    pub(crate) fn choose(&self) -> String {
        self.choose_within(LIMIT).expect("a peer")
    }

    pub(crate) fn choose_within(&self, limit: Duration) -> Result<String, ChooseError> {
        let pick = self.list.choose(&Request::new(), Wait::timeout(limit))?;
        let id = pick.identifier().to_owned();
        pick.finish(Outcome::Success);
        Ok(id)
    }

    /// A choice that must end, whichever way, by something other than its time being up: a list
    /// that sleeps through a stop gives the right error in the end.
    pub(crate) fn choose_promptly(&self) -> Result<String, ChooseError> {
        let begun = Instant::now();
        let result = self.choose_within(LIMIT);
        assert!(begun.elapsed() < LIMIT, "{}: slept through it: {result:?}", self.policy);
        result
    }

    pub(crate) fn choose_many(&self, n: usize) -> Vec<String> {
        (0..n).map(|_| self.choose()).collect()
    }

    /// Waits until so many callers are blocked in `choose`.
    pub(crate) fn await_waiting(&self, callers: usize) {
        until(&format!("{callers} callers wait"), || self.list.waiting() == callers);
    }
}
