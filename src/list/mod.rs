//! The peer list: who is in it, who can be chosen, who is waiting.
//!
//! ```text
//!  PeerList      the owner: starts, stops, chooses; stopped when dropped
//!   └ Core       what picks and subscribers may outlive it with
//!      ├ membership   who is in the list, and whether it retains its members
//!      ├ roster       the slots: who can be chosen (slot.rs, table.rs)
//!      ├ policy       which one
//!      └ gate         who is waiting (waiter.rs)
//! ```
//!
//! A request goes down this tree and does not come back up: `choose` asks the policy, the policy
//! pins a slot of the roster, and the pick that holds the pin knows the slot alone. Only when
//! nothing can be chosen does it turn to the gate (`choose.rs`). No lock is held while anybody
//! else's code runs.

mod avoid;
mod choose;
mod core;
mod membership;
pub(crate) mod observer;
mod options;
mod retained;

use std::fmt;
use std::sync::Arc;

pub use self::options::ListOptions;

use self::core::Core;
use self::membership::{Member, Membership, Phase};
use self::observer::Event;
use crate::chooser::{List, ListUpdates};
use crate::error::{LifecycleError, UpdateError};
#[cfg(feature = "capi")]
use crate::introspect::Counts;
use crate::introspect::{ChooserStatus, PeerStatus};
use crate::lifecycle::{Lifecycle, Once, State};
use crate::policy::{AnyPolicy, Policy, Random};
use crate::roster::Roster;
use crate::sync::Mutex;
use crate::transport::Transport;
use crate::wait::gate::Gate;

/// A list of peers that hands one out for each request, by its policy.
///
/// It is a [`Chooser`](crate::Chooser) and a [`List`]; share it in an [`Arc`]. Dropping it stops
/// it; picks that are still out stay valid.
///
/// ```
/// use peerage::policy::TwoRandomChoices;
/// use peerage::policy::Random;
/// use peerage::testing::FakeTransport;
/// use peerage::{Chooser, Lifecycle, List, ListOptions, ListUpdates, Outcome, PeerList};
/// use peerage::{Request, Wait};
///
/// let policy = TwoRandomChoices::new(Random::unseeded());
/// let list = PeerList::new(policy, FakeTransport::new(), ListOptions::new());
/// list.start()?;
/// list.update(ListUpdates::adding(["10.0.0.1:80", "10.0.0.2:80"]))?;
///
/// let pick = list.choose(&Request::new(), Wait::default())?;
/// // .. send the request to pick.peer() ..
/// pick.finish(Outcome::Success);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct PeerList<P: Policy = AnyPolicy> {
    core: Arc<Core<P>>,
    once: Once,
    shuffle: bool,
    random: Random,
}

impl<P: Policy> PeerList<P> {
    /// A list with no peers, not started.
    ///
    /// # Panics
    ///
    /// Panics if `policy` wraps a policy that serves another list already: share nothing of a
    /// policy between lists.
    #[must_use]
    pub fn new(policy: P, transport: Arc<dyn Transport>, options: ListOptions) -> Self {
        let name: Arc<str> = options.name.as_deref().unwrap_or(policy.name()).into();
        let core = Arc::new(Core {
            roster: Roster::new(),
            policy,
            gate: Gate::new(),
            membership: Mutex::new(Membership::new(options.capacity)),
            transport,
            name: Arc::clone(&name),
            observer: options.observer,
            fail_fast: options.fail_fast,
            default_choose_timeout: options.default_choose_timeout,
        });
        core.roster.reserve(options.capacity);
        if let Some(index) = core.policy.index() {
            assert!(index.attach(&core.roster), "{name:?}: the policy serves another list already");
        }
        let random = Random::from_seed(options.seed);
        Self { core, once: Once::new(name), shuffle: options.shuffle, random }
    }

