//! The policy beside the shared part of a list: what picks and subscribers may outlive the list
//! with, and what a slot calls.

use std::sync::{Arc, OnceLock};

use super::aside::{Alarm, Ejector, Tiers};
use super::departures::Departures;
use super::membership::Membership;
use super::options::ListOptions;
use super::readiness::Readiness;
use super::shared::{IndexPointer, LearnerPointer, ListShared, Places};
use super::slice::Slice;
use crate::attributes::Attributes;
use crate::cost::{Clock, Learner};
use crate::outcome::{Finish, Outcome};
use crate::panics::{self, Panicked};
use crate::policy::{AskAgain, Policy, Rng, Seal, Watch};
use crate::roster::{Entry, Roster};
use crate::slot::{
    HandOver, Owner, Pin, PinOf, Retained, Retiring, Slot, SlotRef, WATCH_COST, WATCH_FAILURES,
    WATCH_PLACES, WATCH_POLICY, WATCH_STREAK, WATCH_TIME, base_of,
};
use crate::sync::Mutex;
use crate::transport::Transport;
use crate::wait::{Gate, Ordered};

pub(super) struct Core<P: Policy> {
    /// First, so that a choice finds it and the open word near each other.
    pub(super) policy: P,
    pub(super) shared: ListShared,
}

impl<P: Policy> Core<P> {
    /// # Panics
    ///
    /// Panics if the policy's index serves another list.
    pub(super) fn new(policy: P, transport: Arc<dyn Transport>, options: ListOptions) -> Arc<Self> {
        let name: Arc<str> = options.name.as_deref().unwrap_or(policy.name()).into();
        let watch = panics::catch("watches", || policy.watches());
        let learns = policy.learner(Seal(())).0.map_or(0, learning);
        let rng = Rng::from_seed(options.seed);
        let slice = Slice::new(options.subset, options.client.as_ref(), &rng);
        // A price does what ejection does, in the word that the streak would need.
        let limit = if learns == 0 { options.eject } else { 0 };
        let ejects = if limit == 0 { 0 } else { WATCH_STREAK };
        let guards_policy = policy.may_panic(Seal(()));
        let places = options.max_pending.map(|limit| {
            let base = base_of(limit.get());
            let spare = Box::new(Learner::default());
            spare.set_base(base);
            if let Some(learner) = policy.learner(Seal(())).0 {
                learner.set_base(base);
            }
            Places { spare, any_serves: policy.any_place_serves(Seal(())) }
        });
        let watches_places = if places.is_some() { WATCH_PLACES } else { 0 };
        let ordered = Ordered { order: options.queue, clock: options.clock.clone() };
        let core = Arc::new(Self {
            policy,
            shared: ListShared {
                roster: Roster::new(),
                gate: Arc::new(Gate::new(ordered, options.max_waiting)),
                membership: Mutex::new(Membership::new(options.capacity, slice)),
                departures: Departures::default(),
                readiness: Readiness::new(),
                transport,
                plain: Arc::new(Attributes::new()),
                name,
                observer: options.observer,
                numbers: Box::default(),
                fail_fast: options.fail_fast,
                default_timeout: options.default_timeout,
                max_waiting: options.max_waiting,
                places,
                guards_policy,
                watch: watch.as_ref().map_or(0, |watch| flags(*watch))
                    | learns
                    | watches_places
                    | ejects,
                tiers: Tiers::new(options.spill, options.zone),
                alarm: Alarm::new(options.on_panic, options.panic_threshold),
                ejector: (limit > 0)
                    .then(|| Box::new(Ejector::new(limit, options.clock.clone(), options.seed))),
                learner: OnceLock::new(),
                index: OnceLock::new(),
            },
        });
        core.attach(options.clock.as_ref());
        if let Err(panicked) = watch {
            core.shared.panicked(&panicked);
        }
        core.shared.roster.reserve(options.capacity, core.shared.index());
        core
    }

    fn attach(&self, clock: Option<&Arc<dyn Clock>>) {
        let shared = &self.shared;
        if let Some(index) = self.policy.index() {
            let (index, name) = (index.get(), &shared.name);
            assert!(
                index.attach(&shared.roster),
                "{name:?}: the policy serves another list already"
            );
            // SAFETY: the policy has got its place in the core, which it does not leave before
            // `shared` does, and is borrowed by shared references only.
            let _ = shared.index.set(unsafe { IndexPointer::new(index) });
        }
        if let Some(learner) = self.policy.learner(Seal(())).0 {
            learner.attach(clock);
            // SAFETY: as for the index.
            let _ = shared.learner.set(unsafe { LearnerPointer::new(learner) });
        }
        let ask_again = AskAgain::new(&shared.gate);
        if let Err(panicked) = panics::catch("attached", || self.policy.attached(ask_again)) {
            shared.panicked(&panicked);
        }
    }
}

