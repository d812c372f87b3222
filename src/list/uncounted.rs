//! Choices that their caller counts: one that makes several of them for one request, or waits by itself.

use super::peer_list::PeerList;
use super::why::Checked;
use crate::policy::Policy;
use crate::request::Request;
use crate::slot::Pick;
use crate::wait::Wait;

impl<P: Policy> PeerList<P> {
    /// As [`try_choose`](crate::Chooser::try_choose), not counted if it is in vain.
    pub(crate) fn try_uncounted(&self, request: &Request<'_>) -> Checked<Pick> {
        match self.pin_plain(request) {
            Some(pinned) => Ok(pinned.into_pick()),
            None => self.look(request),
        }
    }

    /// As [`choose`](crate::Chooser::choose), not counted if it is in vain.
    pub(crate) fn choose_uncounted(&self, request: &Request<'_>, wait: Wait<'_>) -> Checked<Pick> {
        match wait.cancel {
            None => match self.pin_plain(request) {
                Some(pinned) => Ok(pinned.into_pick()),
                None => self.look_and_wait(request, wait),
            },
            Some(_) => self.look_and_wait(request, wait),
        }
    }

    /// Counts a choice in vain.
    pub(crate) fn counted(&self, choice: Checked<Pick>) -> Checked<Pick> {
        if let Err(error) = &choice {
            self.core.shared.numbers.failed(error.kind());
        }
        choice
    }
}
