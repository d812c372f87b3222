//! One blocked caller, and the one thing that ends its wait.
//!
//! A wake-up, a deadline, a cancel and a stop may come at the same moment, from four threads.
//! Whichever decides the waiter first wins, the others see that they lost, and the waiter acts on
//! the winner alone. A deadline is a contender like any other ([`Waiter::decide`] with
//! [`Verdict::TimedOut`]), which is what lets the model checker play it as a thread.

use std::time::Instant;

use crate::sync::{Condvar, Mutex};

/// What ended a wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Something changed: look again.
    Ready,
    /// The list has stopped.
    Stopped,
    /// The token was triggered.
    Cancelled,
    /// The deadline has passed.
    TimedOut,
}

/// A blocked caller.
#[derive(Debug, Default)]
pub(crate) struct Waiter {
    verdict: Mutex<Option<Verdict>>,
    decided: Condvar,
}

impl Waiter {
    pub(crate) fn new() -> Self {
        Self { verdict: Mutex::new(None), decided: Condvar::new() }
    }

    /// Decides the wait if nobody has. `true`: this call did.
    pub(crate) fn decide(&self, verdict: Verdict) -> bool {
        let mut decided = self.verdict.lock();
        let won = decided.is_none();
        decided.get_or_insert(verdict);
        drop(decided);
        if won {
            self.decided.notify_all();
        }
        won
    }

    /// Blocks until the wait is decided or the deadline decides it.
    pub(crate) fn wait(&self, deadline: Option<Instant>) -> Verdict {
        let mut decided = self.verdict.lock();
        loop {
            if let Some(verdict) = *decided {
                return verdict;
            }
            match deadline {
                None => decided = self.decided.wait(decided),
                Some(deadline) => {
                    let (guard, timed_out) = self.decided.wait_until(decided, deadline);
                    decided = guard;
                    if timed_out {
                        decided.get_or_insert(Verdict::TimedOut);
                    }
                }
            }
        }
    }
}
