//! When a list panics, and whether it does.

use crate::list::options::OnPanic;
use crate::sync::{AtomicBool, Ordering};

/// When a list panics, and whether it does.
pub(in crate::list) struct Alarm {
    pub(in crate::list) on_panic: OnPanic,
    /// Percent of the members.
    pub(in crate::list) threshold: u8,
    /// Written under the membership's mutex.
    pub(in crate::list) is_on: AtomicBool,
}

impl Alarm {
    pub(in crate::list) fn new(on_panic: OnPanic, threshold: u8) -> Option<Self> {
        let is_on = AtomicBool::new(false);
        (on_panic != OnPanic::Off).then_some(Self { on_panic, threshold, is_on })
    }

    /// Whether choices fail for it.
    pub(in crate::list) fn fails(&self) -> bool {
        // Relaxed: a choice while it changes may go either way; a waiter that must not miss it looks
        // again after a fence (`wait/gate`).
        self.on_panic == OnPanic::Fail && self.is_on.load(Ordering::Relaxed)
    }

    pub(in crate::list) fn is_below(&self, available: usize, members: usize) -> bool {
        available.saturating_mul(100) < members.saturating_mul(self.threshold.into())
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn below_the_threshold_and_not_at_it_is_too_few() {
        let alarm = Alarm::new(OnPanic::Fail, 50).expect("an alarm");
        let below = [0, 4, 5, 6].map(|available| alarm.is_below(available, 10));
        assert_eq!(below, [true, true, false, false]);
        assert!(!alarm.is_below(0, 0), "no members, none too few");
    }

    #[test]
    fn choices_fail_for_one_that_is_on_and_says_so() {
        assert!(Alarm::new(OnPanic::Off, 50).is_none());
        for (on_panic, fails) in [(OnPanic::Fail, true), (OnPanic::Any, false)] {
            let alarm = Alarm::new(on_panic, 50).expect("an alarm");
            assert!(!alarm.fails());
            alarm.is_on.store(true, Ordering::Relaxed);
            assert_eq!(alarm.fails(), fails);
        }
    }
}
