//! What a list asks of the policy.

use super::draw::Cheapest;
use super::policy::Priced;
use crate::cost::{CostWord, Typical};
use crate::policy::choice::{Choice, LearnerRef, Watch};
use crate::policy::contract::{Policy, Seal};
use crate::policy::engine::sample;
use crate::request::Request;
use crate::roster::{IndexRef, Roster};
use crate::slot::{Key, Pinned};

impl Policy for Priced {
    fn name(&self) -> &str {
        self.name.as_str()
    }

    #[inline]
    fn choose<'r>(&'r self, roster: &'r Roster, _: &Request<'_>) -> Choice<'r> {
        sample(&self.peers.dense, roster, &self.rng, Cheapest { policy: self, roster })
    }

    fn choose_other<'r>(
        &'r self,
        roster: &'r Roster,
        _: &Request<'_>,
        except: &[Key],
    ) -> Choice<'r> {
        self.draw_other(roster, except)
    }

    fn index(&self) -> Option<IndexRef<'_>> {
        Some(IndexRef::new(&self.peers))
    }

    fn watches(&self) -> Watch {
        Watch { finish: false, latency: self.measure, places: false }
    }

    #[inline]
    fn choose_at_once<'r>(
        &'r self,
        roster: &'r Roster,
        request: &Request<'_>,
        _: Seal,
    ) -> Option<Pinned<'r>> {
        self.choose(roster, request).ok()
    }

    fn learner(&self, _: Seal) -> LearnerRef<'_> {
        LearnerRef(Some(&self.learner))
    }

    /// Two passes: what is typical, and then what each count is made a price with.
    #[inline(never)]
    fn sweep(&self, roster: &Roster, _: Seal) {
        let (mut typical, now) = (Typical::new(), self.learner.view().now);
        let peers =
            || self.peers.dense.available(roster).iter().map(|peer| (peer, CostWord(peer.cost())));
        for (peer, word) in peers() {
            let failures = word.failures_at(now);
            typical.count(peer.pending(), word.latency(), failures, word.reported());
        }
        self.learner.swept(&typical);
        if !self.learner.is_calm() {
            let view = self.learner.view();
            for (peer, word) in peers() {
                peer.slot().set_factors(view.factors(word, peer.weight()));
            }
        }
    }

    fn any_place_serves(&self, _: Seal) -> bool {
        true
    }

    fn may_panic(&self, _: Seal) -> bool {
        false
    }
}
