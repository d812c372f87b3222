//! Who asks a list for a peer, and who feeds it.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::error::{ChooseError, ChooseErrorKind, DrainError, UpdateError};
use crate::events::Event;
use crate::lifecycle::Lifecycle;
use crate::peer::Identifier;
use crate::request::Request;
use crate::slot::Pick;
use crate::stats::{ChooserStatus, SourceStatus, Stats};
use crate::wait::{Notice, NoticeId, Wait};

/// Hands out a peer for each request.
///
/// Any thread may call any method at any time.
///
/// ```
/// use std::time::Duration;
/// use peerage::policy::RoundRobin;
/// use peerage::transports::Always;
/// use peerage::{ChooseError, ChooseErrorKind, Chooser, Lifecycle, List, ListOptions};
/// use peerage::{ListUpdates, Outcome, PeerList, Ready, Request, Wait};
///
/// /// Blocks, for half a second at most.
/// fn call(chooser: &dyn Chooser) -> Result<String, ChooseError> {
///     let pick = chooser.choose(&Request::new(), Wait::timeout(Duration::from_millis(500)))?;
///     let answer = format!("an answer of {}", pick.identifier()); // .. send the request ..
///     pick.finish(Outcome::Success);
///     Ok(answer)
/// }
///
/// let list = PeerList::new(RoundRobin::new(), Always::new(), ListOptions::new());
/// list.start()?;
///
/// // An event loop does not block: it is told when it is worth another try.
/// let error = list.try_choose(&Request::new()).unwrap_err();
/// assert_eq!(error.kind(), ChooseErrorKind::NoPeer);
/// let (sender, ready) = std::sync::mpsc::channel();
/// let notice = Box::new(move |ready: Ready| drop(sender.send(ready)));
/// let id = list.notify_ready(&Request::new(), notice);
/// assert!(id.is_some()); // not yet given
///
/// list.update(ListUpdates::adding(["10.0.0.1:80"]))?;
/// assert_eq!(ready.recv()?, Ready::TryAgain);
/// assert_eq!(call(&list)?, "an answer of 10.0.0.1:80");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait Chooser: Lifecycle {
    /// Hands out a peer, waiting for one as long as `wait` says.
    ///
    /// Blocks only while no peer can be chosen, or the chooser has not been started yet. It may run
    /// a policy of the user's, and the peer's request hook; nothing else is called back, but for a
    /// [notice](Chooser::notify_ready) that was given to a closed list.
    ///
    /// # Errors
    ///
    /// [`ChooseError::kind`] says which case it is. No peer was taken.
    fn choose(&self, request: &Request<'_>, wait: Wait<'_>) -> Result<Pick, ChooseError>;

    /// Hands out a peer if there is one now. Never blocks; with a policy that is called one call at a
    /// time, until it has returned from another thread's.
    ///
    /// # Errors
    ///
    /// As for [`choose`](Chooser::choose).
    fn try_choose(&self, request: &Request<'_>) -> Result<Pick, ChooseError>;

    /// As [`try_choose`](Chooser::try_choose), for a caller that waits by itself, for a notice: one that
    /// finds no peer is not counted in [`Stats::failures`]. Its caller tells at the end how that was:
    /// [`waited`](Chooser::waited). The default is `try_choose`.
    ///
    /// # Errors
    ///
    /// As for [`choose`](Chooser::choose).
    fn try_again(&self, request: &Request<'_>) -> Result<Pick, ChooseError> {
        self.try_choose(request)
    }

    /// Counts in [`Stats`] how a wait of the caller's own has ended: `None` if it got a peer, else what it is
    /// given up for; and how long it took, zero if it ended before it waited. Never blocks, and calls nothing
    /// back. The default counts nothing.
    fn waited(&self, ended: Option<ChooseErrorKind>, took: Duration) {
        let _ = (ended, took);
    }

    /// Calls `notice` once, when [`try_choose`](Chooser::try_choose) is worth trying: at once if a
    /// peer can be chosen for `request` now, otherwise when a peer becomes available, or the
    /// chooser starts or stops. For event loops, and for languages that cannot spare a thread to
    /// wait.
    ///
    /// The notice runs on the thread that causes it, which may be this one, before this returns,
    /// with no lock held. It takes no peer with it: others may be faster, so be ready to ask for
    /// another notice. `None`: it has been given.
    ///
    /// Notices of a chooser are not given one inside another: one that comes due while this thread
    /// is in a notice is given when that has returned. So a notice may ask for the next one as often
    /// as it likes, and only keeps its thread as long as it does.
    fn notify_ready(&self, request: &Request<'_>, notice: Notice) -> Option<NoticeId>;

    /// Takes a notice back. `true`: it will not be given. `false`: it was, or is about to be.
    fn cancel_notice(&self, id: NoticeId) -> bool;

    /// Blocks until every peer that has left has been released by the transport, and so until none of
    /// its requests is in flight: those of peers that were removed, and after a
    /// [`stop`](crate::Lifecycle::stop) those of all. Requests on peers that are still there are not
    /// waited for. `None`: as long as it takes.
    ///
    /// Calls nothing back. Not from inside a callback of the chooser's, nor with a pick of it in hand
    /// that this thread is to finish: it would wait for itself.
    ///
    /// ```
    /// use std::time::Duration;
    /// use peerage::transports::Always;
    /// use peerage::{Chooser, Lifecycle, Outcome, Request, Single, identify};
    ///
    /// let chooser = Single::new(identify("10.0.0.1:80"), Always::new());
    /// chooser.start()?;
    /// let pick = chooser.try_choose(&Request::new())?;
    /// chooser.stop()?;
    /// let error = chooser.drain(Some(Duration::from_millis(1))).unwrap_err();
    /// assert_eq!(error.left().pending, 1);
    /// pick.finish(Outcome::Success);
    /// chooser.drain(Some(Duration::from_secs(5)))?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The limit has passed; the error says what is left.
    fn drain(&self, timeout: Option<Duration>) -> Result<(), DrainError>;

    /// What it looks like now, peer by peer.
    fn introspect(&self) -> ChooserStatus;

    /// What it looks like now, in numbers. Cheaper than [`introspect`](Chooser::introspect).
    fn stats(&self) -> Stats;

    /// Its name, as [`introspect`](Chooser::introspect) has it, which is what the default asks. For a
    /// chooser of one's own that can tell it with less.
    fn name(&self) -> String {
        self.introspect().name
    }

    /// Where its peers come from, as [`introspect`](Chooser::introspect) has it, which is what the default
    /// asks. `None`: it does not say.
    fn source_status(&self) -> Option<SourceStatus> {
        self.introspect().source
    }
}

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

/// A list that hands out what it is fed: what a program holds that does not care which.
///
/// ```
/// use std::sync::Arc;
/// use peerage::policy::AnyPolicy;
/// use peerage::transports::Always;
/// use peerage::{ChooserList, ListOptions, ListUpdates, PeerList, Request};
///
/// let policy: AnyPolicy = "two-random-choices".parse()?;
/// let list = PeerList::new(policy, Always::new(), ListOptions::new());
/// let users: Arc<dyn ChooserList> = Arc::new(list);
/// users.start()?;
/// users.update(ListUpdates::adding(["10.0.0.1:80"]))?;
/// let pick = users.try_choose(&Request::new())?;
/// # drop(pick);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait ChooserList: Chooser + List {}

impl<T: Chooser + List + ?Sized> ChooserList for T {}

/// What feeds a list while it runs: [`Watching`](crate::updaters::Watching), [`StaticPeers`](crate::StaticPeers),
/// or one of one's own, see [`Lifecycle`].
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

impl fmt::Debug for dyn Chooser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.introspect(), f)
    }
}

impl fmt::Debug for dyn ChooserList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.introspect(), f)
    }
}
