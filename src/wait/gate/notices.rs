//! Notices in the queue: each is given once, or taken back.

use super::queue::{Gate, Party};
use crate::wait::lanes::Wants;
use crate::wait::notice::{Notice, NoticeId, Ready};

impl Gate {
    /// Enters a notice in the queue. The caller then tries to choose, and
    /// [gives](Gate::give) it at once if that succeeds. Gives it here if the gate is closed.
    pub(crate) fn enter_notice(&self, notice: Notice) -> Option<NoticeId> {
        let mut notice = Some(notice);
        let party = || Party::Notice(notice.take().expect("called once"), None);
        let id = self.push(None, party);
        if let Some(notice) = notice {
            self.give_now(notice, Ready::Stopped);
        }
        id.map(NoticeId)
    }

    /// Says what a notice waits for. If as many wait as may it is given, as one that was refused.
    /// Returns whether it waits, or was given already.
    pub(crate) fn narrow(&self, id: NoticeId, wants: Wants) -> bool {
        let Some(admission) = self.admit() else {
            if let Some(Party::Notice(notice, _)) = self.take(id.0) {
                self.give_now(notice, Ready::QueueFull);
                return false;
            }
            return true;
        };
        let now = self.ordered.now();
        let mut queue = self.queue.lock();
        queue.lanes.narrow(id.0, wants, now);
        if let Some(Party::Notice(_, place)) = queue.lanes.get_mut(id.0) {
            *place = Some(admission);
        }
        true
    }

    /// Takes a notice back. Returns whether it had not been given, and will not be.
    pub(crate) fn cancel(&self, id: NoticeId) -> bool {
        let cancelled = self.take(id.0).is_some();
        if !cancelled {
            // It may have been the word of a free place, which its owner does not use now.
            self.place_freed(true);
        }
        cancelled
    }

    /// Gives a notice now, if it has not been given.
    pub(crate) fn give(&self, id: NoticeId) {
        if let Some(Party::Notice(notice, _)) = self.take(id.0) {
            self.give_now(notice, Ready::TryAgain);
        }
    }

    /// Gives a notice that has not been entered; inside another notice of this gate, after that.
    pub(crate) fn give_now(&self, notice: Notice, ready: Ready) {
        self.giver.give(vec![(notice, ready)]);
    }
}
