//! Choosing, and waiting when nothing can be chosen.
//!
//! The fast path asks the policy and returns. Everything else, from the clock to the queue, is in
//! the slow path, which begins when the policy has nothing to offer or the list is not open.

use std::sync::Arc;
use std::time::Instant;

use crate::chooser::Chooser;
use crate::error::{ChooseError, ChooseErrorKind, Waited};
use crate::introspect::ChooserStatus;
use crate::lifecycle::State;
use crate::list::PeerList;
use crate::list::membership::Phase;
use crate::list::observer::Event;
use crate::panics;
use crate::policy::Policy;
use crate::request::{Request, Wait};
use crate::slot::pick::{Pick, Pinned};
use crate::wait::CancelToken;
use crate::wait::waiter::{Verdict, Waiter};
use crate::wait::{Notice, NoticeId};

type Choice<T> = Result<T, ChooseError>;

impl<P: Policy> PeerList<P> {
    #[inline]
    fn pin(&self, request: &Request<'_>) -> Choice<Option<Pinned<'_>>> {
        if !self.core.roster.is_open() {
            return Ok(None);
        }
        if !request.avoided().is_empty() {
            return self.pin_avoiding(request);
        }
        if self.core.policy.may_panic() {
            return self.pin_guarded(|| self.core.policy.choose(&self.core.roster, request));
        }
        Ok(self.core.policy.choose(&self.core.roster, request))
    }

    /// What `try_choose` gives, without a reason when it is nothing: small enough for a register.
    /// For a policy of this crate, which does not panic.
    #[cfg(feature = "capi")]
    #[inline(always)]
    pub(crate) fn pin_now(&self, request: &Request<'_>) -> Option<Pinned<'_>> {
        let core = &self.core;
        let plain = core.roster.is_open() && request.avoided().is_empty();
        plain.then(|| core.policy.choose(&core.roster, request)).flatten()
    }

    /// A choice by a policy of the user's.
    #[inline(never)]
    pub(super) fn pin_guarded<'r>(
        &'r self,
        choose: impl FnOnce() -> Option<Pinned<'r>>,
    ) -> Choice<Option<Pinned<'r>>> {
        panics::run("a policy's choose", choose).map_err(|panicked| {
            self.core.error(ChooseErrorKind::PolicyPanicked).because(Arc::new(panicked))
        })
    }

    /// A choice that a cancelled caller does not take: the token is looked at before, to count
    /// nothing, and after, so that nothing is taken once `trigger` has returned.
    #[inline]
    fn pin_unless(
        &self,
        cancel: Option<&CancelToken>,
        request: &Request<'_>,
    ) -> Choice<Option<Pinned<'_>>> {
        let Some(token) = cancel else {
            return self.pin(request);
        };
        if !token.is_triggered() {
            match self.pin(request)? {
                Some(pinned) if token.is_triggered() => pinned.discard(),
                pinned => return Ok(pinned),
            }
        }
        Err(self.core.error(ChooseErrorKind::Cancelled))
    }

    /// Waits for a choice.
    #[cold]
    #[inline(never)]
    fn wait(&self, request: &Request<'_>, wait: Wait<'_>) -> Choice<Pick> {
        let begun = Instant::now();
        let deadline = wait.limit.deadline(begun, self.core.default_choose_timeout);
        if deadline.is_some_and(|deadline| deadline <= begun) {
            return Err(self.give_up(ChooseErrorKind::NoPeer));
        }
        let mut slept = false;
        loop {
            let waiter = Arc::new(Waiter::new());
            let Ok(_entered) = self.core.gate.enter(&waiter) else {
                return Err(self.core.error(ChooseErrorKind::Stopped));
            };
            let _registered = wait.cancel.map(|token| token.register(&waiter));
            let hands_out = self.hands_out();
            if let Some(pinned) = self.pin_unless(wait.cancel, request)? {
                if slept {
                    self.core.observe(|| Event::Waited { waited: begun.elapsed() });
                }
                return Ok(pinned.into_pick());
            }
            if self.core.fail_fast && hands_out {
                return Err(self.give_up(ChooseErrorKind::FailFast));
            }
            slept = true;
            let mut verdict = waiter.wait(deadline);
            // Woken too late is not woken.
            if verdict == Verdict::Ready && deadline.is_some_and(|end| end <= Instant::now()) {
                verdict = Verdict::TimedOut;
            }
            match verdict {
                Verdict::Ready => {}
                Verdict::Stopped => return Err(self.core.error(ChooseErrorKind::Stopped)),
                Verdict::Cancelled => return Err(self.core.error(ChooseErrorKind::Cancelled)),
                Verdict::TimedOut => {
                    let waited = begun.elapsed();
                    self.core.observe(|| Event::TimedOut { waited });
                    let kind = ChooseErrorKind::TimedOut(Waited(waited));
                    return Err(self.give_up(kind));
                }
            }
        }
    }

    /// Whether a start has opened the list and no stop has closed it. A start wakes the waiters
    /// when this is so, which is before [`state`](Self::state) says `Running`.
    fn hands_out(&self) -> bool {
        self.core.membership.lock().phase == Phase::Running
    }

    /// The error of a list in this state: `kind` if it runs.
    fn give_up(&self, kind: ChooseErrorKind) -> ChooseError {
        self.core.error(match self.state() {
            State::Running => kind,
            State::Stopping | State::Stopped => ChooseErrorKind::Stopped,
            State::Starting if self.hands_out() => kind,
            state => ChooseErrorKind::NotRunning(state),
        })
    }
}

impl<P: Policy> Chooser for PeerList<P> {
    #[inline]
    fn choose(&self, request: &Request<'_>, wait: Wait<'_>) -> Choice<Pick> {
        match self.pin_unless(wait.cancel, request)? {
            Some(pinned) => Ok(pinned.into_pick()),
            None => self.wait(request, wait),
        }
    }

    #[inline]
    fn try_choose(&self, request: &Request<'_>) -> Choice<Pick> {
        match self.pin(request)? {
            Some(pinned) => Ok(pinned.into_pick()),
            None => Err(self.give_up(ChooseErrorKind::NoPeer)),
        }
    }

    fn notify_ready(&self, request: &Request<'_>, notice: Notice) -> Option<NoticeId> {
        let id = self.core.gate.enter_notice(notice)?;
        match self.pin(request) {
            Ok(None) => return Some(id),
            Ok(Some(pinned)) => pinned.discard(),
            // The error is for the try that the notice leads to.
            Err(_) => {}
        }
        self.core.gate.give(id);
        None
    }

    fn cancel_notice(&self, id: NoticeId) -> bool {
        self.core.gate.cancel(id)
    }

    fn introspect(&self) -> ChooserStatus {
        self.status_now()
    }
}
