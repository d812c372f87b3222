//! A list without its owner: what picks and subscribers may outlive the list with, and how it tells
//! what happens.

use std::sync::Arc;
use std::time::Duration;

use crate::error::{ChooseError, ChooseErrorKind, Seen};
use crate::list::membership::Membership;
use crate::list::observer::{Event, Observer};
use crate::panics::{self, Panicked};
use crate::policy::Policy;
use crate::roster::Roster;
use crate::roster::index::Index;
use crate::sync::Mutex;
use crate::transport::Transport;
use crate::wait::gate::Gate;

pub(crate) struct Core<P: Policy> {
    pub(crate) roster: Roster,
    pub(crate) policy: P,
    pub(crate) gate: Gate,
    pub(crate) membership: Mutex<Membership>,
    pub(crate) transport: Arc<dyn Transport>,
    pub(crate) name: Arc<str>,
    pub(crate) observer: Option<Arc<dyn Observer>>,
    pub(crate) fail_fast: bool,
    pub(crate) default_choose_timeout: Duration,
}

impl<P: Policy> Core<P> {
    /// A batch of changes is over: the index catches up, then waiters look again.
    pub(crate) fn settle(&self) {
        self.tell_index(|index| index.settle());
        self.gate.wake();
    }

    /// Tells the index something that a policy of the user's may hear of.
    pub(crate) fn tell_index(&self, tell: impl FnOnce(&dyn Index)) {
        if let Some(index) = self.policy.index()
            && let Err(panicked) = panics::run("a policy", || tell(index))
        {
            self.panicked(&panicked);
        }
    }

    /// Reports a panic that nobody gets as an error.
    pub(crate) fn panicked(&self, panicked: &Panicked) {
        let Panicked { what, message } = panicked;
        self.observe(|| Event::Panicked { what, message });
    }

    /// Reports an event. It is made only if somebody listens.
    pub(crate) fn observe<'e>(&self, event: impl FnOnce() -> Event<'e>) {
        if let Some(observer) = &self.observer {
            let event = event();
            let _ = panics::run("an observer", || observer.observe(&self.name, &event));
        }
    }

    /// The error of a choice that is given up now.
    pub(crate) fn error(&self, kind: ChooseErrorKind) -> ChooseError {
        let (peers, available) = self.roster.counts();
        ChooseError::new(&self.name, kind, Seen { peers, available })
    }
}
