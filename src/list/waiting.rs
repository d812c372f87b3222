//! A choice that has to wait.
//!
//! One turn of the loop: enter the queue, look once more, say what to wait for, sleep. Whatever
//! comes between entering and sleeping ends the sleep before it begins (`wait/gate`). A caller
//! keeps its place in the queue from one turn to the next.
//!
//! A caller that was woken looks before it enters again, in the quick way that takes no lock: what it
//! was woken for is mostly there.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::peer_list::PeerList;
use super::shared::ListShared;
use super::why::{Checked, Why, wants};
use crate::error::{ChooseError, ChooseErrorKind, Nothing, Waited};
use crate::events::Event;
use crate::policy::Policy;
use crate::request::Request;
use crate::slot::{Pick, Pinned};
use crate::wait::{Admission, CancelToken, Entered, Turn, Verdict, Wait, Waiter};

impl<P: Policy> PeerList<P> {
    /// Waits for a choice.
    #[cold]
    #[inline(never)]
    pub(super) fn wait(&self, request: &Request<'_>, wait: Wait<'_>, why: Why) -> Checked<Pick> {
        let shared = &self.core.shared;
        let began = Instant::now();
        let deadline = wait.limit.deadline(began, shared.default_timeout);
        if deadline.is_some_and(|deadline| deadline <= began) {
            return Err(if wait.limit.is_instant() {
                // A caller that names an instant has asked for a wait, and is late.
                self.error_now(ChooseErrorKind::TimedOut(Waited(Duration::ZERO)), why).early()
            } else {
                self.error_now(ChooseErrorKind::NoPeer, why)
            });
        }
        let mut waiting =
            Waiting { began, deadline, arrival: None, word: None, admission: None, slept: false };
        let waited = self.wait_turns(request, wait, &mut waiting);
        if waiting.slept {
            shared.numbers.waited(began.elapsed());
        }
        waited
    }

    /// One turn after the other, until there is a peer or the wait is given up.
    fn wait_turns(
        &self,
        request: &Request<'_>,
        wait: Wait<'_>,
        waiting: &mut Waiting,
    ) -> Checked<Pick> {
        let shared = &self.core.shared;
        loop {
            if let Some(pinned) = self.pin_woken(waiting, wait.cancel, request) {
                self.report_wait(waiting);
                return Ok(pinned.into_pick());
            }
            let waiter = Arc::new(Waiter::new());
            let Ok(entered) = shared.gate.enter(&waiter, waiting.arrival) else {
                return Err(shared.error(ChooseErrorKind::Stopped));
            };
            waiting.arrival = Some(entered.arrival());
            let _registered = wait.cancel.map(|token| token.register(&waiter));
            let was_open = shared.roster.is_open();
            let choice = self.pin_unless_cancelled(wait.cancel, request);
            let choice = choice.map_err(ChooseError::in_wait);
            if let Some(turn) = waiting.word.take() {
                if !shared.has_used_word(&choice) {
                    shared.gate.pass_on(entered.arrival(), turn);
                }
            }
            let why = match choice? {
                Ok(pinned) => {
                    self.report_wait(waiting);
                    return Ok(pinned.into_pick());
                }
                Err(why) => why,
            };
            if why.is_final() {
                return Err(self.error_now(ChooseErrorKind::NoPeer, why));
            }
            if shared.fail_fast && was_open {
                return Err(self.error_now(ChooseErrorKind::FailFast, why));
            }
            if waiting.admission.is_none() {
                waiting.admission = shared.gate.admit();
            }
            if waiting.admission.is_none() {
                return Err(self.error_now(shared.queue_full(), why));
            }
            waiting.slept = true;
            if let Some(pick) = self.sleep(&waiter, entered, why, request, waiting)? {
                self.report_wait(waiting);
                return Ok(pick);
            }
        }
    }

    /// The choice of a caller that was woken, if the policy has one at once. Its word of a free place, if
    /// it has one, is used then.
    fn pin_woken(
        &self,
        waiting: &Waiting,
        cancel: Option<&CancelToken>,
        request: &Request<'_>,
    ) -> Option<Pinned<'_>> {
        let is_cancelled = || cancel.is_some_and(CancelToken::is_triggered);
        if !waiting.slept || is_cancelled() {
            return None;
        }
        // After the choice too, for the same reason as in `pin_unless_cancelled`: then it is taken back.
        self.pin_plain(request).filter(|_| !is_cancelled())
    }

    /// Sleeps until there is something to look at, or a place was handed over.
    fn sleep(
        &self,
        waiter: &Waiter,
        entered: Entered<'_>,
        why: Why,
        request: &Request<'_>,
        waiting: &mut Waiting,
    ) -> Checked<Option<Pick>> {
        let shared = &self.core.shared;
        entered.narrow(wants(why, request));
        let verdict = waiter.wait(self.look_again_at(waiting.deadline));
        let arrival = entered.arrival();
        entered.leave(&verdict);
        let is_late = || waiting.deadline.is_some_and(|end| end <= Instant::now());
        match verdict {
            // Woken too late is not woken.
            Verdict::Ready if !is_late() => Ok(None),
            Verdict::PlaceFree(turn) if !is_late() => {
                waiting.word = Some(turn);
                Ok(None)
            }
            Verdict::PlaceFree(turn) => {
                shared.gate.pass_on(arrival, turn);
                Err(self.timed_out(waiting, why))
            }
            Verdict::Given(pin) => Ok(Some(pin.into_pick())),
            Verdict::Stopped => Err(shared.error(ChooseErrorKind::Stopped)),
            Verdict::Cancelled => Err(shared.error(ChooseErrorKind::Cancelled)),
            // A peer that was ejected may be tried now.
            Verdict::TimedOut if !is_late() => Ok(None),
            Verdict::TimedOut | Verdict::Ready => Err(self.timed_out(waiting, why)),
        }
    }

    /// The deadline, or the moment at which a peer that was ejected may be tried, if that is before.
    fn look_again_at(&self, deadline: Option<Instant>) -> Option<Instant> {
        let Some(next) = self.core.shared.next_return() else { return deadline };
        // The list's clock may stand still, or be coarser than this one.
        let next = Instant::now() + next.max(Duration::from_millis(1));
        Some(deadline.map_or(next, |deadline| deadline.min(next)))
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
}

impl ListShared {
    /// Whether the word of a free place goes no further after this choice.
    fn has_used_word(&self, choice: &Checked<Result<Pinned<'_>, Why>>) -> bool {
        match choice {
            Ok(Ok(_)) => true,
            // Another thread was faster, and tells of its end. Where not every place is for every caller
            // this one may have been of no use to the request.
            Ok(Err(Why::Policy(Nothing::AtCapacity))) => {
                self.places.as_ref().is_some_and(|places| places.any_serves)
            }
            _ => false,
        }
    }
}

/// One blocked call.
struct Waiting {
    began: Instant,
    deadline: Option<Instant>,
    /// Its place among those that may wait.
    admission: Option<Admission>,
    /// Its place in the queue, kept from one sleep to the next.
    arrival: Option<u64>,
    /// It alone was told that a place is free, and in which direction the word goes on.
    word: Option<Turn>,
    slept: bool,
}
