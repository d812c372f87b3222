//! The owner of a list.

use std::fmt;
use std::sync::Arc;

use super::core::Core;
use super::options::ListOptions;
use crate::lifecycle::{Lifecycle, Once};
use crate::policy::{AnyPolicy, Policy, Rng};
use crate::reasons::Reason;
use crate::slot::{Owner, Slot};
use crate::state::State;
use crate::transport::Transport;

/// A list of peers that hands one out for each request, by its policy.
///
/// It is a [`Chooser`](crate::Chooser) and a [`List`](crate::List); share it in an [`Arc`].
/// Dropping it stops it; picks that are still out stay valid.
///
/// ```
/// use peerage::policy::TwoRandomChoices;
/// use peerage::transports::Always;
/// use peerage::{Chooser, Lifecycle, List, ListOptions, ListUpdates, Outcome, PeerList};
/// use peerage::{Request, Wait};
///
/// let list = PeerList::new(TwoRandomChoices::new(), Always::new(), ListOptions::new());
/// list.start()?;
/// list.update(ListUpdates::adding(["10.0.0.1:80", "10.0.0.2:80"]))?;
///
/// let pick = list.choose(&Request::new(), Wait::default())?;
/// // .. send the request to pick.peer() ..
/// pick.finish(Outcome::Success);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct PeerList<P: Policy = AnyPolicy> {
    pub(super) core: Arc<Core<P>>,
    pub(super) once: Once,
    pub(super) shuffle: bool,
    pub(super) rng: Rng,
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
        let (shuffle, rng) = (options.shuffle, Rng::from_seed(options.seed));
        let core = Core::new(policy, transport, options);
        let once = Once::new(Arc::clone(&core.shared.name));
        Self { core, once, shuffle, rng }
    }

    /// The list's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.core.shared.name
    }

    /// The list's policy.
    #[must_use]
    pub fn policy(&self) -> &P {
        &self.core.policy
    }

    /// The list's transport.
    #[must_use]
    pub fn transport(&self) -> &Arc<dyn Transport> {
        &self.core.shared.transport
    }

    /// The list's current state.
    #[must_use]
    pub fn state(&self) -> State {
        self.once.state()
    }

    /// Adds or takes away a reason why the peer called `id` cannot be chosen, such as that it is
    /// about to be drained. Its requests in flight go on. Returns whether it is in the list, and
    /// retained. The reason goes with the peer: removed and added again, it has none.
    ///
    /// [`Reason::NotConnected`] is its transport's to say: the next status push overrides it.
    pub fn set_reason(&self, id: &str, reason: Reason, holds: bool) -> bool {
        let shared = &self.core.shared;
        let slot = shared.membership.lock().slot(id);
        let Some(slot) = slot else { return false };
        if reason == Reason::Ejected && !holds {
            shared.pardon(slot);
        }
        shared.set_reason(id, slot, reason, holds)
    }

    pub(super) fn owner(&self) -> Arc<dyn Owner<Slot>> {
        Arc::clone(&self.core) as _
    }
}

impl<P: Policy> Drop for PeerList<P> {
    fn drop(&mut self) {
        // `drop` cannot return an error: failures to release go to the observer.
        if let Err(error) = self.stop() {
            self.report_release_failures(&error);
        }
        let identifiers = self.core.shared.membership.lock().take_identifiers();
        for identifier in identifiers {
            self.core.shared.drop_guarded("an identifier's drop", identifier);
        }
    }
}

impl<P: Policy> fmt::Debug for PeerList<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PeerList")
            .field("name", &self.name())
            .field("state", &self.state())
            .field("roster", &self.core.shared.roster)
            .field("gate", &self.core.shared.gate)
            .finish_non_exhaustive()
    }
}
