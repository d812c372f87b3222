//! All peers of a list in numbers.
//!
//! The mutex is held for a few peers at a time: a change of a status, or a caller that waits for one, must
//! not wait for a look at 100,000. Peers come and go in between: `left.rs` sees to it that none of their
//! requests is lost or counted twice.

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