impl<P: Policy> Core<P> {
    /// Tells a policy of the user's that a request has ended.
    #[inline(never)]
    fn tell_guarded(&self, slot: &Slot, finish: &Finish) {
        let finished = || self.policy.finished(Entry::of(slot), *finish);
        if let Err(panicked) = panics::catch("a policy's finished", finished) {
            self.shared.panicked(&panicked);
        }
    }
}

fn flags(watch: Watch) -> u8 {
    let mut flags = 0;
    for (watched, flag) in
        [(watch.finish, WATCH_POLICY), (watch.latency, WATCH_TIME), (watch.places, WATCH_PLACES)]
    {
        if watched {
            flags |= flag;
        }
    }
    flags
}

/// The flag of what a policy learns from.
fn learning(learner: &Learner<Slot>) -> u8 {
    if learner.learns_failures_alone() { WATCH_FAILURES } else { WATCH_COST }
}

impl<P: Policy> Owner<Slot> for Core<P> {
    fn status_changed(&self, retained: &Retained) {
        self.shared.refresh(retained);
    }

    fn finished(&self, slot: &Slot, finish: &Finish) {
        if self.policy.may_panic(Seal(())) {
            self.tell_guarded(slot, finish);
        } else {
            self.policy.finished(Entry::of(slot), *finish);
        }
    }

    fn reported(&self, slot: SlotRef, in_flight: u32) {
        if let Some(learner) = self.policy.learner(Seal(())).0 {
            self.shared.roster.entry(slot).slot().be_told(slot.key, learner, in_flight);
        }
    }

    fn ended(&self, outcome: Outcome) {
        self.shared.numbers.ended(outcome);
    }

    fn taken_back(&self) {
        self.shared.numbers.taken_back();
    }

    fn chosen_late(&self) {
        self.shared.numbers.chosen_late();
    }

    fn judge(&self, retained: &Retained, slot: &Slot, outcome: Outcome) {
        self.shared.judge(retained, slot, outcome);
    }

    fn probe_begins(&self, retained: &Retained, slot: &Slot) {
        self.shared.probe_begins(retained, slot);
    }

    fn sweep(&self) {
        self.policy.sweep(&self.shared.roster, Seal(()));
    }

    fn any_place_serves(&self) -> bool {
        self.shared.places.as_ref().is_some_and(|places| places.any_serves)
    }

    fn hand_over(&self, pin: PinOf<Slot>) -> HandOver<Slot> {
        let gate = &self.shared.gate;
        if gate.waiting() == 0 {
            // A waiter that comes later finds the place given back.
            return HandOver::Back { pin, serves_any: self.any_place_serves() };
        }
        let hands_over = || self.policy.hands_over(Entry::of(pin.slot()));
        let serves_any = self.any_place_serves()
            || panics::catch("hands_over", hands_over).unwrap_or_else(|panicked| {
                self.shared.panicked(&panicked);
                false
            });
        // Not a peer that has become unavailable since: its place is for no new request. Nor one without
        // requests: a copy of a pick in C has ended this one.
        if !serves_any || !pin.slot().word().is_up() || pin.slot().pending() == 0 {
            return HandOver::Back { pin, serves_any };
        }
        match gate.hand_over(Pin::new(pin)) {
            Ok(()) => HandOver::Over,
            Err(pin) => HandOver::Back { pin: pin.into_token(), serves_any },
        }
    }

    fn place_freed(&self, serves_any: bool) {
        self.shared.gate.place_freed(serves_any);
    }

    fn panicked(&self, panicked: &Panicked) {
        self.shared.panicked(panicked);
    }

    fn retire(&self, retiring: Retiring<Slot>) {
        self.shared.retire_by_finish(&retiring);
    }

    #[cfg(feature = "capi")]
    fn set_data(&self, slot: SlotRef, data: usize, watched: bool) {
        self.shared.roster.set_data(slot, data, watched);
    }

    #[cfg(feature = "capi")]
    fn in_flight(&self, slot: SlotRef) -> u32 {
        self.shared.roster.in_flight(slot)
    }
}
