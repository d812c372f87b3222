//! The way of a request: choosing, and waiting when nothing can be chosen.
//!
//! The fast path asks the policy and returns. Everything else, from the clock to the queue, is in
//! the slow path, which begins when the policy has nothing to offer or the list is not open; there
//! the policy is asked once more, for its reason. (A policy of the user's is asked on the slow path
//! only, so once.)

use std::sync::Arc;
use std::time::Instant;

use super::events::Event;
use super::peer_list::PeerList;
use crate::chooser::Chooser;
use crate::clock;
use crate::error::{ChooseError, ChooseErrorKind, Waited};
use crate::panics;
use crate::policy::{Choice, Nothing, Policy, Seal};
use crate::request::Request;
use crate::slot::{Pick, Pinned};
use crate::state::State;
use crate::stats::{ChooserStatus, Stats};
use crate::wait::{
    CancelToken, Entered, Notice, NoticeId, Verdict, Wait, Waiter, Wants, name_hash,
};

/// A choice that may also have been ended by an error.
type Checked<T> = Result<T, ChooseError>;

/// Why there is no pick: the list is not open, or its policy has nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Why {
    NotOpen,
    Policy(Nothing),
}

impl<P: Policy> PeerList<P> {
    /// The choice that nearly every call is: a list that is open, a request that avoids no peer, a
    /// policy of this crate, and a peer at once. `None` says to look closer, and nothing else: an
    /// answer that fits a register.
    #[inline(always)]
    pub(crate) fn pin_plain(&self, request: &Request<'_>) -> Option<Pinned<'_>> {
        let core = &*self.core;
        let plain = core.shared.roster.is_open() && request.avoided().is_empty();
        if !plain || core.policy.may_panic(Seal(())) {
            return None;
        }
        core.policy.choose(&core.shared.roster, request).ok()
    }

    #[cold]
    #[inline(never)]
    fn try_choose_slowly(&self, request: &Request<'_>) -> Checked<Pick> {
        match self.pin(request)? {
            Ok(pinned) => Ok(pinned.into_pick()),
            Err(why) => Err(self.error_now(ChooseErrorKind::NoPeer, why)),
        }
    }

    #[inline(never)]
    fn choose_slowly(&self, request: &Request<'_>, wait: Wait<'_>) -> Checked<Pick> {
        match self.pin_unless_cancelled(wait.cancel, request)? {
            Ok(pinned) => Ok(pinned.into_pick()),
            Err(why) => self.wait(request, wait, why),
        }
    }

    /// Any choice, with the reason if there is none.
    fn pin(&self, request: &Request<'_>) -> Checked<Result<Pinned<'_>, Why>> {
        let core = &*self.core;
        if !core.shared.roster.is_open() {
            return Ok(Err(Why::NotOpen));
        }
        if !request.avoided().is_empty() {
            return self.pin_avoiding(request).map(|choice| choice.map_err(Why::Policy));
        }
        if core.policy.may_panic(Seal(())) {
            let choose = || core.policy.choose(&core.shared.roster, request);
            return self.pin_guarded(choose).map(|choice| choice.map_err(Why::Policy));
        }
        Ok(core.policy.choose(&core.shared.roster, request).map_err(Why::Policy))
    }

    /// A choice by a policy of the user's.
    #[inline(never)]
    pub(super) fn pin_guarded<'r>(
        &'r self,
        choose: impl FnOnce() -> Choice<'r>,
    ) -> Checked<Choice<'r>> {
        panics::catch("a policy's choose", choose).map_err(|panicked| {
            self.core.shared.error(ChooseErrorKind::PolicyPanicked).because(Arc::new(panicked))
        })
    }

