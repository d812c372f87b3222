//! Peers that are known beforehand.

use std::collections::HashSet;
use std::fmt;
use std::sync::Arc;

use crate::error::{LifecycleError, PeerFailure, UpdateError};
use crate::feeding::{Binder, List, ListUpdates, Updater};
use crate::lifecycle::{Lifecycle, Once};
use crate::peer::{Identifier, identify};
use crate::state::State;
use crate::sync::Mutex;

/// The updater of a list whose peers are known beforehand: adds them when it starts, removes them
/// when it stops.
///
/// One peer that is named twice, or that its transport refuses, does not keep the others from being
/// used: the start succeeds if any peer could be added, and [`failures`](StaticPeers::failures)
/// tells about the rest.
pub struct StaticPeers {
    list: Arc<dyn List>,
    peers: Vec<Arc<dyn Identifier>>,
    failures: Mutex<Vec<PeerFailure>>,
    once: Once,
}

impl StaticPeers {
    /// The updater of `list`, not started. Repeated names count once.
    #[must_use]
    pub fn new(list: Arc<dyn List>, peers: Vec<Arc<dyn Identifier>>) -> Self {
        let mut seen = HashSet::new();
        let mut peers = peers;
        peers.retain(|peer| seen.insert(peer.identifier().to_owned()));
        let once = Once::new("static peers");
        Self { list, peers, failures: Mutex::new(vec![]), once }
    }

    /// A [`Binder`] that makes it.
    pub fn binder<I: Into<String>>(ids: impl IntoIterator<Item = I>) -> impl Binder {
        let peers: Vec<_> = ids.into_iter().map(identify).collect();
        move |list| Arc::new(Self::new(list, peers)) as Arc<dyn Updater>
    }

    /// The peers that could not be added when it started.
    #[must_use]
    pub fn failures(&self) -> Vec<PeerFailure> {
        self.failures.lock().clone()
    }
}

impl Lifecycle for StaticPeers {
    fn start(&self) -> Result<(), LifecycleError> {
        self.once.start(|| {
            let additions = ListUpdates { additions: self.peers.clone(), removals: vec![] };
            let Err(error) = self.list.update(additions) else { return Ok(()) };
            if error.failures().len() >= self.peers.len() {
                return Err(error.into());
            }
            *self.failures.lock() = error.failures().to_vec();
            Ok(())
        })
    }

    fn stop(&self) -> Result<(), LifecycleError> {
        let started = self.once.state() == State::Running;
        self.once.stop(|| {
            if !started {
                return Ok(());
            }
            let failed: HashSet<String> =
                self.failures().iter().map(|failure| failure.peer().to_owned()).collect();
            let mut removals = self.peers.clone();
            removals.retain(|peer| !failed.contains(peer.identifier()));
            // Another updater may have removed some of them.
            let removed = self.list.update(ListUpdates { additions: vec![], removals });
            Ok(removed.or_else(UpdateError::but_for_the_gone)?)
        })
    }

    fn is_running(&self) -> bool {
        self.once.state() == State::Running
    }
}

impl Updater for StaticPeers {}

impl fmt::Debug for StaticPeers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StaticPeers").field("peers", &self.peers).finish_non_exhaustive()
    }
}
