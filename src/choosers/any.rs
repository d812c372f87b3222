//! The chooser that a text names: a list of any policy, or `direct`.

use std::sync::Arc;
use std::time::Duration;

use super::direct::Direct;
use super::direct_options::DirectOptions;
use crate::chooser::Chooser;
use crate::error::{
    ChooseError, ChooseErrorKind, DrainError, LifecycleError, PeerFailure, PeerFailureKind,
    UpdateError,
};
use crate::events::Event;
use crate::feeding::{List, ListUpdates};
use crate::lifecycle::Lifecycle;
use crate::list::{ListOptions, PeerList};
use crate::panics;
use crate::peer::Identifier;
use crate::policy::{AnyPolicy, PolicySpec};
use crate::request::Request;
use crate::slot::Pick;
use crate::stats::{ChooserStatus, SourceStatus, Stats};
use crate::transport::Transport;
use crate::wait::{Notice, NoticeId, Wait};

/// The chooser of any policy of the [catalogue](crate::policy::catalogue), for programs whose
/// configuration names it.
///
/// ```
/// use peerage::policy::PolicySpec;
/// use peerage::transports::Always;
/// use peerage::{AnyChooser, Chooser, Lifecycle, List, ListOptions, ListUpdates, Request};
///
/// // From a configuration file.
/// let spec: PolicySpec = "two-random-choices".parse()?;
/// let options: ListOptions = "name=users,timeout=200ms".parse()?;
///
/// let users = AnyChooser::from_spec(&spec, Always::new(), options);
/// users.start()?;
/// users.update(ListUpdates::adding(["10.0.0.1:80", "10.0.0.2:80"]))?;
/// assert!(users.try_choose(&Request::new()).is_ok());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// It is a [`ChooserList`](crate::ChooserList), so a `direct` among others takes the same place; but
/// its peers come from its requests: every peer of an update fails with
/// [`TakesNoUpdates`](PeerFailureKind::TakesNoUpdates).
#[derive(Debug)]
pub enum AnyChooser {
    /// A list of any policy.
    List(PeerList),
    /// `direct`, which grows by the names that it is asked for.
    Direct(Direct),
}

impl AnyChooser {
    /// The chooser that a spec describes, not started. A [seed](ListOptions::with_seed) in the
    /// options makes the policy's random numbers repeatable too, and a list that does not
    /// [shuffle](ListOptions::with_shuffle) gets a policy that keeps its peers
    /// [in order](AnyPolicy::in_order).
    #[must_use]
    pub fn from_spec(
        spec: &PolicySpec,
        transport: Arc<dyn Transport>,
        options: ListOptions,
    ) -> Self {
        if let Some(keep) = spec.direct_keep() {
            let options = DirectOptions::new().with_keep(keep as usize).with_list(options);
            return Self::Direct(Direct::new(transport, options));
        }
        let policy = AnyPolicy::from_spec(spec, options.seed);
        let policy = if options.shuffle { policy } else { policy.in_order() };
        Self::List(PeerList::new(policy, transport, options))
    }

    fn chooser(&self) -> &dyn Chooser {
        match self {
            Self::List(list) => list,
            Self::Direct(direct) => direct,
        }
    }
}

impl From<&DirectOptions> for PolicySpec {
    /// `direct`, keeping as many peers; the options of its list are no part of a spec.
    fn from(options: &DirectOptions) -> Self {
        Self::direct(u32::try_from(options.keep).unwrap_or(u32::MAX))
    }
}

/// Every peer of an update to a chooser that takes none.
fn refused<'a>(peers: impl Iterator<Item = &'a Arc<dyn Identifier>>) -> Result<(), UpdateError> {
    let failure = |peer: &Arc<dyn Identifier>| {
        let name = panics::catch("identifier", || Arc::from(peer.identifier()));
        PeerFailure { peer: name.unwrap_or_default(), kind: PeerFailureKind::TakesNoUpdates }
    };
    UpdateError::check(peers.map(failure).collect())
}

impl List for AnyChooser {
    fn update(&self, updates: ListUpdates) -> Result<(), UpdateError> {
        match self {
            Self::List(list) => list.update(updates),
            Self::Direct(_) => refused(updates.removals.iter().chain(&updates.additions)),
        }
    }

    fn replace(&self, peers: Vec<Arc<dyn Identifier>>) -> Result<(), UpdateError> {
        match self {
            Self::List(list) => list.replace(peers),
            Self::Direct(_) => refused(peers.iter()),
        }
    }

    fn tell(&self, event: &Event<'_>) {
        match self {
            Self::List(list) => list.tell(event),
            Self::Direct(_) => {}
        }
    }
}

impl Lifecycle for AnyChooser {
    fn start(&self) -> Result<(), LifecycleError> {
        self.chooser().start()
    }

    fn stop(&self) -> Result<(), LifecycleError> {
        self.chooser().stop()
    }

    fn is_running(&self) -> bool {
        self.chooser().is_running()
    }
}

impl Chooser for AnyChooser {
    #[inline]
    fn choose(&self, request: &Request<'_>, wait: Wait<'_>) -> Result<Pick, ChooseError> {
        match self {
            Self::List(list) => list.choose(request, wait),
            Self::Direct(direct) => direct.choose(request, wait),
        }
    }

    #[inline]
    fn try_choose(&self, request: &Request<'_>) -> Result<Pick, ChooseError> {
        match self {
            Self::List(list) => list.try_choose(request),
            Self::Direct(direct) => direct.try_choose(request),
        }
    }

    fn try_again(&self, request: &Request<'_>) -> Result<Pick, ChooseError> {
        self.chooser().try_again(request)
    }

    fn waited(&self, ended: Option<ChooseErrorKind>, took: Duration) {
        self.chooser().waited(ended, took);
    }

    fn notify_ready(&self, request: &Request<'_>, notice: Notice) -> Option<NoticeId> {
        self.chooser().notify_ready(request, notice)
    }

    fn cancel_notice(&self, id: NoticeId) -> bool {
        self.chooser().cancel_notice(id)
    }

    fn drain(&self, timeout: Option<Duration>) -> Result<(), DrainError> {
        self.chooser().drain(timeout)
    }

    fn introspect(&self) -> ChooserStatus {
        self.chooser().introspect()
    }

    fn stats(&self) -> Stats {
        self.chooser().stats()
    }

    fn name(&self) -> String {
        self.chooser().name()
    }

    fn source_status(&self) -> Option<SourceStatus> {
        self.chooser().source_status()
    }
}