    /// The list's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.core.name
    }

    #[cfg(feature = "capi")]
    pub(crate) fn roster(&self) -> &Roster {
        &self.core.roster
    }

    /// The list's policy.
    #[must_use]
    pub fn policy(&self) -> &P {
        &self.core.policy
    }

    /// The list's transport.
    #[must_use]
    pub fn transport(&self) -> &Arc<dyn Transport> {
        &self.core.transport
    }

    /// Where the list is in its life.
    #[must_use]
    pub fn state(&self) -> State {
        self.once.state()
    }

    /// How many peers can be chosen.
    #[must_use]
    pub fn available(&self) -> usize {
        self.core.roster.counts().1
    }

    /// How many peers are retained and cannot be chosen.
    #[must_use]
    pub fn unavailable(&self) -> usize {
        let (peers, available) = self.core.roster.counts();
        peers - available
    }

    /// How many peers are known and not retained, because the list does not run.
    #[must_use]
    pub fn uninitialized(&self) -> usize {
        self.core.membership.lock().uninitialized()
    }

    /// How many callers wait for a peer now, notices that have not been given included.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.core.gate.waiting()
    }

    /// Whether the peer called `id` can be chosen.
    #[must_use]
    pub fn is_available(&self, id: &str) -> bool {
        let tenancy = self.core.membership.lock().tenancy(id);
        tenancy.is_some_and(|tenancy| self.core.roster.is_available(tenancy))
    }

    /// Whether the peer called `id` is known and not retained.
    #[must_use]
    pub fn is_uninitialized(&self, id: &str) -> bool {
        self.core.membership.lock().is_uninitialized(id)
    }

    fn status_now(&self) -> ChooserStatus {
        let mut seated: Vec<_> = {
            let membership = self.core.membership.lock();
            membership.seated().map(|(id, tenancy)| (Arc::clone(id), tenancy)).collect()
        };
        seated.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        let peers = seated.into_iter().filter_map(|(id, tenancy)| {
            let status = self.core.roster.status(tenancy)?;
            Some(PeerStatus { identifier: id.to_string(), status })
        });
        ChooserStatus { name: self.name().to_owned(), state: self.state(), peers: peers.collect() }
    }

    /// Its peers, counted: a word each, and no text.
    #[cfg(feature = "capi")]
    pub(crate) fn counts(&self) -> Counts {
        let seated: Vec<_> = {
            let membership = self.core.membership.lock();
            membership.seated().map(|(_, tenancy)| tenancy).collect()
        };
        let words = seated.into_iter().filter_map(|tenancy| self.core.roster.word(tenancy));
        words.fold(Counts::default(), |sum, word| Counts {
            peers: sum.peers + 1,
            available: sum.available + usize::from(word.is_available()),
            pending: sum.pending + u64::from(word.pending()),
        })
    }

    fn members(&self, identifiers: Vec<Arc<dyn crate::Identifier>>) -> Vec<Member> {
        identifiers.into_iter().map(Member::of).collect()
    }
}

impl<P: Policy> Lifecycle for PeerList<P> {
    /// Retains the peers added so far and begins to hand them out.
    ///
    /// Additions made meanwhile are retained too. If a peer cannot be retained the start fails,
    /// those that could are released, all stay in the list, and it may be started again.
    fn start(&self) -> Result<(), LifecycleError> {
        self.once.start(|| {
            let stopped = || LifecycleError::Stopped(Arc::clone(&self.core.name));
            let mut members = {
                let mut membership = self.core.membership.lock();
                if membership.phase == Phase::Stopped {
                    return Err(stopped());
                }
                membership.go_online()
            };
            if self.shuffle {
                self.random.shuffle(&mut members);
            }
            if self.core.go_online(&members)? { Ok(()) } else { Err(stopped()) }
        })
    }

    /// Ends every wait with `Stopped` and releases all peers, those with requests in flight when
    /// the last of them finishes. The list still knows its members, and still takes updates.
    fn stop(&self) -> Result<(), LifecycleError> {
        self.once.stop(|| {
            self.core.gate.close();
            let failures = self.core.go_offline(Phase::Stopped);
            Ok(UpdateError::check(failures)?)
        })
    }

    fn is_running(&self) -> bool {
        self.state() == State::Running
    }
}

impl<P: Policy> List for PeerList<P> {
    fn update(&self, updates: ListUpdates) -> Result<(), UpdateError> {
        let ListUpdates { additions, removals } = updates;
        let counts = (additions.len(), removals.len());
        let removals = self.members(removals);
        let mut additions = self.members(additions);
        let retains = {
            let mut membership = self.core.membership.lock();
            membership.reserve(additions.len());
            membership.phase.retains()
        };
        // Otherwise the start does, with all of them.
        if self.shuffle && retains {
            self.random.shuffle(&mut additions);
        }
        let removed = removals.iter().filter_map(|member| self.core.remove(member).err());
        let mut failures: Vec<_> = removed.collect();
        if retains && additions.len() > 1 {
            self.core.roster.reserve(additions.len());
        }
        failures.extend(additions.iter().filter_map(|member| self.core.add(member).err()));
        self.core.settle();
        let result = UpdateError::check(failures);
        self.core.observe(|| Event::Updated {
            additions: counts.0,
            removals: counts.1,
            error: result.as_ref().err(),
        });
        result
    }
}

impl<P: Policy> Drop for PeerList<P> {
    fn drop(&mut self) {
        // A failure to release has been reported by nobody's request: there is nobody to tell.
        let _ = self.stop();
    }
}

impl<P: Policy> fmt::Debug for PeerList<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PeerList")
            .field("name", &self.name())
            .field("state", &self.state())
            .field("roster", &self.core.roster)
            .field("gate", &self.core.gate)
            .finish_non_exhaustive()
    }
}
