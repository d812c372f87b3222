//! Doors of the C layer, which names its choosers by text and so has one type for all of them.

use std::sync::Arc;
use std::time::Duration;

use super::any::AnyChooser;
use crate::error::ChooseError;
use crate::list::Ended;
use crate::peer::Peer;
use crate::request::Request;
use crate::slot::Pick;
use crate::state::State;
use crate::stats::PeerStatus;

impl AnyChooser {
    /// The error of a choice that has ended so, as the chooser looks now.
    pub(crate) fn explain(
        &self,
        ended: Ended,
        waited: Option<Duration>,
        request: &Request<'_>,
    ) -> ChooseError {
        match self {
            Self::List(list) => list.explain(ended, waited, request),
            Self::Direct(direct) => direct.explain(ended, waited, request),
        }
    }

    /// A choice that its caller counts, if it is in vain.
    pub(crate) fn try_uncounted(&self, request: &Request<'_>) -> Result<Pick, ChooseError> {
        match self {
            Self::List(list) => list.try_uncounted(request),
            Self::Direct(direct) => direct.try_uncounted(request),
        }
    }

    /// Counts a wait of the caller's own. `ended` is `None` if it got a peer, `waited` if it was not to
    /// wait.
    pub(crate) fn count_own_wait(&self, ended: Option<Ended>, waited: Option<Duration>) {
        match self {
            Self::List(list) => list.count_own_wait(ended, waited),
            Self::Direct(direct) => direct.list().count_own_wait(ended, waited),
        }
    }

    pub(crate) fn state(&self) -> State {
        match self {
            Self::List(list) => list.state(),
            Self::Direct(direct) => direct.list().state(),
        }
    }

    /// The peer called `id`, as its transport made it, if it is retained.
    pub(crate) fn peer(&self, id: &str) -> Option<Arc<dyn Peer>> {
        match self {
            Self::List(list) => list.peer(id),
            Self::Direct(direct) => direct.list().peer(id),
        }
    }

    /// The retained peers with what they look like, in the order of their names.
    pub(crate) fn peers_now(&self) -> Vec<(PeerStatus, Arc<dyn Peer>)> {
        match self {
            Self::List(list) => list.peers_now(),
            Self::Direct(direct) => direct.list().peers_now(),
        }
    }
}
