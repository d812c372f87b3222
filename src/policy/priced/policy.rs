//! The policy, as a program makes it.

use std::fmt;

use super::options::PricedOptions;
use crate::cost::{Kind, Learner, Settings};
use crate::policy::engine::Drawn;
use crate::rng::Rng;
use crate::settings::Label;
use crate::slot::Slot;

pub(in crate::policy) const LEAST_LOADED: Label = Label::new(c"least-loaded");
pub(in crate::policy) const LEAST_LATENCY: Label = Label::new(c"least-latency");
pub(in crate::policy) const LEAST_REPORTED: Label = Label::new(c"least-reported");

/// The cheapest of two random peers and of those that answered lately.
///
/// | | price | for |
/// |---|---|---|
/// | [`least_loaded`](Priced::least_loaded) | requests in flight | anything: needs nothing |
/// | [`least_latency`](Priced::least_latency) | requests in flight × latency | networks and servers that are not all alike, and many clients |
/// | [`least_reported`](Priced::least_reported) | requests in flight as the peers report them | servers that say how busy they are |
///
/// and peers whose requests fail are dearer for all three: one that always fails gets a request in
/// thousands. Peers of more weight are drawn more often, and cheaper.
///
/// ```
/// use std::time::Duration;
/// use peerage::policy::{Priced, PricedOptions};
/// use peerage::transports::Always;
/// use peerage::{Chooser, Finish, Lifecycle, List, ListOptions, ListUpdates, Outcome, PeerList, Request};
///
/// let policy = Priced::least_latency(PricedOptions::new().with_measure(false));
/// let list = PeerList::new(policy, Always::new(), ListOptions::new());
/// list.start()?;
/// list.update(ListUpdates::adding(["10.0.0.1:80", "10.0.0.2:80"]))?;
///
/// let pick = list.try_choose(&Request::new())?;
/// pick.finish(Finish::new(Outcome::Success).with_latency(Duration::from_millis(3)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Priced {
    pub(super) peers: Drawn,
    /// In a box: with its memory it has two thousand bytes.
    pub(super) learner: Box<Learner<Slot>>,
    pub(super) rng: Rng,
    pub(super) name: Label,
    pub(super) choices: usize,
    /// Two random peers and no memory.
    pub(super) is_plain: bool,
    pub(super) measure: bool,
}

impl Priced {
    /// By requests in flight.
    #[must_use]
    pub fn least_loaded(options: PricedOptions) -> Self {
        Self::new(LEAST_LOADED, Kind::Pending, &options)
    }

    /// By requests in flight and latency: the geometric mean of about the last second.
    #[must_use]
    pub fn least_latency(options: PricedOptions) -> Self {
        Self::new(LEAST_LATENCY, Kind::Latency, &options)
    }

    /// By what the peers report: [`Finish::with_in_flight`](crate::Finish::with_in_flight).
    #[must_use]
    pub fn least_reported(options: PricedOptions) -> Self {
        Self::new(LEAST_REPORTED, Kind::Reported, &options)
    }

    pub(in crate::policy) fn new(name: Label, kind: Kind, options: &PricedOptions) -> Self {
        let memory = usize::from(options.memory);
        let settings = Settings { kind, errors: options.errors, memory };
        Self {
            peers: Drawn::default(),
            learner: Box::new(Learner::new(settings)),
            rng: Rng::default(),
            name,
            choices: options.choices.into(),
            is_plain: options.choices == 2 && memory == 0,
            measure: options.measure && kind != Kind::Pending,
        }
    }

    /// Draws from `rng` instead: a [seeded](Rng::seeded) one makes the choices repeatable.
    #[must_use]
    pub fn with_rng(mut self, rng: Rng) -> Self {
        self.rng = rng;
        self
    }
}

impl fmt::Debug for Priced {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct(self.name.as_str())
            .field("peers", &self.peers)
            .field("settings", self.learner.settings())
            .field("choices", &self.choices)
            .finish_non_exhaustive()
    }
}
