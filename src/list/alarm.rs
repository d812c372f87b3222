//! Panic: what a list does when too few of its peers are available.
//!
//! | `panic=` | with fewer than `panic-threshold=` percent available |
//! |---|---|
//! | `off` | nothing: the peers that are left serve, or callers wait |
//! | `any` | peers that the list has ejected serve again, and none is ejected |
//! | `fail` | every choice fails at once, with a cause of its own |
//!
//! `fail` is for peers that are not worth overloading: those that are left would get the load of all.
//! It closes the roster, so a choice that succeeds has nothing more to look at than before. Whether
//! there are too few is decided where a peer's availability has changed, under the membership's
//! mutex, which also guards the phase: so the roster is open while the list runs and is not alarmed.

use super::aside::Alarm;
use super::membership::Phase;
use super::options::OnPanic;
use super::shared::ListShared;
use crate::events::Event;
use crate::sync::Ordering;
use crate::wait::News;

impl ListShared {
    /// The percentage below which every choice fails, if that is why it does.
    pub(super) fn failing_below(&self) -> Option<u8> {
        let alarm = self.alarm.as_ref()?;
        alarm.fails().then_some(alarm.threshold)
    }

    /// Whether ejected peers are to serve, should so many members be available.
    pub(super) fn needs_all(&self, available: usize, members: usize) -> bool {
        let needs =
            |alarm: &Alarm| alarm.on_panic == OnPanic::Any && alarm.is_below(available, members);
        self.alarm.as_ref().is_some_and(needs)
    }

    /// Peers have come or gone, or changed their availability. Called with no lock held.
    #[inline]
    pub(super) fn check_alarm(&self) {
        if let Some(alarm) = &self.alarm {
            self.check(alarm);
        }
    }

    #[cold]
    fn check(&self, alarm: &Alarm) {
        let (members, available) = {
            let membership = self.membership.lock();
            let (members, available) = self.healthy();
            let is_on = alarm.is_below(available, members);
            if is_on == alarm.is_on.load(Ordering::Relaxed) {
                return;
            }
            alarm.is_on.store(is_on, Ordering::Relaxed);
            self.roster.set_open(membership.phase() == Phase::Running && !alarm.fails());
            (members, available)
        };
        if alarm.is_below(available, members) {
            let threshold = alarm.threshold;
            self.observe(|| Event::TooFewAvailable { available, peers: members, threshold });
            if alarm.on_panic == OnPanic::Any {
                self.take_all_back();
            }
        } else {
            self.observe(|| Event::EnoughAvailable { available, peers: members });
        }
        // Those that wait look again: they fail now, or may find a peer.
        self.gate.wake(News::Everything);
        self.show_readiness();
    }
}
