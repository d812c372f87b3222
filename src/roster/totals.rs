//! All peers of a list in numbers.
//!
//! The mutex is held for a few peers at a time: who changes a status, or waits for one, must not wait for a
//! look at 100,000. Peers come and go in between, and none of their requests may be lost or counted twice.
//! Those of a peer that leaves are added to what peers that have left were chosen for, unless a look that is
//! under way has passed it: then they are in what that look has found, and are kept from it.

use super::front::Roster;
use crate::peer::ConnectionStatus;

/// How many slots are looked at with the mutex held once.
const AT_ONCE: u32 = if cfg!(loom) {
    1
} else if cfg!(test) {
    2
} else {
    64
};

/// All peers of a list at about one moment.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Totals {
    pub(crate) peers: usize,
    pub(crate) available: usize,
    pub(crate) connecting: usize,
    pub(crate) unavailable: usize,
    pub(crate) set_aside: usize,
    /// Requests in flight on them.
    pub(crate) pending: u64,
    /// What peers were chosen for, of those that have left too: never less than in a look before.
    pub(crate) chosen: u64,
    /// Requests that have ended, of peers that have left too: at most as many as have.
    pub(crate) ended: u64,
}

/// What peers that have left were chosen for.
#[derive(Default)]
pub(super) struct Left {
    chosen: u64,
    looks: Vec<Look>,
    next_look: u64,
}

/// A look that is under way.
struct Look {
    number: u64,
    /// Slots before this one were looked at.
    passed: u32,
    /// Of those: what peers were chosen for that have left since.
    chosen: u64,
}

impl Left {
    /// A peer has left that was chosen so often. The mutex is held since it was seen last.
    pub(super) fn count(&mut self, index: u32, chosen: u64) {
        self.chosen += chosen;
        for look in &mut self.looks {
            if index < look.passed {
                look.chosen += chosen;
            }
        }
    }

    fn begin(&mut self) -> u64 {
        let number = self.next_look;
        self.next_look += 1;
        self.looks.push(Look { number, passed: 0, chosen: 0 });
        number
    }

    fn pass(&mut self, number: u64, passed: u32) {
        if let Some(look) = self.looks.iter_mut().find(|look| look.number == number) {
            look.passed = passed;
        }
    }

    /// What peers were chosen for that the look has not found.
    fn end(&mut self, number: u64) -> u64 {
        let at = self.looks.iter().position(|look| look.number == number);
        self.chosen - at.map_or(0, |at| self.looks.swap_remove(at).chosen)
    }
}

impl Roster {
    /// All peers in numbers. Takes the mutex for a few of them at a time.
    pub(crate) fn totals(&self) -> Totals {
        let mut totals = Totals::default();
        let number = self.lock().left.begin();
        let mut next = 0;
        // Of peers that are on their way out, what is in flight is not over.
        let mut leaving = 0;
        loop {
            let mut books = self.lock();
            let end = next + AT_ONCE;
            while next < end {
                let Some((slot, record)) = books.known_at(next) else { break };
                next += 1;
                // SAFETY: slots live as long as the roster.
                let slot = unsafe { slot.as_ref() };
                leaving += u64::from(slot.leaving());
                let Some((chosen, pending)) = slot.chosen() else { continue };
                totals.peers += 1;
                totals.pending += u64::from(pending);
                totals.chosen = totals.chosen.wrapping_add(chosen);
                // Not below zero, which would be a success for ever: copies of a pick that are finished at one
                // moment take the count there, and a reader may have missed half of what the word counts.
                totals.ended += chosen.saturating_sub(pending.into());
                let kind = match record.status {
                    _ if record.reasons.is_none() => &mut totals.available,
                    ConnectionStatus::Available => &mut totals.set_aside,
                    ConnectionStatus::Connecting => &mut totals.connecting,
                    ConnectionStatus::Unavailable => &mut totals.unavailable,
                };
                *kind += 1;
            }
            books.left.pass(number, next);
            if next < end {
                let left = books.left.end(number);
                totals.chosen = totals.chosen.wrapping_add(left);
                totals.ended = (totals.ended + left).saturating_sub(leaving);
                return totals;
            }
        }
    }
}
