//! What is known of a peer, for who looks at a list from outside.

use std::time::Duration;

use super::price::{Factors, Kind, View};
use super::word::CostWord;

/// What a policy that prices peers has learnt of one, and the price that it makes of it.
///
/// ```
/// use peerage::policy::{Priced, PricedOptions};
/// use peerage::transports::Always;
/// use peerage::{Chooser, Lifecycle, List, ListOptions, ListUpdates, Outcome, PeerList, Request};
///
/// let policy = Priced::least_loaded(PricedOptions::new());
/// let list = PeerList::new(policy, Always::new(), ListOptions::new());
/// list.start()?;
/// list.update(ListUpdates::adding(["10.0.0.1:80"]))?;
/// for _ in 0..3 {
///     list.try_choose(&Request::new())?.finish(Outcome::Failure);
/// }
/// let cost = list.introspect().peers[0].cost.expect("the policy prices peers");
/// assert!(cost.failures > 100 && cost.price > 1_000);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct PeerCost {
    /// What one more request costs there, in thousandths of one on an idle peer that is like most.
    pub price: u64,
    /// The share of its requests that have failed lately, in thousandths.
    pub failures: u16,
    /// Its mean latency, which fades while it gets no requests; `None` if none is known, or the policy
    /// does not go by it.
    pub latency: Option<Duration>,
    /// The requests in flight that it has reported, on average; `None` if the policy does not go by
    /// that.
    pub reported: Option<u32>,
}

impl PeerCost {
    pub(super) fn new(view: &View, word: CostWord, factors: Factors, pending: u32) -> Self {
        let latency = word.latency_at(view.now).nanos().map(Duration::from_nanos);
        Self {
            price: (u128::from(factors.price(pending)) * 1_000 / Factors::ONE) as u64,
            failures: (word.failures_at(view.now) * 1_000 / 255) as u16,
            latency: latency.filter(|_| view.kind != Kind::Pending),
            reported: (view.kind == Kind::Reported).then(|| (word.reported() + 128) / 256),
        }
    }
}
