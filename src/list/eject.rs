//! A list leaves peers alone whose requests fail one after the other: what it keeps of them.
//!
//! The streak of a peer is counted in its slot (`slot/streak.rs`); here are the peers that are out,
//! and until when. Every change of a peer's phase is made under the mutex that guards them, together
//! with the reason in the roster: so the two agree. The clock is read before that, and the gate, the
//! index and the observer are told after it, as they may be, or call, the user's code.
//!
//! No thread waits for a peer's time to be over. A moment stands in one word, and whatever comes by
//! compares it with the clock: a finish, a push of a status, an update, a choice that found nothing. A
//! caller that waits sleeps no longer than to that moment. As long as no peer is out, the clock is not
//! read.

use std::sync::Arc;
use std::time::Duration;

use super::aside::{Changed, Ejector, NEVER, Out};
use super::shared::ListShared;
use crate::eject::{Phase, Streak, Verdict, lasts};
use crate::events::Event;
use crate::outcome::Outcome;
use crate::reasons::Reason;
use crate::slot::{Retained, Slot, SlotRef};
use crate::sync::{MutexGuard, Ordering};
use crate::wait::News;

impl ListShared {
    /// A request has ended so.
    pub(super) fn judge(&self, retained: &Retained, slot: &Slot, outcome: Outcome) {
        let Some(ejector) = &self.ejector else { return };
        let streak = slot.streak();
        match streak.judge(outcome, ejector.limit) {
            Verdict::Nothing => {}
            Verdict::Count(next) => slot.count_streak(streak, next),
            Verdict::Eject => self.eject(ejector, retained, slot),
            Verdict::Return => self.take_back(ejector, retained, slot),
            Verdict::Again => self.probe_again(ejector, retained, slot),
        }
        self.pass_time();
    }

    /// The peer has failed once too often, or its probe has failed.
    #[cold]
    fn eject(&self, ejector: &Ejector, retained: &Retained, slot: &Slot) {
        let now = ejector.now();
        let mut out = ejector.out.lock();
        let before = slot.streak();
        // Requests that were in flight at the same time: one of them was first.
        if before.phase() == Phase::Out {
            return;
        }
        let is_new = before.phase() == Phase::In;
        if is_new && !self.may_be_short_of(&mut out, slot) {
            return slot.set_streak(Streak::default());
        }
        if !is_new && !self.has_others(slot) {
            drop(out);
            return self.take_back(ejector, retained, slot);
        }
        let lasts = lasts(before.ejections(), ejector.rng.next());
        let until = now + lasts.as_millis() as u64;
        let Some(changed) = self.set_aside(retained, true) else { return };
        slot.set_streak(Streak::of(Phase::Out, before.ejections().saturating_add(1)));
        out.retain(|out| out.slot.key != retained.slot.key);
        out.push(Out { slot: retained.slot, id: Arc::clone(&retained.id), lasts, until });
        ejector.set_due(&out);
        drop(out);
        self.tell_changed(&changed);
        // Callers that wait look again: they sleep no longer than to `until` then.
        self.gate.wake(News::Everything);
        let failures = if is_new { ejector.limit } else { 1 };
        self.numbers.ejected();
        retained.tally.count_ejection();
        self.observe(|| Event::Ejected { peer: &retained.id, failures, lasts });
    }

    /// Whether the list can do without one more: at most half of its peers are out, never the last
    /// that can be chosen, and none that it would take back at once.
    fn may_be_short_of(&self, out: &mut MutexGuard<'_, Vec<Out>>, slot: &Slot) -> bool {
        out.retain(|out| self.roster.is_seated(out.slot));
        let (members, healthy) = self.healthy();
        let left = healthy.saturating_sub(usize::from(slot.word().is_up()));
        let needs_all = self.needs_all(left, members);
        (out.len() + 1) * 2 <= members && self.has_others(slot) && !needs_all
    }

    /// Whether peers other than this can be chosen. The request that is judged may have its last place.
    fn has_others(&self, slot: &Slot) -> bool {
        self.roster.available() > usize::from(slot.word().is_up())
    }

    /// A request begins on a peer that was to be tried: no other does until this one has ended, unless
    /// it does not end for as long as the peer was out.
    pub(super) fn probe_begins(&self, retained: &Retained, slot: &Slot) {
        let Some(ejector) = &self.ejector else { return };
        let now = ejector.now();
        let mut out = ejector.out.lock();
        let streak = slot.streak();
        // The last peer that can be chosen serves all.
        if streak.phase() != Phase::Open || !self.has_others(slot) {
            return;
        }
        let Some(entry) = out.iter_mut().find(|out| out.slot.key == retained.slot.key) else {
            return;
        };
        let Some(changed) = self.set_aside(retained, true) else { return };
        entry.until = now + entry.lasts.as_millis() as u64;
        slot.set_streak(Streak::of(Phase::Probing, streak.ejections()));
        ejector.set_due(&out);
        drop(out);
        self.tell_changed(&changed);
    }

