//! A choice for a request that says which peers it wants: one that it prefers, and some to avoid, such
//! as those that an earlier attempt has tried.
//!
//! The preferred peer is looked up by its name among the members, and the policy is asked to take it,
//! so that a policy that counts counts it. That it is not there, or cannot be chosen, is no more than
//! that: then the policy chooses.
//!
//! Which peers to avoid is another matter. A policy knows its peers by key and a request names them, so
//! the two meet here: whatever the policy picks is looked at, and if the request wants to avoid it the
//! policy is asked for another. Every refusal names one more of the peers to avoid, so there are no more
//! rounds than those.
//!
//! Envoy and others draw again a fixed number of times instead, and so send some retries to the
//! peer that has just failed. Here an avoided peer is chosen if there is no other, and only then:
//! a failed request would be no better (brpc's rule for `ExcludedServers`).

use super::peer_list::PeerList;
use crate::error::ChooseError;
use crate::policy::{Choice, Key, Policy};
use crate::request::Request;
use crate::slot::Pinned;

/// Up to this many avoided peers are kept on the stack.
const FEW: usize = 8;

impl<P: Policy> PeerList<P> {
    /// A choice for a request that prefers a peer, or avoids some.
    #[cold]
    #[inline(never)]
    pub(super) fn pin_wished(&self, request: &Request<'_>) -> Result<Choice<'_>, ChooseError> {
        if let Some(pinned) = self.pin_preferred(request)? {
            return Ok(Ok(pinned));
        }
        if request.avoid().is_empty() {
            return self.pin_guarded(|| self.core.policy.choose(&self.core.shared.roster, request));
        }
        self.pin_avoiding(request)
    }

    /// The peer that the request prefers, if it is there and may be chosen.
    fn pin_preferred(&self, request: &Request<'_>) -> Result<Option<Pinned<'_>>, ChooseError> {
        let wanted = request.preferred().filter(|name| !request.avoid().contains(name));
        let Some(name) = wanted else { return Ok(None) };
        let core = &*self.core;
        // The lock is gone when the policy is asked.
        let Some(peer) = core.shared.membership.lock().slot(name) else { return Ok(None) };
        let entry = core.shared.roster.entry(peer);
        if !entry.is_available_as(peer.key) {
            return Ok(None);
        }
        let roster = &core.shared.roster;
        let pinned = self.pin_guarded(|| core.policy.choose_preferred(roster, request, entry))?;
        // The slot may be another peer's by now: then the choice is taken back.
        Ok(pinned.filter(|pinned| pinned.key() == peer.key))
    }

    /// A choice for a request that names peers to avoid.
    fn pin_avoiding(&self, request: &Request<'_>) -> Result<Choice<'_>, ChooseError> {
        let (policy, roster) = (&self.core.policy, &self.core.shared.roster);
        let (mut few, mut many) = ([Key::NONE; FEW], vec![]);
        let mut refused = 0;
        let mut choice = self.pin_guarded(|| policy.choose(roster, request))?;
        while let Ok(pinned) = choice {
            if !request.avoid().contains(&pinned.peer().identifier()) {
                return Ok(Ok(pinned));
            }
            // A peer that comes back under a new key while we look must not keep us here.
            if refused > request.avoid().len() {
                return Ok(Ok(pinned));
            }
            if refused == FEW {
                many.extend_from_slice(&few);
            }
            match few.get_mut(refused) {
                Some(free) => *free = pinned.key(),
                None => many.push(pinned.key()),
            }
            refused += 1;
            // Taken back, also from the policy.
            drop(pinned);
            let except = if refused <= FEW { &few[..refused] } else { &many[..] };
            choice = self.pin_guarded(|| policy.choose_other(roster, request, except))?;
        }
        self.pin_guarded(|| policy.choose(roster, request))
    }
}
