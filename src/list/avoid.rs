//! A choice that avoids peers: those that an earlier attempt of the same request has tried.
//!
//! A policy knows its peers by key and a request names them, so the two meet here: whatever the
//! policy picks is looked at, and if the request wants to avoid it the policy is asked for another.
//! Every refusal names one more of the peers to avoid, so there are no more rounds than those.
//!
//! Envoy and others draw again a fixed number of times instead, and so send some retries to the
//! peer that has just failed. Here an avoided peer is chosen if there is no other, and only then:
//! failing the request would help nobody (brpc's rule for `ExcludedServers`).

use crate::error::ChooseError;
use crate::list::PeerList;
use crate::policy::{Key, Policy};
use crate::request::Request;
use crate::slot::pick::Pinned;

/// So many keys need no memory of their own.
const FEW: usize = 8;

impl<P: Policy> PeerList<P> {
    /// A choice for a request that names peers to avoid.
    #[cold]
    #[inline(never)]
    pub(super) fn pin_avoiding(
        &self,
        request: &Request<'_>,
    ) -> Result<Option<Pinned<'_>>, ChooseError> {
        let (policy, roster) = (&self.core.policy, &self.core.roster);
        let (mut few, mut many) = ([Key::NONE; FEW], vec![]);
        let mut refused = 0;
        let mut choice = self.pin_guarded(|| policy.choose(roster, request))?;
        while let Some(pinned) = choice {
            if !request.avoided().contains(&pinned.peer().identifier()) {
                return Ok(Some(pinned));
            }
            // A peer that comes back under a new key while we look must not keep us here.
            if refused > request.avoided().len() {
                return Ok(Some(pinned));
            }
            if refused == FEW {
                many.extend_from_slice(&few);
            }
            match few.get_mut(refused) {
                Some(free) => *free = pinned.key(),
                None => many.push(pinned.key()),
            }
            refused += 1;
            pinned.discard();
            let except = if refused <= FEW { &few[..refused] } else { &many[..] };
            choice = self.pin_guarded(|| policy.choose_other(roster, request, except))?;
        }
        self.pin_guarded(|| policy.choose(roster, request))
    }
}
