//! Orders to the probing thread, and its life.
//!
//! The thread is there while there are users: a peer that is retained is one, and so is a call that is
//! about to retain. Whether there are any is decided under the lock under which orders are left, so an
//! order is left either to a thread that will read it or to none.

use std::fmt;
use std::io;
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use mio::Waker;

use super::address::{Place, Resolved};
use crate::sync::{Condvar, Mutex};
use crate::this_thread::{ThreadKey, this_thread};

/// How long a transport that is dropped waits for its threads: for a callback that blocks, and for a
/// name server that is silent.
const PATIENCE: Duration = Duration::from_millis(100);

/// An order to the probing thread, of peers `P`.
pub(super) enum Order<P> {
    Add(Arc<P>, Place),
    Remove(usize),
    Doubt(usize),
    Resolved(usize, Resolved),
}

/// What the probing thread finds in its mail.
pub(super) enum Read<P> {
    Orders(Vec<Order<P>>),
    /// It is to end.
    End,
}

pub(super) struct Mail<P> {
    start: Mutex<()>,
    state: Mutex<State<P>>,
    ended: Condvar,
}

struct State<P> {
    orders: Vec<Order<P>>,
    users: usize,
    /// Wakes the probing thread, if there is one.
    waker: Option<Arc<Waker>>,
    /// The probing thread, as it knows itself.
    prober: Option<ThreadKey>,
    is_closed: bool,
    /// Threads that have not ended, those that resolve names too.
    alive: usize,
    handles: Vec<JoinHandle<()>>,
}

impl<P> Default for Mail<P> {
    fn default() -> Self {
        let state = State {
            orders: vec![],
            users: 0,
            waker: None,
            prober: None,
            is_closed: false,
            alive: 0,
            handles: vec![],
        };
        Self { start: Mutex::default(), state: Mutex::new(state), ended: Condvar::new() }
    }
}

impl<P: Send + Sync + 'static> Mail<P> {
    /// One more user. Begins the thread if it is the first: `begin` makes its work, and what wakes it.
    ///
    /// # Errors
    ///
    /// There are no descriptors, or there is no thread. It is no user then.
    pub(super) fn enter<W: FnOnce() + Send + 'static>(
        self: &Arc<Self>,
        begin: impl FnOnce() -> io::Result<(W, Waker)>,
    ) -> io::Result<()> {
        // One start at a time; a thread that cannot be had drops what takes the other lock.
        let _start = self.start.lock();
        let mut state = self.state.lock();
        state.users += 1;
        if state.waker.is_some() {
            return Ok(());
        }
        drop(state);
        self.begin(begin).inspect_err(|_| {
            let mut state = self.state.lock();
            state.users -= 1;
            state.waker = None;
        })
    }

    fn begin<W: FnOnce() + Send + 'static>(
        self: &Arc<Self>,
        begin: impl FnOnce() -> io::Result<(W, Waker)>,
    ) -> io::Result<()> {
        let (work, waker) = begin()?;
        self.state.lock().waker = Some(Arc::new(waker));
        self.spawn("peerage probes", work)
    }

    /// One user less. The thread ends with the last.
    pub(super) fn leave(&self, order: Option<Order<P>>) {
        let mut state = self.state.lock();
        state.users -= 1;
        let is_news = state.users == 0 || order.is_some() && state.orders.is_empty();
        state.orders.extend(order);
        let waker = state.waker.clone().filter(|_| is_news);
        drop(state);
        wake(waker);
    }

    /// Leaves an order. Returns whether there is a thread that will read it.
    pub(super) fn post(&self, order: Order<P>) -> bool {
        let mut state = self.state.lock();
        let Some(waker) = state.waker.clone() else { return false };
        let is_news = state.orders.is_empty();
        state.orders.push(order);
        drop(state);
        wake(Some(waker).filter(|_| is_news));
        true
    }

    /// What there is for the probing thread. It is to end once this says so.
    pub(super) fn read(&self) -> Read<P> {
        let mut state = self.state.lock();
        let orders = std::mem::take(&mut state.orders);
        if state.users > 0 && !state.is_closed {
            return Read::Orders(orders);
        }
        let waker = state.waker.take();
        // Another thread may be known by the same key once this one has ended.
        state.prober = None;
        drop(state);
        drop((orders, waker));
        Read::End
    }

    /// The probing thread begins.
    pub(super) fn begun(&self) {
        self.state.lock().prober = Some(this_thread());
    }

    /// Begins a thread that [`close`](Self::close) waits for.
    pub(super) fn spawn(
        self: &Arc<Self>,
        name: &str,
        work: impl FnOnce() + Send + 'static,
    ) -> io::Result<()> {
        let alive = Alive::new(Arc::clone(self));
        let work = move || {
            // Dropped behind the work, also if it panics.
            let _alive = alive;
            work();
        };
        let handle = thread::Builder::new().name(name.into()).spawn(work)?;
        let mut state = self.state.lock();
        state.handles.retain(|handle| !handle.is_finished());
        state.handles.push(handle);
        Ok(())
    }

    /// Has the threads end, and waits until they have: not for long, and not for this one.
    pub(super) fn close(&self) {
        let mut state = self.state.lock();
        state.is_closed = true;
        let waker = state.waker.clone();
        let is_prober = state.prober == Some(this_thread());
        drop(state);
        wake(waker);
        if is_prober {
            return;
        }
        let deadline = Instant::now() + PATIENCE;
        let mut state = self.state.lock();
        while state.alive > 0 {
            let (next, timed_out) = self.ended.wait_until(state, deadline);
            state = next;
            if timed_out && state.alive > 0 {
                return;
            }
        }
        let handles = std::mem::take(&mut state.handles);
        drop(state);
        for handle in handles {
            // A panic in it has been reported by the thread itself.
            let _ = handle.join();
        }
    }
}

/// While there is one, a thread is alive.
struct Alive<P>(Arc<Mail<P>>);

impl<P> Alive<P> {
    fn new(mail: Arc<Mail<P>>) -> Self {
        mail.state.lock().alive += 1;
        Self(mail)
    }
}

impl<P> Drop for Alive<P> {
    fn drop(&mut self) {
        self.0.state.lock().alive -= 1;
        self.0.ended.notify_all();
    }
}

/// A wake-up fails if the system has no memory for it: the thread then looks at its mail with the next
/// probe.
fn wake(waker: Option<Arc<Waker>>) {
    if let Some(waker) = waker {
        let _ = waker.wake();
    }
}

impl<P> fmt::Debug for Mail<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = self.state.lock();
        f.debug_struct("Mail").field("users", &state.users).field("alive", &state.alive).finish()
    }
}