    /// The peer is as good as any.
    #[cold]
    fn take_back(&self, ejector: &Ejector, retained: &Retained, slot: &Slot) {
        let mut out = ejector.out.lock();
        if slot.streak().phase() == Phase::In {
            return;
        }
        slot.set_streak(Streak::default());
        out.retain(|out| out.slot.key != retained.slot.key);
        ejector.set_due(&out);
        let changed = self.set_aside(retained, false);
        drop(out);
        if let Some(changed) = changed {
            self.tell_changed(&changed);
            self.observe(|| Event::Returned { peer: &retained.id });
        }
    }

    /// The probe says nothing of the peer: the next request is one.
    #[cold]
    fn probe_again(&self, ejector: &Ejector, retained: &Retained, slot: &Slot) {
        let mut out = ejector.out.lock();
        let streak = slot.streak();
        if streak.phase() != Phase::Probing {
            return;
        }
        slot.set_streak(Streak::of(Phase::Open, streak.ejections()));
        if let Some(entry) = out.iter_mut().find(|out| out.slot.key == retained.slot.key) {
            entry.until = NEVER;
        }
        ejector.set_due(&out);
        let changed = self.set_aside(retained, false);
        drop(out);
        if let Some(changed) = changed {
            self.tell_changed(&changed);
        }
    }

    /// Too few peers are available: those that are out serve.
    pub(super) fn take_all_back(&self) {
        let Some(ejector) = &self.ejector else { return };
        let mut back = vec![];
        {
            let mut out = ejector.out.lock();
            for Out { slot, id, .. } in out.drain(..) {
                self.roster.set_streak(slot, |_| Streak::default());
                let index = self.index();
                let availability = self.roster.set_reason(slot, Reason::Ejected, false, index);
                back.extend(availability.map(|availability| Changed { id, availability }));
            }
            ejector.set_due(&out);
        }
        for changed in &back {
            // Before it is news that enough are available.
            self.observe(|| Event::Returned { peer: &changed.id });
            self.tell_changed(changed);
        }
    }

    /// Lets peers be tried whose time is over. Returns whether there was one.
    #[inline]
    pub(super) fn pass_time(&self) -> bool {
        self.ejector.as_ref().is_some_and(|ejector| ejector.is_due() && self.open(ejector))
    }

    #[cold]
    fn open(&self, ejector: &Ejector) -> bool {
        let (mut opened, now) = (vec![], ejector.now());
        {
            let mut out = ejector.out.lock();
            out.retain_mut(|out| {
                if out.until > now {
                    return true;
                }
                out.until = NEVER;
                // The phase before the reason: who can choose the peer finds it open.
                let id = Arc::clone(&out.id);
                let open = |before: Streak| Streak::of(Phase::Open, before.ejections());
                let availability = self.roster.set_streak(out.slot, open).and_then(|()| {
                    self.roster.set_reason(out.slot, Reason::Ejected, false, self.index())
                });
                // `None`: it has left.
                let is_here = availability.is_some();
                opened.extend(availability.map(|availability| Changed { id, availability }));
                is_here
            });
            ejector.set_due(&out);
        }
        for changed in &opened {
            self.tell_changed(changed);
        }
        !opened.is_empty()
    }

    /// Forgets that the list has ejected a peer: its user says that it can be chosen.
    pub(super) fn pardon(&self, slot: SlotRef) {
        let Some(ejector) = &self.ejector else { return };
        let mut out = ejector.out.lock();
        out.retain(|out| out.slot.key != slot.key);
        ejector.set_due(&out);
        self.roster.set_streak(slot, |_| Streak::default());
    }

    /// How long a peer is out still, if the list has ejected it.
    pub(super) fn ejected_for(&self, slot: SlotRef) -> Option<Duration> {
        let ejector = self.ejector.as_ref()?;
        let until = {
            let out = ejector.out.lock();
            out.iter().find(|out| out.slot.key == slot.key)?.until
        };
        ejector.remaining(until)
    }

    /// How long until a peer is tried again that is out; `None` if none is.
    pub(super) fn next_return(&self) -> Option<Duration> {
        let ejector = self.ejector.as_ref()?;
        ejector.remaining(ejector.due.load(Ordering::Relaxed))
    }

    fn set_aside(&self, retained: &Retained, out: bool) -> Option<Changed> {
        let index = self.index();
        let availability = self.roster.set_reason(retained.slot, Reason::Ejected, out, index)?;
        Some(Changed { id: Arc::clone(&retained.id), availability })
    }

    fn tell_changed(&self, changed: &Changed) {
        self.after_status(&changed.id, changed.availability);
    }
}

/// What a model compares with the reasons.
#[cfg(all(test, loom))]
impl<P: crate::policy::Policy> super::PeerList<P> {
    pub(crate) fn phase_of(&self, id: &str) -> Phase {
        let shared = &self.core.shared;
        let slot = shared.membership.lock().slot(id).expect("it is in the list");
        shared.roster.entry(slot).slot().streak().phase()
    }
}
