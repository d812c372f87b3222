//! Who asks a list for a peer.

use std::fmt;
use std::time::Duration;

use crate::error::{ChooseError, ChooseErrorKind, DrainError};
use crate::feeding::List;
use crate::lifecycle::Lifecycle;
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
