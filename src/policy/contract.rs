//! What a policy is: the trait.

use std::fmt;

use super::choice::{AskAgain, Choice, LearnerRef, Nothing, Watch};
use crate::outcome::Finish;
use crate::request::Request;
use crate::roster::{Entry, IndexRef, Roster};
use crate::slot::{Key, Pinned};

/// How often a policy draws before it draws under the roster's mutex. Each draw meets a peer that
/// has just become unavailable only while a change of the table is under way.
pub(super) const DRAWS: usize = 8;

pub(crate) use crate::peer::Seal;

/// A rule that picks one among the available peers.
///
/// Usable as a trait object. All methods may be called from many threads at once and are called
/// with no lock held.
///
/// ```
/// use peerage::policy::{Choice, Dense, IndexRef, Nothing, Roster};
/// use peerage::{Policy, Request};
///
/// /// The peer with the largest weight.
/// #[derive(Debug, Default)]
/// struct Heaviest {
///     peers: Dense,
/// }
///
/// impl Policy for Heaviest {
///     fn name(&self) -> &str {
///         "heaviest"
///     }
///
///     fn choose<'r>(&'r self, roster: &'r Roster, _: &Request<'_>) -> Choice<'r> {
///         let available = self.peers.available(roster);
///         let heaviest = available.iter().max_by_key(|peer| peer.weight());
///         // A peer may have gone since: then any other will do.
///         match heaviest.and_then(|peer| peer.pin()) {
///             Some(pinned) => Ok(pinned),
///             None => roster.pin_any_except(&[]).ok_or(Nothing::Unavailable),
///         }
///     }
///
///     fn index(&self) -> Option<IndexRef<'_>> {
///         Some(self.peers.index())
///     }
/// }
/// ```
///
/// # Panics
///
/// A panic in a policy does not reach the caller. One in `choose` becomes
/// [`ChooseErrorKind::PolicyPanicked`](crate::ChooseErrorKind::PolicyPanicked); elsewhere it is
/// reported as [`Event::Panicked`](crate::Event::Panicked). The list goes on.
pub trait Policy: Send + Sync + fmt::Debug + 'static {
    /// The policy's name, as in status pages and errors.
    fn name(&self) -> &str;

    /// Picks a peer of `roster` for `request` and pins it, which counts the request: a policy never
    /// sees a peer that is chosen but not yet counted. A policy finds the peers in an index of its
    /// own: see [`index`](Policy::index).
    ///
    /// Must not block.
    ///
    /// # Errors
    ///
    /// [`Nothing`] says why there is no peer for this request, and so when a waiting caller asks
    /// again.
    fn choose<'r>(&'r self, roster: &'r Roster, request: &Request<'_>) -> Choice<'r>;

    /// Picks a peer that is not among `except`: a request's earlier choices that it wants to
    /// [avoid](Request::with_avoid).
    ///
    /// By default `choose` is asked a few more times, and then any other available peer is taken.
    ///
    /// # Errors
    ///
    /// There is no other.
    fn choose_other<'r>(
        &'r self,
        roster: &'r Roster,
        request: &Request<'_>,
        except: &[Key],
    ) -> Choice<'r> {
        for _ in 0..DRAWS {
            let pinned = self.choose(roster, request)?;
            if !except.contains(&pinned.key()) {
                return Ok(pinned);
            }
        }
        roster.pin_any_except(except).ok_or(Nothing::Excluded)
    }

    /// Picks `peer`, which the request [prefers](Request::with_preferred), or `None`: then
    /// [`choose`](Policy::choose) is asked.
    ///
    /// By default it is picked if it is available. A policy that counts its choices counts this one
    /// here, as it is told of its end; one with limits keeps to them.
    fn choose_preferred<'r>(
        &'r self,
        roster: &'r Roster,
        request: &Request<'_>,
        peer: Entry<'r>,
    ) -> Option<Pinned<'r>> {
        let _ = (roster, request);
        peer.pin()
    }

    /// The table of available peers that the roster keeps in step for this policy: one of this
    /// crate's, such as that of a [`Dense`](super::Dense), or of a policy that it wraps. Asked once.
    fn index(&self) -> Option<IndexRef<'_>> {
        None
    }

    /// The policy serves a list from now on, and can have its waiting callers ask again. Called
    /// once, before the first choice.
    fn attached(&self, ask_again: AskAgain) {
        drop(ask_again);
    }

    /// What it wants to hear of each request. Asked when a peer is retained.
    fn watches(&self) -> Watch {
        Watch::NOTHING
    }

    /// A request on `peer` has ended, or a choice of the policy's was not used; it is still counted.
    fn finished(&self, peer: Entry<'_>, finish: Finish) {
        let _ = (peer, finish);
    }

    /// Whether the place of a request on `peer`, which has just [`finished`](Policy::finished), may
    /// go straight to the first caller that waits for a place, for a policy that watches places. The
    /// peer's count does not go down in between, and `choose` is not asked: so only if any place
    /// serves any caller.
    fn hands_over(&self, peer: Entry<'_>) -> bool {
        let _ = peer;
        false
    }

    /// The choice that nearly every call is, in a form that fits a register: `choose` of a policy
    /// of this crate, whose calls are not guarded. `None` says to look closer, and nothing else.
    #[doc(hidden)]
    fn choose_at_once<'r>(
        &'r self,
        roster: &'r Roster,
        request: &Request<'_>,
        _: Seal,
    ) -> Option<Pinned<'r>> {
        let _ = (roster, request);
        None
    }

    /// What learns from the ends of requests, for a policy of this crate that prices peers.
    #[doc(hidden)]
    fn learner(&self, _: Seal) -> LearnerRef<'_> {
        LearnerRef::default()
    }

    /// Finds out anew what is typical of the peers: for a policy that has a learner.
    #[doc(hidden)]
    fn sweep(&self, roster: &Roster, _: Seal) {
        let _ = roster;
    }

    /// Whether any place on any peer serves any request: for a policy of this crate, in a list that limits
    /// the requests on a peer. A place then goes from a request that has ended to a caller that waits,
    /// and the policy hears of neither.
    #[doc(hidden)]
    fn any_place_serves(&self, _: Seal) -> bool {
        false
    }

    /// Whether calls are to be guarded against panics: not for the policies of this crate.
    #[doc(hidden)]
    fn may_panic(&self, _: Seal) -> bool {
        true
    }
}

