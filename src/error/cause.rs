//! What kept a choice from finding a peer: the one list of causes for all languages.

use super::choose::{ChooseError, ChooseErrorKind};
use super::nothing::Nothing;
use super::seen::Seen;

/// What kept a choice from finding a peer. Where [`ChooseErrorKind`] says how the call ended (it timed
/// out, it was not to wait), this says what it would have taken.
///
/// ```
/// use peerage::policy::RoundRobin;
/// use peerage::transports::Always;
/// use peerage::{Cause, Chooser, Lifecycle, ListOptions, PeerList, Request};
///
/// let list = PeerList::new(RoundRobin::new(), Always::new(), ListOptions::new());
/// list.start()?;
/// let error = list.try_choose(&Request::new()).unwrap_err();
/// assert_eq!(error.cause(), Cause::NoPeers);
/// # Ok::<(), peerage::LifecycleError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Cause {
    /// Nothing any more: a peer can be chosen by now, or became available too late for the call.
    TooLate = 0,
    /// The chooser has no peers.
    NoPeers = 1,
    /// It has peers, and none of them is connected.
    NoneConnected = 2,
    /// Peers are connected, and all of them are [ejected, draining or outside the
    /// subset](crate::Reason).
    SetAside = 3,
    /// Peers are available, but none for this request.
    Excluded = 4,
    /// Fewer peers are available than the request needs.
    TooFew = 5,
    /// The peer that the request names is not available.
    NotTheNamed = 6,
    /// The peer that the request names is not in the list.
    NotInList = 7,
    /// Every peer that would do has as many requests as it may have.
    AtCapacity = 8,
    /// The policy was not ready to choose.
    NotReady = 9,
    /// The call was cancelled before it began.
    CancelledBefore = 10,
    /// The call was cancelled while it waited.
    Cancelled = 11,
    /// The chooser was stopped.
    Stopped = 12,
    /// The chooser was not running.
    NotRunning = 13,
    /// The transport did not give the peer that the request names.
    NotRetained = 14,
    /// The request lacks what the chooser needs of it.
    InvalidRequest = 15,
    /// The policy, which is the user's own, panicked.
    PolicyPanicked = 16,
    /// As many callers waited already as may.
    QueueFull = 17,
    /// Fewer peers are available than the list needs not to
    /// [fail](crate::OnPanic::Fail).
    BelowThreshold = 18,
}

impl ChooseError {
    /// What kept the choice from finding a peer.
    #[must_use]
    pub fn cause(&self) -> Cause {
        match self.kind() {
            ChooseErrorKind::NoPeer | ChooseErrorKind::FailFast | ChooseErrorKind::TimedOut(_)
                if self.is_below() =>
            {
                Cause::BelowThreshold
            }
            ChooseErrorKind::NoPeer | ChooseErrorKind::FailFast | ChooseErrorKind::TimedOut(_) => {
                of_nothing(self.nothing(), self.seen())
            }
            ChooseErrorKind::QueueFull(_) => Cause::QueueFull,
            ChooseErrorKind::Cancelled if self.is_early() => Cause::CancelledBefore,
            ChooseErrorKind::Cancelled => Cause::Cancelled,
            ChooseErrorKind::Stopped => Cause::Stopped,
            ChooseErrorKind::NotRunning(_) => Cause::NotRunning,
            ChooseErrorKind::NotRetained => Cause::NotRetained,
            ChooseErrorKind::PolicyPanicked => Cause::PolicyPanicked,
            ChooseErrorKind::InvalidRequest(_) => Cause::InvalidRequest,
        }
    }
}

fn of_nothing(nothing: Option<Nothing>, seen: Option<Seen>) -> Cause {
    let none = match seen {
        Some(Seen { peers: 0, .. }) => Cause::NoPeers,
        Some(Seen { available: 0, set_aside: 0, .. }) => Cause::NoneConnected,
        Some(Seen { available: 0, .. }) => Cause::SetAside,
        _ => Cause::TooLate,
    };
    match nothing {
        // What a direct chooser is asked for joins it by being asked for.
        Some(Nothing::NotInList) => Cause::NotInList,
        Some(Nothing::NotTheNamed) => Cause::NotTheNamed,
        Some(Nothing::AtCapacity) => Cause::AtCapacity,
        Some(Nothing::NotReady) => Cause::NotReady,
        // Of no peers at all there are too few for any request, and none that would be for it.
        Some(Nothing::TooFew(_)) if none == Cause::TooLate => Cause::TooFew,
        Some(Nothing::Excluded) if none == Cause::TooLate => Cause::Excluded,
        Some(Nothing::TooFew(_) | Nothing::Excluded | Nothing::Unavailable) | None => none,
    }
}
