//! One blocked caller, and the one thing that ends its wait.
//!
//! A wake-up, a deadline, a cancel and a stop may come at the same moment, from four threads. The
//! first to decide the waiter wins, the others see that they lost, and the waiter acts on the winner
//! alone. A deadline is a contender like any other ([`Waiter::decide`] with [`Verdict::TimedOut`]),
//! which is what lets the model checker play it as a thread.

use std::time::Instant;

use super::order::Turn;
use crate::slot::Pin;
use crate::sync::{Condvar, Mutex};

/// What ended a wait.
#[derive(Debug)]
pub(crate) enum Verdict {
    /// Something changed: look again.
    Ready,
    /// A place on a peer has become free, and this waiter alone was told: look again, and pass the
    /// word on, in the same direction, if it is of no use.
    PlaceFree(Turn),
    /// A place on a peer, handed over by the request that had it.
    Given(Pin),
    /// The list has stopped.
    Stopped,
    /// The token was triggered.
    Cancelled,
    /// The deadline has passed.
    TimedOut,
}

/// A blocked caller.
#[derive(Debug)]
pub(crate) struct Waiter {
    state: Mutex<State>,
    decided: Condvar,
}

#[derive(Debug)]
enum State {
    Waiting,
    Decided(Verdict),
    /// The verdict has been taken.
    Over,
}

impl Waiter {
    pub(crate) fn new() -> Self {
        Self { state: Mutex::new(State::Waiting), decided: Condvar::new() }
    }

    /// Decides the wait, unless it is decided. Returns the verdict if it came too late.
    pub(crate) fn decide(&self, verdict: Verdict) -> Result<(), Verdict> {
        let mut state = self.state.lock();
        if !matches!(*state, State::Waiting) {
            return Err(verdict);
        }
        if let Verdict::Given(pin) = &verdict {
            // Now that it is certain, and before the caller has it.
            pin.chosen_again();
        }
        *state = State::Decided(verdict);
        drop(state);
        // One thread waits, if any does.
        self.decided.notify_one();
        Ok(())
    }

    /// Blocks until the wait is decided or the deadline decides it. Called by one thread, once.
    pub(crate) fn wait(&self, deadline: Option<Instant>) -> Verdict {
        let mut state = self.state.lock();
        loop {
            if let State::Decided(_) = *state {
                let State::Decided(verdict) = std::mem::replace(&mut *state, State::Over) else {
                    unreachable!("it was decided, and the mutex is held")
                };
                return verdict;
            }
            match deadline {
                None => state = self.decided.wait(state),
                Some(deadline) => {
                    let (guard, timed_out) = self.decided.wait_until(state, deadline);
                    state = guard;
                    if timed_out && matches!(*state, State::Waiting) {
                        *state = State::Decided(Verdict::TimedOut);
                    }
                }
            }
        }
    }
}
