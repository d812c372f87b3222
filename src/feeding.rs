//! Who feeds a list.

use std::sync::Arc;

use crate::error::UpdateError;
use crate::events::Event;
use crate::lifecycle::Lifecycle;
use crate::peer::Identifier;
use crate::stats::SourceStatus;

/// Additions to a list and removals from it. Removals are applied first.
///
/// ```
/// use peerage::ListUpdates;
///
/// let updates = ListUpdates::new().with_addition("10.0.0.2:80").with_removal("10.0.0.1:80");
/// # let _ = updates;
/// ```
#[derive(Debug, Clone, Default)]
pub struct ListUpdates {
    /// The peers to add.
    pub additions: Vec<Arc<dyn Identifier>>,
    /// The peers to remove.
    pub removals: Vec<Arc<dyn Identifier>>,
}

impl ListUpdates {
    /// No change.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one more peer.
    #[must_use]
    pub fn with_addition(mut self, id: impl Into<String>) -> Self {
        self.additions.push(crate::identify(id));
        self
    }

    /// Removes one more peer.
    #[must_use]
    pub fn with_removal(mut self, id: impl Into<String>) -> Self {
        self.removals.push(crate::identify(id));
        self
    }

    /// Additions only.
    pub fn adding<I: Into<String>>(ids: impl IntoIterator<Item = I>) -> Self {
        Self { additions: ids.into_iter().map(crate::identify).collect(), removals: vec![] }
    }

    /// Additions only, of peers of which more is known than their names.
    ///
    /// ```
    /// use peerage::{Attributes, ListUpdates, Member};
    ///
    /// let heavy = Member::new("10.0.0.1:80", Attributes::new().with_weight(3));
    /// let updates = ListUpdates::adding_members([heavy]);
    /// assert_eq!(updates.additions[0].attributes().weight, 3);
    /// ```
    pub fn adding_members<I: Identifier>(members: impl IntoIterator<Item = I>) -> Self {
        let member = |member| Arc::new(member) as Arc<dyn Identifier>;
        Self { additions: members.into_iter().map(member).collect(), removals: vec![] }
    }

    /// Removals only.
    pub fn removing<I: Into<String>>(ids: impl IntoIterator<Item = I>) -> Self {
        Self { additions: vec![], removals: ids.into_iter().map(crate::identify).collect() }
    }
}

/// Takes updates.
///
/// ```
/// use peerage::policy::RoundRobin;
/// use peerage::transports::Always;
/// use peerage::{List, ListOptions, ListUpdates, PeerList};
///
/// /// What a watch of the names of a service calls.
/// fn moved(list: &dyn List, from: &str, to: &str) {
///     let updates = ListUpdates::new().with_removal(from).with_addition(to);
///     if let Err(error) = list.update(updates) {
///         // The rest of it was done.
///         for failure in error.failures() {
///             eprintln!("{}: {failure}", failure.peer());
///         }
///     }
/// }
///
/// let list = PeerList::new(RoundRobin::new(), Always::new(), ListOptions::new());
/// moved(&list, "10.0.0.1:80", "10.0.0.2:80"); // the first is not in the list, the second is now
/// assert!(list.is_uninitialized("10.0.0.2:80"));
/// ```
pub trait List: Send + Sync {
    /// Removes and adds peers, in this order.
    ///
    /// A member that is both removed and added stays, with its connection and its load, and gets the
    /// attributes of the identifier that is added; its transport keeps the identifier that it has.
    /// (To make the connection anew, remove it in one update and add it in the next.)
    ///
    /// Everything that can be done is done; what cannot is reported together. While the list runs,
    /// added peers are retained and removed ones released on this thread, with no lock held; before
    /// and after it is only written down who is in the list.
    ///
    /// # Errors
    ///
    /// Every peer that failed, and why.
    fn update(&self, updates: ListUpdates) -> Result<(), UpdateError>;

    /// Makes `peers` the whole of the list, for those who know sets and not differences: adds what is
    /// missing, removes what is too much, changes the attributes of those that have others, and
    /// leaves the rest alone. Of a name that is given twice the first counts.
    ///
    /// # Errors
    ///
    /// As for [`update`](List::update). If an identifier cannot be read nothing is changed.
    fn replace(&self, peers: Vec<Arc<dyn Identifier>>) -> Result<(), UpdateError>;

    /// Passes on what an updater has to tell: the list gives it to its [`Observer`](crate::Observer).
    /// Does nothing unless the list says otherwise.
    fn tell(&self, event: &Event<'_>) {
        let _ = event;
    }
}

/// What feeds a list while it runs: [`Watching`](crate::updaters::Watching),
/// [`StaticPeers`](crate::StaticPeers), or one of one's own, see [`Lifecycle`].
pub trait Updater: Lifecycle {
    /// Where the peers come from and how that has been, for status pages and metrics. `None`, the default:
    /// it does not say.
    fn source_status(&self) -> Option<SourceStatus> {
        None
    }
}

/// Makes the updater that feeds a list. Any `FnOnce(Arc<dyn List>) -> Arc<dyn Updater>` is one.
///
/// It must not update the list before the updater is started.
///
/// ```
/// use std::sync::Arc;
/// use peerage::policy::RoundRobin;
/// use peerage::transports::Always;
/// use peerage::{Bind, Binder, Lifecycle, List, ListOptions, PeerList, StaticPeers, Updater, identify};
///
/// /// The binder that a line of a configuration asks for.
/// fn binder(line: &str) -> impl Binder {
///     let peers: Vec<_> = line.split(',').map(identify).collect();
///     move |list: Arc<dyn List>| Arc::new(StaticPeers::new(list, peers)) as Arc<dyn Updater>
/// }
///
/// let list = PeerList::new(RoundRobin::new(), Always::new(), ListOptions::new());
/// let chooser = Bind::new(list, binder("10.0.0.1:80,10.0.0.2:80"));
/// chooser.start()?;
/// assert_eq!(chooser.list().available(), 2);
/// # Ok::<(), peerage::LifecycleError>(())
/// ```
pub trait Binder {
    /// Makes the updater.
    fn bind(self: Box<Self>, list: Arc<dyn List>) -> Arc<dyn Updater>;
}

impl<F: FnOnce(Arc<dyn List>) -> Arc<dyn Updater>> Binder for F {
    fn bind(self: Box<Self>, list: Arc<dyn List>) -> Arc<dyn Updater> {
        self(list)
    }
}
