//! A list together with what feeds it.

use std::collections::HashSet;
use std::fmt;
use std::sync::Arc;

use crate::chooser::{Binder, Chooser, List, ListUpdates};
use crate::error::{ChooseError, LifecycleError, PeerFailure, PeerFailureKind, UpdateError};
use crate::introspect::ChooserStatus;
use crate::lifecycle::{Lifecycle, Once};
use crate::panics;
use crate::peer::{Identifier, identify};
use crate::request::{Request, Wait};
use crate::slot::pick::Pick;
use crate::sync::Mutex;
use crate::wait::{Notice, NoticeId};

/// A list that starts and stops with its updater, and chooses like the list.
///
/// ```
/// use peerage::policy::RoundRobin;
/// use peerage::testing::FakeTransport;
/// use peerage::{Bind, Lifecycle, ListOptions, PeerList, StaticPeers};
///
/// let list = PeerList::new(RoundRobin::new(), FakeTransport::new(), ListOptions::new());
/// let chooser = Bind::new(list, StaticPeers::binder(["10.0.0.1:80"]));
/// chooser.start()?;
/// assert_eq!(chooser.list().available(), 1);
/// # Ok::<(), peerage::LifecycleError>(())
/// ```
pub struct Bind<L> {
    list: Arc<L>,
    updater: Arc<dyn Lifecycle>,
    once: Once,
}

impl<L: Chooser + List + 'static> Bind<L> {
    /// Ties a list to the updater that `binder` makes for it. Neither is started.
    #[must_use]
    pub fn new(list: impl Into<Arc<L>>, binder: impl Binder) -> Self {
        let list = list.into();
        let updater = Box::new(binder).bind(Arc::clone(&list) as Arc<dyn List>);
        let name = list.introspect().name;
        Self { list, updater, once: Once::new(name) }
    }

    /// The list.
    #[must_use]
    pub fn list(&self) -> &Arc<L> {
        &self.list
    }

    /// The updater.
    #[must_use]
    pub fn updater(&self) -> &Arc<dyn Lifecycle> {
        &self.updater
    }
}

impl<L: Chooser + List> Lifecycle for Bind<L> {
    /// Starts the list, then the updater. If the updater does not start, the list is stopped, and
    /// with it this chooser: make a new one to try again.
    fn start(&self) -> Result<(), LifecycleError> {
        self.once.start(|| {
            self.list.start()?;
            match panics::lifecycle("the updater's start", || self.updater.start()) {
                Ok(()) => Ok(()),
                failed => LifecycleError::join(failed, self.list.stop()),
            }
        })
    }

    /// Stops the updater, then the list; always both.
    fn stop(&self) -> Result<(), LifecycleError> {
        self.once.stop(|| {
            let updater = panics::lifecycle("the updater's stop", || self.updater.stop());
            LifecycleError::join(updater, self.list.stop())
        })
    }

    fn is_running(&self) -> bool {
        self.list.is_running() && self.updater.is_running()
    }
}

impl<L: Chooser + List> Chooser for Bind<L> {
    #[inline]
    fn choose(&self, request: &Request<'_>, wait: Wait<'_>) -> Result<Pick, ChooseError> {
        self.list.choose(request, wait)
    }

    #[inline]
    fn try_choose(&self, request: &Request<'_>) -> Result<Pick, ChooseError> {
        self.list.try_choose(request)
    }

    fn notify_ready(&self, request: &Request<'_>, notice: Notice) -> Option<NoticeId> {
        self.list.notify_ready(request, notice)
    }

    fn cancel_notice(&self, id: NoticeId) -> bool {
        self.list.cancel_notice(id)
    }

    fn introspect(&self) -> ChooserStatus {
        self.list.introspect()
    }
}

impl<L: Chooser> fmt::Debug for Bind<L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bind").field("list", &self.list.introspect()).finish_non_exhaustive()
    }
}

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
        move |list| Arc::new(Self::new(list, peers)) as Arc<dyn Lifecycle>
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
        let started = self.once.state() == crate::State::Running;
        self.once.stop(|| {
            if !started {
                return Ok(());
            }
            let failed: HashSet<String> =
                self.failures().iter().map(|failure| failure.peer().to_owned()).collect();
            let mut removals = self.peers.clone();
            removals.retain(|peer| !failed.contains(peer.identifier()));
            let removed = self.list.update(ListUpdates { additions: vec![], removals });
            let Err(error) = removed else { return Ok(()) };
            // A peer that somebody else has removed is gone, as it should be.
            let mut failures = error.failures().to_vec();
            failures.retain(|failure| !matches!(failure.kind(), PeerFailureKind::NotInList));
            Ok(UpdateError::check(failures)?)
        })
    }

    fn is_running(&self) -> bool {
        self.once.state() == crate::State::Running
    }
}

impl fmt::Debug for StaticPeers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StaticPeers").field("peers", &self.peers).finish_non_exhaustive()
    }
}
