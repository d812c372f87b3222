//! A choice that avoids peers: those that an earlier attempt of the same request has tried.
//!
//! A policy knows its peers by key and a request names them, so the two meet here: whatever the
//! policy picks is looked at, and if the request wants to avoid it the policy is asked for another.
//! Every refusal names one more of the peers to avoid, so there are no more rounds than those.
//!
//! Envoy and others draw again a fixed number of times instead, and so send some retries to the
//! peer that has just failed. Here an avoided peer is chosen if there is no other, and only then:
//! a failed request would be no better (brpc's rule for `ExcludedServers`).

use super::peer_list::PeerList;
use crate::error::ChooseError;
use crate::policy::{Choice, Key, Policy};
use crate::request::Request;

/// Up to this many avoided peers are kept on the stack.
const FEW: usize = 8;

impl<P: Policy> PeerList<P> {
    /// A choice for a request that names peers to avoid.
    #[cold]
    #[inline(never)]
    pub(super) fn pin_avoiding(&self, request: &Request<'_>) -> Result<Choice<'_>, ChooseError> {
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
