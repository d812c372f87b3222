//! Doors of the C layer, which names its choosers by text and so has one type for all of them.

use std::sync::Arc;
use std::time::Duration;

use super::any::AnyChooser;
use crate::error::ChooseError;
use crate::list::Ended;
use crate::peer::Peer;
use crate::request::Request;
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
