//! The cheapest of a few: `least-loaded`, `least-latency` and `least-reported`.
//!
//! A choice looks at two random peers, each as likely as its weight says, and at four to eight that answered lately and were cheap then.
//! The random ones find out what the others have become, the remembered ones are where the client has
//! good experience of its own: so clients spread over the peers by themselves, each on those that are
//! good for it. What is cheap, and what is remembered, is in [`cost`](crate::cost).
//!
//! | file | what |
//! |---|---|
//! | `options` | what can be set |
//! | `draw` | one choice |
//! | `best` | the cheapest of those that it looks at |

mod best;
mod draw;
mod options;

use std::fmt;

use self::draw::Cheapest;
use super::choice::{Choice, LearnerRef, Watch};
use super::contract::{Policy, Seal};
use super::engine::{Drawn, sample};
use crate::cost::{CostWord, Kind, Learner, Settings, Typical};
use crate::request::Request;
use crate::rng::Rng;
use crate::roster::{IndexRef, Roster};
use crate::settings::Label;
use crate::slot::{Key, Pinned, Slot};

#[cfg(all(test, loom))]
pub(crate) use self::best::choose_remembered;
pub use self::options::PricedOptions;

pub(super) const LEAST_LOADED: Label = Label::new(c"least-loaded");
pub(super) const LEAST_LATENCY: Label = Label::new(c"least-latency");
pub(super) const LEAST_REPORTED: Label = Label::new(c"least-reported");

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
    peers: Drawn,
    /// In a box: with its memory it has two thousand bytes.
    learner: Box<Learner<Slot>>,
    rng: Rng,
    name: Label,
    choices: usize,
    /// Two random peers and no memory.
    is_plain: bool,
    measure: bool,
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

    pub(super) fn new(name: Label, kind: Kind, options: &PricedOptions) -> Self {
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

impl fmt::Debug for Priced {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct(self.name.as_str())
            .field("peers", &self.peers)
            .field("settings", self.learner.settings())
            .field("choices", &self.choices)
            .finish_non_exhaustive()
    }
}
