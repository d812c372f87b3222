//! What the threads of a run share.

use std::sync::atomic::Ordering::SeqCst;
use std::sync::{Arc, Mutex, Weak};

use peerage::policy::AnyPolicy;
use peerage::testing::FakeTransport;
use peerage::{CancelToken, Event, Lifecycle, ListOptions, Observer, PeerList};

use crate::ledger::Ledger;
use crate::plan::{Plan, name};

pub(crate) struct Bed {
    pub(crate) plan: Plan,
    pub(crate) transport: Arc<FakeTransport>,
    pub(crate) ledger: Arc<Ledger>,
    /// Which peers are in the list; the updater's.
    pub(crate) members: Mutex<Vec<bool>>,
    /// One for each chooser, replaced when it has been triggered.
    pub(crate) tokens: Vec<Mutex<CancelToken>>,
    /// The list has it too: when no other reference is left, the list's memory is gone.
    pub(crate) observer: Arc<Listener>,
}

impl Bed {
    pub(crate) fn new(plan: Plan) -> Self {
        let ledger = Arc::new(Ledger::new(plan.peers));
        let watching = FakeTransport::watching_requests;
        Self {
            transport: if plan.watching { watching() } else { FakeTransport::new() },
            members: Mutex::new(vec![false; plan.peers]),
            tokens: (0..plan.choosers).map(|_| Mutex::default()).collect(),
            observer: Arc::new(Listener(Arc::clone(&ledger))),
            ledger,
            plan,
        }
    }

    /// A list of this policy, not started.
    pub(crate) fn list(&self, policy: AnyPolicy) -> Arc<PeerList> {
        let options = ListOptions::new()
            .with_seed(self.plan.seed)
            .with_fail_fast(self.plan.fail_fast)
            .with_observer(Arc::clone(&self.observer) as _);
        Arc::new(PeerList::new(policy, self.transport.clone(), options))
    }

    /// The numbers of the members.
    pub(crate) fn members(&self) -> Vec<usize> {
        let members = self.members.lock().unwrap();
        (0..members.len()).filter(|&peer| members[peer]).collect()
    }

    /// Their names, in order.
    pub(crate) fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = self.members().into_iter().map(name).collect();
        names.sort_unstable();
        names
    }
}

/// Counts the panics that the list reports.
pub(crate) struct Listener(Arc<Ledger>);

impl Observer for Listener {
    fn observe(&self, _: &str, event: &Event<'_>) {
        if let Event::Panicked { .. } = event {
            self.0.panics.fetch_add(1, SeqCst);
        }
    }
}

/// Stops the list when its thread panics, so that no other thread waits for ever.
pub(crate) struct Alarm(pub(crate) Weak<PeerList>);

impl Drop for Alarm {
    fn drop(&mut self) {
        if std::thread::panicking()
            && let Some(list) = self.0.upgrade()
        {
            let _ = list.stop();
        }
    }
}
