//! Threads that start and stop things never wait for each other in a circle.
//!
//! A start waits for one that another thread has begun, and a stop for a stop. That other thread may be
//! inside a callback which starts or stops something in its turn, and so wait as well. Each such wait
//! is noted here while it lasts; the wait that would close a circle is not begun, as little as one for
//! a start that the thread itself is inside of.
//!
//! ```text
//!  thread 1: starts A ─▶ retain ─▶ starts B, which thread 2 has begun: waits
//!  thread 2: starts B ─▶ retain ─▶ starts A, which thread 1 has begun, and that waits: goes on
//! ```
//!
//! One table serves the process, as a circle may go through any of its lists. Only starts, stops and
//! those that wait for one touch it.

use std::ptr;

// Not of `sync`, whose lock the model checker could not make in a `static`. The checker changes
// threads inside its own primitives only, so this one is never met locked there.
use parking_lot::Mutex;

use crate::this_thread::{ThreadKey, this_thread};

/// A thread waits until `runner` has ended the work that it does at `place`.
struct Wait {
    waiter: ThreadKey,
    runner: ThreadKey,
    place: usize,
}

static WAITS: Mutex<Vec<Wait>> = Mutex::new(Vec::new());

/// Notes that this thread is about to wait for `runner`, which works at `once`. `false`: it must not,
/// as `runner` is this thread, or waits for it, be it through others.
pub(crate) fn may_wait<T>(runner: ThreadKey, once: &T) -> bool {
    let place = ptr::from_ref(once).addr();
    let waiter = this_thread();
    let mut waits = WAITS.lock();
    let mut last = runner;
    // A thread waits for one other at most, and no circle is let in: so this comes to an end.
    loop {
        if last == waiter {
            return false;
        }
        match waits.iter().find(|wait| wait.waiter == last) {
            Some(wait) => last = wait.runner,
            None => break,
        }
    }
    waits.push(Wait { waiter, runner, place });
    true
}

/// The work at `once` is over, or was overtaken: takes back the notes of all that wait for it.
///
/// By the thread that changes its state, under the lock that the waits began under. A note that stayed
/// until its thread has woken would make a circle where there is none any more.
pub(crate) fn over<T>(once: &T) {
    let place = ptr::from_ref(once).addr();
    WAITS.lock().retain(|wait| wait.place != place);
}