    /// Chooses unless the token is triggered. Checked before choosing, so that a cancelled call
    /// counts no request; and after, because `trigger` may have run in between: once it has
    /// returned, no waiter gets a peer.
    fn pin_unless_cancelled(
        &self,
        cancel: Option<&CancelToken>,
        request: &Request<'_>,
    ) -> Checked<Result<Pinned<'_>, Why>> {
        let Some(token) = cancel else {
            return self.pin(request);
        };
        if !token.is_triggered() {
            match self.pin(request)? {
                // Dropped, which takes the choice back.
                Ok(pinned) if token.is_triggered() => drop(pinned),
                choice => return Ok(choice),
            }
        }
        Err(self.core.shared.error(ChooseErrorKind::Cancelled))
    }

    /// Waits for a choice.
    #[cold]
    #[inline(never)]
    fn wait(&self, request: &Request<'_>, wait: Wait<'_>, why: Why) -> Checked<Pick> {
        let began = clock::now();
        let deadline = wait.limit.deadline(began, self.core.shared.default_choose_timeout);
        if deadline.is_some_and(|deadline| deadline <= began) {
            return Err(self.error_now(ChooseErrorKind::NoPeer, why));
        }
        let mut waiting = Waiting { began, deadline, arrival: None, has_word: false, slept: false };
        loop {
            let waiter = Arc::new(Waiter::new());
            let Ok(entered) = self.core.shared.gate.enter(&waiter, waiting.arrival) else {
                return Err(self.core.shared.error(ChooseErrorKind::Stopped));
            };
            waiting.arrival = Some(entered.arrival());
            let _registered = wait.cancel.map(|token| token.register(&waiter));
            let was_open = self.core.shared.roster.is_open();
            let choice = self.pin_unless_cancelled(wait.cancel, request);
            if std::mem::take(&mut waiting.has_word) && !matches!(choice, Ok(Ok(_))) {
                // The place was of no use to this request.
                self.core.shared.gate.pass_on(entered.arrival());
            }
            let why = match choice? {
                Ok(pinned) => {
                    self.report_wait(&waiting);
                    return Ok(pinned.into_pick());
                }
                Err(why) => why,
            };
            if self.core.shared.fail_fast && was_open {
                return Err(self.error_now(ChooseErrorKind::FailFast, why));
            }
            waiting.slept = true;
            if let Some(pick) = self.sleep(&waiter, &entered, why, request, &mut waiting)? {
                self.report_wait(&waiting);
                return Ok(pick);
            }
        }
    }

    /// Sleeps until there is something to look at, or a place was handed over.
    fn sleep(
        &self,
        waiter: &Waiter,
        entered: &Entered<'_>,
        why: Why,
        request: &Request<'_>,
        waiting: &mut Waiting,
    ) -> Checked<Option<Pick>> {
        let shared = &self.core.shared;
        entered.narrow(wants(why, request));
        let verdict = waiter.wait(waiting.deadline);
        let is_late = || waiting.deadline.is_some_and(|end| end <= clock::now());
        match verdict {
            // Woken too late is not woken.
            Verdict::Ready if !is_late() => Ok(None),
            Verdict::PlaceFree if !is_late() => {
                waiting.has_word = true;
                Ok(None)
            }
            Verdict::PlaceFree => {
                shared.gate.pass_on(entered.arrival());
                Err(self.timed_out(waiting, why))
            }
            Verdict::Given(pin) => Ok(Some(pin.into_pick())),
            Verdict::Stopped => Err(shared.error(ChooseErrorKind::Stopped)),
            Verdict::Cancelled => Err(shared.error(ChooseErrorKind::Cancelled)),
            Verdict::TimedOut | Verdict::Ready => Err(self.timed_out(waiting, why)),
        }
    }

    fn report_wait(&self, waiting: &Waiting) {
        if waiting.slept {
            self.core.shared.observe(|| Event::Waited { waited: waiting.began.elapsed() });
        }
    }

    fn timed_out(&self, waiting: &Waiting, why: Why) -> ChooseError {
        let waited = waiting.began.elapsed();
        self.core.shared.observe(|| Event::TimedOut { waited });
        self.error_now(ChooseErrorKind::TimedOut(Waited(waited)), why)
    }

    /// The error of a list in this state: `kind` if it runs.
    fn error_now(&self, kind: ChooseErrorKind, why: Why) -> ChooseError {
        let shared = &self.core.shared;
        let error = shared.error(match self.state() {
            State::Running => kind,
            State::Stopping | State::Stopped => ChooseErrorKind::Stopped,
            // A start opens the list before its state says so.
            State::Starting if shared.roster.is_open() => kind,
            state => ChooseErrorKind::NotRunning(state),
        });
        match why {
            Why::NotOpen => error,
            Why::Policy(nothing) => error.with_nothing(nothing),
        }
    }
}

/// One blocked call.
struct Waiting {
    began: Instant,
    deadline: Option<Instant>,
    /// Its place in the queue, kept from one sleep to the next.
    arrival: Option<u64>,
    /// It alone was told that a place is free.
    has_word: bool,
    slept: bool,
}

/// What a request waits for whose policy gave this reason.
fn wants(why: Why, request: &Request<'_>) -> Wants {
    match why {
        Why::NotOpen | Why::Policy(Nothing::NotReady) => Wants::Word,
        Why::Policy(nothing) => match nothing {
            Nothing::Unavailable => Wants::Peers(1),
            Nothing::TooFew(needed) => Wants::Peers(needed),
            Nothing::NotTheNamed => Wants::Name(name_hash(request.shard_key())),
            Nothing::AtCapacity => Wants::Place,
            Nothing::Excluded | Nothing::NotReady => Wants::Peers(0),
        },
    }
}

impl<P: Policy> Chooser for PeerList<P> {
    #[inline]
    fn choose(&self, request: &Request<'_>, wait: Wait<'_>) -> Checked<Pick> {
        if wait.cancel.is_none()
            && let Some(pinned) = self.pin_plain(request)
        {
            return Ok(pinned.into_pick());
        }
        self.choose_slowly(request, wait)
    }

    #[inline]
    fn try_choose(&self, request: &Request<'_>) -> Checked<Pick> {
        match self.pin_plain(request) {
            Some(pinned) => Ok(pinned.into_pick()),
            None => self.try_choose_slowly(request),
        }
    }

    fn notify_ready(&self, request: &Request<'_>, notice: Notice) -> Option<NoticeId> {
        let gate = &self.core.shared.gate;
        let id = gate.enter_notice(notice)?;
        match self.pin(request) {
            Ok(Err(why)) => {
                gate.narrow(id, wants(why, request));
                return Some(id);
            }
            // The choice is taken back: the notice leads to another try.
            Ok(Ok(pinned)) => drop(pinned),
            // The error is for the try that the notice leads to.
            Err(_) => {}
        }
        gate.give(id);
        None
    }

    fn cancel_notice(&self, id: NoticeId) -> bool {
        self.core.shared.gate.cancel(id)
    }

    fn introspect(&self) -> ChooserStatus {
        self.status_now()
    }

    fn stats(&self) -> Stats {
        self.stats_now()
    }
}
