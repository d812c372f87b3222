//! The way of a request: choosing, and waiting when nothing can be chosen.
//!
//! The fast path asks the policy and returns. Everything else, from the clock to the queue, is in
//! the slow path, which begins when the policy has nothing to offer or the list is not open; there
//! the policy is asked once more, for its reason. (A policy of the user's is asked on the slow path
//! only, so once.)

use std::sync::Arc;
use std::time::Duration;

use super::peer_list::PeerList;
use super::why::{Checked, Why, wants};
use crate::chooser::Chooser;
use crate::error::{ChooseError, ChooseErrorKind, DrainError, Nothing};
use crate::panics;
use crate::policy::{Policy, Seal};
use crate::request::Request;
use crate::slot::{Pick, Pinned};
use crate::state::State;
use crate::stats::{ChooserStatus, SourceStatus, Stats};
use crate::wait::{CancelToken, Notice, NoticeId, Ready, Wait};

impl<P: Policy> PeerList<P> {
    /// The choice that nearly every call is: a list that is open, a request that neither prefers nor
    /// avoids a peer, a policy of this crate, and a peer at once. `None` says to look closer, and nothing
    /// else: an answer that fits a register.
    #[inline(always)]
    pub(crate) fn pin_plain(&self, request: &Request<'_>) -> Option<Pinned<'_>> {
        let core = &*self.core;
        if !core.shared.roster.is_open() || request.has_wishes() {
            return None;
        }
        core.policy.choose_at_once(&core.shared.roster, request, Seal(()))
    }

    #[cold]
    #[inline(never)]
    fn try_choose_slowly(&self, request: &Request<'_>) -> Checked<Pick> {
        self.counted(self.try_uncounted(request))
    }

    #[inline(never)]
    fn choose_slowly(&self, request: &Request<'_>, wait: Wait<'_>) -> Checked<Pick> {
        self.counted(self.choose_uncounted(request, wait))
    }

    /// As `try_choose`, for a chooser that counts a choice in vain by itself.
    pub(crate) fn try_uncounted(&self, request: &Request<'_>) -> Checked<Pick> {
        match self.pin(request)? {
            Ok(pinned) => Ok(pinned.into_pick()),
            Err(why) => Err(self.error_now(ChooseErrorKind::NoPeer, why)),
        }
    }

    /// The same of `choose`.
    pub(crate) fn choose_uncounted(&self, request: &Request<'_>, wait: Wait<'_>) -> Checked<Pick> {
        match self.pin_unless_cancelled(wait.cancel, request)? {
            Ok(pinned) => Ok(pinned.into_pick()),
            Err(why) => self.wait(request, wait, why),
        }
    }

    /// Counts a choice in vain.
    pub(crate) fn counted(&self, choice: Checked<Pick>) -> Checked<Pick> {
        if let Err(error) = &choice {
            self.core.shared.numbers.failed(error.kind());
        }
        choice
    }

    /// Any choice, with the reason if there is none. One that finds nothing lets peers be tried whose
    /// time has come, and looks again.
    pub(super) fn pin(&self, request: &Request<'_>) -> Checked<Result<Pinned<'_>, Why>> {
        let choice = self.pin_now(request)?;
        if choice.is_err() && self.core.shared.pass_time() {
            return self.pin_now(request);
        }
        Ok(choice)
    }

    fn pin_now(&self, request: &Request<'_>) -> Checked<Result<Pinned<'_>, Why>> {
        let core = &*self.core;
        if !core.shared.roster.is_open() {
            return Ok(Err(core.shared.failing_below().map_or(Why::NotOpen, Why::Below)));
        }
        if request.has_wishes() {
            return self
                .pin_wished(request)
                .map(|choice| choice.map_err(|no| self.why(request, no)));
        }
        if core.policy.may_panic(Seal(())) {
            let choose = || core.policy.choose(&core.shared.roster, request);
            return self
                .pin_guarded(choose)
                .map(|choice| choice.map_err(|no| self.why(request, no)));
        }
        Ok(core.policy.choose(&core.shared.roster, request).map_err(|no| self.why(request, no)))
    }

    /// Why there is no pick. A policy need not know that its list limits the requests on a peer, so one
    /// that finds no peer while some are full, or the one that the request names is, waits for a place.
    #[cold]
    fn why(&self, request: &Request<'_>, nothing: Nothing) -> Why {
        let shared = &self.core.shared;
        let is_full = match nothing {
            _ if shared.places.is_none() => false,
            Nothing::Unavailable | Nothing::TooFew(_) | Nothing::Excluded => {
                shared.roster.has_full_peers()
            }
            Nothing::NotTheNamed => self.is_full(request.shard_key_text()),
            Nothing::NotInList | Nothing::AtCapacity | Nothing::NotReady => false,
        };
        Why::Policy(if is_full { Nothing::AtCapacity } else { nothing })
    }

    /// Whether the peer of this name has no place.
    fn is_full(&self, name: Option<&str>) -> bool {
        let shared = &self.core.shared;
        let slot = name.and_then(|name| shared.membership.lock().slot(name));
        slot.is_some_and(|slot| shared.roster.is_full(slot))
    }

    /// A choice by a policy of the user's.
    #[inline(never)]
    pub(super) fn pin_guarded<T>(&self, choose: impl FnOnce() -> T) -> Checked<T> {
        panics::catch("a policy's choose", choose).map_err(|panicked| {
            self.core.shared.error(ChooseErrorKind::PolicyPanicked).because(Arc::new(panicked))
        })
    }

    /// Chooses unless the token is triggered. Checked before choosing, so that a cancelled call
    /// counts no request; and after, because `trigger` may have run in between: once it has
    /// returned, no waiter gets a peer.
    pub(super) fn pin_unless_cancelled(
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
        Err(self.core.shared.error(ChooseErrorKind::Cancelled).early())
    }

    /// The error of a list in this state: `kind` if it runs.
    pub(super) fn error_now(&self, kind: ChooseErrorKind, why: Why) -> ChooseError {
        let shared = &self.core.shared;
        let kind = match self.state() {
            State::Running => kind,
            State::Stopping | State::Stopped => ChooseErrorKind::Stopped,
            // A start opens the list before its state says so.
            State::Starting if shared.roster.is_open() => kind,
            state => ChooseErrorKind::NotRunning(state),
        };
        match why {
            Why::NotOpen => shared.error(kind),
            Why::Policy(nothing) => shared.error_without(kind, nothing),
            Why::Below(percent) => shared.error(kind).below(percent),
        }
    }

    /// Gives a notice that leads to an error; inside another notice of this list, after that.
    pub(crate) fn give_now(&self, notice: Notice, ready: Ready) {
        self.core.shared.gate.give_now(notice, ready);
    }
}

impl<P: Policy> Chooser for PeerList<P> {
    #[inline]
    fn choose(&self, request: &Request<'_>, wait: Wait<'_>) -> Checked<Pick> {
        match wait.cancel {
            None => match self.pin_plain(request) {
                Some(pinned) => Ok(pinned.into_pick()),
                None => self.choose_slowly(request, wait),
            },
            Some(_) => self.choose_slowly(request, wait),
        }
    }

    #[inline]
    fn try_choose(&self, request: &Request<'_>) -> Checked<Pick> {
        match self.pin_plain(request) {
            Some(pinned) => Ok(pinned.into_pick()),
            None => self.try_choose_slowly(request),
        }
    }

    fn try_again(&self, request: &Request<'_>) -> Checked<Pick> {
        self.try_uncounted(request)
    }

    fn waited(&self, ended: Option<ChooseErrorKind>, took: Duration) {
        let numbers = &self.core.shared.numbers;
        if !took.is_zero() {
            numbers.waited(took);
        }
        if let Some(kind) = ended {
            numbers.failed(kind);
        }
    }

    fn notify_ready(&self, request: &Request<'_>, notice: Notice) -> Option<NoticeId> {
        let gate = &self.core.shared.gate;
        let id = gate.enter_notice(notice)?;
        match self.pin(request) {
            // One that is final but for this leads to its error; this ends with news.
            Ok(Err(why)) if !why.is_final() || matches!(why, Why::Below(_)) => {
                return gate.narrow(id, wants(why, request)).then_some(id);
            }
            // The choice is taken back: the notice leads to another try.
            Ok(Ok(pinned)) => drop(pinned),
            // The error is for the try that the notice leads to.
            Ok(Err(_)) | Err(_) => {}
        }
        gate.give(id);
        None
    }

    fn cancel_notice(&self, id: NoticeId) -> bool {
        self.core.shared.gate.cancel(id)
    }

    fn drain(&self, timeout: Option<Duration>) -> Result<(), DrainError> {
        self.core.shared.drain(timeout)
    }

    fn introspect(&self) -> ChooserStatus {
        self.status_now()
    }

    fn stats(&self) -> Stats {
        self.stats_now()
    }

    fn name(&self) -> String {
        self.core.shared.name.to_string()
    }

    fn source_status(&self) -> Option<SourceStatus> {
        None
    }
}
