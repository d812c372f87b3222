//! A list together with what feeds it.

use std::fmt;
use std::sync::Arc;

use super::delegate::delegate_chooser;
use crate::chooser::Chooser;
use crate::error::LifecycleError;
use crate::feeding::{Binder, List, Updater};
use crate::lifecycle::{Lifecycle, Once};
use crate::panics;

/// A list that starts and stops with its updater, and chooses like the list.
///
/// ```
/// use peerage::policy::RoundRobin;
/// use peerage::transports::Always;
/// use peerage::{Bind, Lifecycle, ListOptions, PeerList, StaticPeers};
///
/// let list = PeerList::new(RoundRobin::new(), Always::new(), ListOptions::new());
/// let chooser = Bind::new(list, StaticPeers::binder(["10.0.0.1:80"]));
/// chooser.start()?;
/// assert_eq!(chooser.list().available(), 1);
/// # Ok::<(), peerage::LifecycleError>(())
/// ```
pub struct Bind<L> {
    list: Arc<L>,
    updater: Arc<dyn Updater>,
    once: Once,
}

impl<L: Chooser + List + 'static> Bind<L> {
    /// Ties a list to the updater that `binder` makes for it. Neither is started.
    #[must_use]
    pub fn new(list: impl Into<Arc<L>>, binder: impl Binder) -> Self {
        let list = list.into();
        let updater = Box::new(binder).bind(Arc::clone(&list) as Arc<dyn List>);
        let name = list.name();
        Self { list, updater, once: Once::new(name) }
    }

    /// The list.
    #[must_use]
    pub fn list(&self) -> &Arc<L> {
        &self.list
    }

    /// The updater.
    #[must_use]
    pub fn updater(&self) -> &Arc<dyn Updater> {
        &self.updater
    }
}

impl<L: Chooser + List> Lifecycle for Bind<L> {
    /// Starts the list, then the updater. If the updater does not start, the list is stopped, and
    /// with it this chooser: make a new one to try again.
    fn start(&self) -> Result<(), LifecycleError> {
        self.once.start(|| {
            self.list.start()?;
            match panics::fallible("the updater's start", || self.updater.start()) {
                Ok(()) => Ok(()),
                failed => LifecycleError::join(failed, self.list.stop()),
            }
        })
    }

    /// Stops the updater, then the list; always both.
    fn stop(&self) -> Result<(), LifecycleError> {
        self.once.stop(|| {
            let updater = panics::fallible("the updater's stop", || self.updater.stop());
            LifecycleError::join(updater, self.list.stop())
        })
    }

    fn is_running(&self) -> bool {
        self.list.is_running() && self.updater.is_running()
    }
}

delegate_chooser!([<L: Chooser + List>] Bind<L> => list, |chooser| {
    panics::catch("the updater's status", || chooser.updater.source_status()).ok().flatten()
});

impl<L: Chooser> fmt::Debug for Bind<L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bind").field("list", &self.list.introspect()).finish_non_exhaustive()
    }
}