impl<P: Policy + ?Sized> Policy for Box<P> {
    fn name(&self) -> &str {
        (**self).name()
    }

    #[inline]
    fn choose<'r>(&'r self, roster: &'r Roster, request: &Request<'_>) -> Choice<'r> {
        (**self).choose(roster, request)
    }

    fn choose_other<'r>(
        &'r self,
        roster: &'r Roster,
        request: &Request<'_>,
        except: &[Key],
    ) -> Choice<'r> {
        (**self).choose_other(roster, request, except)
    }

    fn choose_preferred<'r>(
        &'r self,
        roster: &'r Roster,
        request: &Request<'_>,
        peer: Entry<'r>,
    ) -> Option<Pinned<'r>> {
        (**self).choose_preferred(roster, request, peer)
    }

    fn index(&self) -> Option<IndexRef<'_>> {
        (**self).index()
    }

    fn attached(&self, ask_again: AskAgain) {
        (**self).attached(ask_again);
    }

    fn watches(&self) -> Watch {
        (**self).watches()
    }

    fn finished(&self, peer: Entry<'_>, finish: Finish) {
        (**self).finished(peer, finish);
    }

    fn hands_over(&self, peer: Entry<'_>) -> bool {
        (**self).hands_over(peer)
    }

    #[inline]
    fn choose_at_once<'r>(
        &'r self,
        roster: &'r Roster,
        request: &Request<'_>,
        seal: Seal,
    ) -> Option<Pinned<'r>> {
        (**self).choose_at_once(roster, request, seal)
    }

    fn learner(&self, seal: Seal) -> LearnerRef<'_> {
        (**self).learner(seal)
    }

    fn sweep(&self, roster: &Roster, seal: Seal) {
        (**self).sweep(roster, seal);
    }

    fn any_place_serves(&self, seal: Seal) -> bool {
        (**self).any_place_serves(seal)
    }

    #[inline]
    fn may_panic(&self, seal: Seal) -> bool {
        (**self).may_panic(seal)
    }
}
