//! The rules that pick one among the available peers.
//!
//! # Which one?
//!
//! | policy | looks at | use it when |
//! |---|---|---|
//! | [`RoundRobin`] | a shared cursor | requests cost about the same and every peer should get its exact turn |
//! | [`RandomChoice`] | one random peer | there are many clients, or many threads: nothing is shared between them |
//! | [`TwoRandomChoices`] | the load of two random peers | requests differ in cost; the best default for most |
//! | [`FewestPending`] | the load of every peer, kept in order | there are few, slow, expensive requests and the least loaded peer matters |
//! | [`HashRing32`] | the shard key | a key should stay with its peer: caches, sessions, partitions |
//!
//! # Three engines
//!
//! A policy *samples* the roster ([`Roster::available`]), walks a *sequence* or looks up a *table*.
//! The last two need something kept in step with the roster: an index, one of this crate's, which
//! the roster changes under its own lock.
//!
//! # One's own
//!
//! Implement [`Policy`] (concurrent, `&self`, samples the roster), or [`SerialPolicy`] (`&mut
//! self`, plain data structures, told of every change) and wrap it in [`Serial`]. `examples/policy_concurrent.rs` and
//! `examples/policy_serial.rs` show each.

mod any;
pub(crate) mod engine;
mod fewest_pending;
mod hashring32;
mod random;
mod round_robin;
mod serial;
mod spec;
mod two_random;

use std::fmt;

pub use self::any::AnyPolicy;
pub use self::fewest_pending::FewestPending;
pub use self::hashring32::{HashRing32, HashRing32Options, fingerprint32};
pub use self::random::RandomChoice;
pub use self::round_robin::RoundRobin;
pub use self::serial::{Serial, SerialPolicy};
pub use self::spec::PolicySpec;
pub use self::two_random::TwoRandomChoices;
pub use crate::rng::Random;
pub use crate::roster::{Available, Entry, Roster};
pub use crate::slot::Key;

use crate::outcome::Outcome;
use crate::request::Request;
use crate::roster::index::Index;
use crate::slot::pick::Pinned;

/// How often a sampling policy draws before it draws under the roster's mutex. Each draw meets a
/// peer that has just become unavailable only while a change of the table is under way.
const DRAWS: usize = 8;

/// A rule that picks one among the available peers.
///
/// Usable as a trait object. All methods may be called from many threads at once and are called
/// with no lock held.
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
    /// sees a peer that is chosen but not yet counted. `None` if it has nothing to offer for this
    /// request; a waiting caller is then asked again at the next change.
    ///
    /// Must not block.
    fn choose<'r>(&self, roster: &'r Roster, request: &Request<'_>) -> Option<Pinned<'r>>;

    /// Picks a peer that is not among `except`: a request's earlier choices that it wants to
    /// [avoid](Request::with_avoided). `None`: there is no other.
    ///
    /// By default `choose` is asked a few more times, and then any other available peer is taken.
    fn choose_other<'r>(
        &self,
        roster: &'r Roster,
        request: &Request<'_>,
        except: &[Key],
    ) -> Option<Pinned<'r>> {
        for _ in 0..DRAWS {
            let pinned = self.choose(roster, request)?;
            if !except.contains(&pinned.key()) {
                return Some(pinned);
            }
            pinned.discard();
        }
        roster.settled_except(0, except)
    }

    /// What the roster has to keep in step for this policy: something that only the policies of
    /// this crate have. A wrapper around one of them passes it on.
    #[doc(hidden)]
    fn index(&self) -> Option<&dyn Index> {
        None
    }

    /// Whether calls are to be guarded against panics: `false` for the policies of this crate only.
    #[doc(hidden)]
    fn may_panic(&self) -> bool {
        true
    }

    /// Whether [`finished`](Policy::finished) wants to be called. Asked when a peer is retained.
    fn watches_finish(&self) -> bool {
        false
    }

    /// A request on `peer` has ended; it is still counted.
    fn finished(&self, peer: Entry<'_>, outcome: Outcome) {
        let _ = (peer, outcome);
    }
}

impl<P: Policy + ?Sized> Policy for Box<P> {
    fn name(&self) -> &str {
        (**self).name()
    }

    fn choose<'r>(&self, roster: &'r Roster, request: &Request<'_>) -> Option<Pinned<'r>> {
        (**self).choose(roster, request)
    }

    fn choose_other<'r>(
        &self,
        roster: &'r Roster,
        request: &Request<'_>,
        except: &[Key],
    ) -> Option<Pinned<'r>> {
        (**self).choose_other(roster, request, except)
    }

    fn index(&self) -> Option<&dyn Index> {
        (**self).index()
    }

    fn may_panic(&self) -> bool {
        (**self).may_panic()
    }

    fn watches_finish(&self) -> bool {
        (**self).watches_finish()
    }

    fn finished(&self, peer: Entry<'_>, outcome: Outcome) {
        (**self).finished(peer, outcome);
    }
}
