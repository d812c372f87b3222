//! What a policy answers, and what it may say to its list.

use std::sync::Arc;

use crate::cost::Learner;
use crate::slot::{Pinned, Slot};
use crate::wait::{Gate, News};

pub use crate::error::Nothing;

/// A pinned peer, or why there is none.
pub type Choice<'r> = Result<Pinned<'r>, Nothing>;

/// What a policy wants to hear of each request, asked when a peer is retained.
///
/// ```
/// use peerage::policy::Watch;
///
/// let watch = Watch::NOTHING.with_finish().with_latency();
/// assert!(watch.finish && watch.latency && !watch.places);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Watch {
    /// Its end: [`Policy::finished`](crate::Policy::finished) is called.
    pub finish: bool,
    /// How long it took. A choice and a finish whose caller does not say then look at the clock.
    pub latency: bool,
    /// That a place has become free, for a policy that answers [`Nothing::AtCapacity`].
    pub places: bool,
}

impl Watch {
    /// Nothing: a finish then costs one subtraction.
    pub const NOTHING: Self = Self { finish: false, latency: false, places: false };

    /// And the end of each request.
    #[must_use]
    pub const fn with_finish(mut self) -> Self {
        self.finish = true;
        self
    }

    /// And its latency, for which it must watch the end as well.
    #[must_use]
    pub const fn with_latency(mut self) -> Self {
        self.finish = true;
        self.latency = true;
        self
    }

    /// And places that become free.
    #[must_use]
    pub const fn with_places(mut self) -> Self {
        self.places = true;
        self
    }
}

/// Has every waiting caller of a list ask the policy again: for a policy that answered
/// [`Nothing::NotReady`], or changed its mind about anything else. A policy is given one
/// ([`Policy::attached`](crate::Policy::attached)); clones are the same.
#[derive(Clone, Debug)]
pub struct AskAgain(Arc<Gate>);

impl AskAgain {
    pub(crate) fn new(gate: &Arc<Gate>) -> Self {
        Self(Arc::clone(gate))
    }

    /// Has every waiting caller ask again. Any thread may call it; notices are given on this one.
    /// Make visible what has changed first, and hold no lock that `choose` takes.
    pub fn ask_again(&self) {
        self.0.wake(News::Everything);
    }

    /// The same for the callers alone that wait for the peer called `name`.
    pub(crate) fn ask_again_for(&self, name: &str) {
        self.0.wake(News::Up { name, available: 0 });
    }
}

/// What a policy's slots learn with; nothing by default. It is passed on, and has no method.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, Default)]
pub struct LearnerRef<'a>(pub(crate) Option<&'a Learner<Slot>>);
