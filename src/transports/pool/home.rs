//! What a connection comes back to: the idle connections of one peer, and its status.
//!
//! Two sorts of threads meet here. Callers check connections out, bring them back, and when one has
//! failed *doubt* the peer. The peer's manager (`manager.rs`) waits for doubt and dials.
//!
//! Doubts are counted, and a connection knows the count at its birth. So a dozen requests that fail
//! because of one death are one doubt, and no connection from before comes back.
//!
//! A status is first stored and then told, with no lock held. Connections leave the lock with the
//! guard's block and are closed after it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::connect::Connect;
use super::error::CheckoutError;
use super::idle::{Held, Idle, is_good};
use super::shared::{Keeps, Shared};
use crate::outcome::Outcome;
use crate::peer::ConnectionStatus;
use crate::registry::StatusReporter;
use crate::sync::{AtomicU32, Condvar, Mutex, Ordering};

pub(super) struct Home<C: Connect> {
    pub(super) peer: String,
    pub(super) shared: Arc<Shared<C>>,
    status: AtomicU32,
    state: Mutex<State<C::Connection>>,
    changed: Condvar,
    reporter: StatusReporter,
}

struct State<T> {
    idle: Idle<T>,
    doubts: u64,
    /// Whether a connection has come back since the last doubt.
    proven: bool,
    closed: bool,
}

impl<C: Connect> Home<C> {
    pub(super) fn new(peer: &str, shared: Arc<Shared<C>>, reporter: StatusReporter) -> Self {
        let state = State { idle: Idle::default(), doubts: 0, proven: false, closed: false };
        Self {
            peer: peer.to_owned(),
            shared,
            status: AtomicU32::new(ConnectionStatus::Connecting as u32),
            state: Mutex::new(state),
            changed: Condvar::new(),
            reporter,
        }
    }

    pub(super) fn status(&self) -> ConnectionStatus {
        // Acquire: pairs with the release in `set`.
        let number = self.status.load(Ordering::Acquire);
        i32::try_from(number).ok().and_then(|n| n.try_into().ok()).unwrap_or_default()
    }

    fn set(&self, status: ConnectionStatus) {
        self.status.store(status as u32, Ordering::Release);
    }

    /// A connection that is as good as new, or a new one, and whether it was idle. May block.
    pub(super) fn take(&self) -> Result<(Held<C::Connection>, bool), CheckoutError> {
        let epoch = loop {
            let popped = {
                let mut state = self.state.lock();
                state.idle.pop().ok_or(state.doubts)
            };
            match popped {
                Ok((mut held, since)) => {
                    let good = is_good(&held, since, &self.shared.options)
                        && self.shared.connect.is_reusable(&mut held.connection);
                    if good {
                        return Ok((held, true));
                    }
                }
                Err(epoch) => break epoch,
            }
        };
        let peer = || self.peer.clone();
        let full = || CheckoutError::Full { peer: peer(), limit: self.shared.places.limit() };
        let place = self.shared.place().ok_or_else(full)?;
        let dialled = self.shared.dial(&self.peer, epoch, place);
        let held = dialled.map_err(|source| {
            let error = CheckoutError::Connect { peer: peer(), source };
            if error.outcome() == Outcome::Failure {
                self.doubt(Some(epoch));
            }
            error
        })?;
        Ok((held, false))
    }

    /// Takes a connection back that has served.
    pub(super) fn put_back(&self, held: Held<C::Connection>) {
        let _surplus = {
            let mut state = self.state.lock();
            if held.epoch == state.doubts && !state.closed {
                state.proven = true;
                state.idle.push(held, Instant::now(), &self.shared.options)
            } else {
                Some(held)
            }
        };
    }

    /// A connection of this epoch has failed, or could not be made. `None`: of any.
    pub(super) fn doubt(&self, epoch: Option<u64>) {
        let _idle = {
            let mut state = self.state.lock();
            let is_past = epoch.is_some_and(|epoch| epoch != state.doubts);
            if state.closed || is_past || self.status() != ConnectionStatus::Available {
                return;
            }
            state.doubts += 1;
            self.set(ConnectionStatus::Connecting);
            self.changed.notify_all();
            state.idle.all()
        };
        self.reporter.notify();
    }
}

impl<C: Connect> Keeps<C::Connection> for Home<C> {
    fn idle(&self) -> usize {
        self.state.lock().idle.len()
    }

    fn oldest(&self) -> Option<Held<C::Connection>> {
        self.state.lock().idle.oldest()
    }

    fn close(&self) {
        let _idle = {
            let mut state = self.state.lock();
            state.closed = true;
            self.changed.notify_all();
            state.idle.all()
        };
        self.shared.leave(std::ptr::from_ref(self));
    }
}

/// What the manager does.
impl<C: Connect> Home<C> {
    /// The epoch of the connection that it is about to make. `None`: the peer is closed.
    pub(super) fn connecting(&self) -> Option<u64> {
        let epoch = {
            let state = self.state.lock();
            if state.closed {
                return None;
            }
            self.set(ConnectionStatus::Connecting);
            state.doubts
        };
        self.reporter.notify();
        Some(epoch)
    }

    /// It has connected; without a connection if there was no place to keep it.
    pub(super) fn connected(&self, held: Option<Held<C::Connection>>) {
        let _surplus = {
            let mut state = self.state.lock();
            state.proven = false;
            self.set(ConnectionStatus::Available);
            match held {
                Some(held) if !state.closed => {
                    state.idle.push(held, Instant::now(), &self.shared.options)
                }
                held => held,
            }
        };
        self.reporter.notify();
    }

    /// It could not connect.
    pub(super) fn refused(&self) {
        self.set(ConnectionStatus::Unavailable);
        self.reporter.notify();
    }

    /// Waits for doubt, and closes connections whose time is over. `Some`: whether the peer had
    /// answered anything before. `None`: it is closed.
    pub(super) fn doubted(&self, epoch: u64) -> Option<bool> {
        let options = &self.shared.options;
        let mut state = self.state.lock();
        loop {
            if state.closed {
                return None;
            }
            if state.doubts != epoch {
                return Some(state.proven);
            }
            let now = Instant::now();
            let expired = state.idle.expired(now, options);
            if !expired.is_empty() {
                drop(state);
                drop(expired);
                state = self.state.lock();
                continue;
            }
            // A connection that comes back during the wait is not over before the wait is.
            let later = || options.shortest().and_then(|most| now.checked_add(most));
            state = match state.idle.next_end(options).or_else(later) {
                Some(until) => self.changed.wait_until(state, until).0,
                None => self.changed.wait(state),
            };
        }
    }

    /// Waits until the next attempt.
    pub(super) fn rest(&self, pause: Duration) {
        let until = Instant::now() + pause;
        let mut state = self.state.lock();
        while !state.closed {
            let (locked, timed_out) = self.changed.wait_until(state, until);
            if timed_out {
                return;
            }
            state = locked;
        }
    }
}
