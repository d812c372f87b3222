//! Starting and stopping, exactly once each.
//!
//! [`Once`] is the state machine behind everything that starts and stops here. It differs from
//! YARPC's `lifecycle.Once` in four ways, each a fault there:
//!
//! * a start that fails puts it back to `Idle`, to be tried again;
//! * a start after a stop says so, instead of `Ok`;
//! * a panic in the work leaves no state `Starting` behind;
//! * a call from inside the work (a transport's callback that stops the list being started) never
//!   waits for itself, nor for a thread that waits for it: a stop runs at once, and the start it
//!   overtakes reports `Stopped`.
//!
//! ```text
//!        start            ok
//!  Idle ───────▶ Starting ──────▶ Running
//!   ▲  ◀──failed──┘  │               │ stop
//!   │ stop           │ stop          ▼
//!   └──────────▶  Stopping ◀─────────┘
//!                    │ done, with or without an error
//!                    ▼
//!                 Stopped
//! ```

use std::fmt;
use std::sync::Arc;

use crate::error::LifecycleError;
use crate::panics;
use crate::standoff;
use crate::state::State;
use crate::sync::{Condvar, Mutex, MutexGuard};
use crate::this_thread::{ThreadKey, this_thread};

/// Something that is started once and stopped once.
///
/// [`Once`] does what is said below. An updater of one's own, which feeds a list while it runs:
///
/// ```
/// use std::sync::Arc;
/// use peerage::policy::RoundRobin;
/// use peerage::transports::Always;
/// use peerage::{Bind, Lifecycle, LifecycleError, List, ListOptions, ListUpdates, Once};
/// use peerage::{PeerList, State, Updater};
///
/// struct FromText {
///     list: Arc<dyn List>,
///     text: &'static str,
///     once: Once,
/// }
///
/// impl Lifecycle for FromText {
///     fn start(&self) -> Result<(), LifecycleError> {
///         let added = || self.list.update(ListUpdates::adding(self.text.split_whitespace()));
///         self.once.start(|| Ok(added()?))
///     }
///
///     fn stop(&self) -> Result<(), LifecycleError> {
///         let removed = || self.list.update(ListUpdates::removing(self.text.split_whitespace()));
///         self.once.stop(|| Ok(removed()?))
///     }
///
///     fn is_running(&self) -> bool {
///         self.once.state() == State::Running
///     }
/// }
///
/// impl Updater for FromText {}
///
/// let list = PeerList::new(RoundRobin::new(), Always::new(), ListOptions::new());
/// let chooser = Bind::new(list, |list| {
///     let (text, once) = ("10.0.0.1:80 10.0.0.2:80", Once::new("text"));
///     Arc::new(FromText { list, text, once }) as Arc<dyn Updater>
/// });
/// chooser.start()?;
/// assert_eq!(chooser.list().available(), 2);
/// chooser.stop()?;
/// assert!(!chooser.is_running());
/// # Ok::<(), LifecycleError>(())
/// ```
pub trait Lifecycle: Send + Sync {
    /// Starts it. Idempotent: a second call answers what the first did. Waits for a start that
    /// another thread has begun, and for nothing when called from inside a callback of it, or when
    /// that thread waits for this one: it answers `Ok` then, and the start is still under way.
    ///
    /// # Errors
    ///
    /// [`LifecycleError::Stopped`] after a stop; otherwise whatever failed, and then it is not
    /// running, holds nothing, and may be started again.
    fn start(&self) -> Result<(), LifecycleError>;

    /// Stops it. Idempotent, and a stop before any start is a stop. Waits for a stop that another
    /// thread has begun, and for nothing when called from inside a callback of it, or when that
    /// thread waits for this one.
    ///
    /// # Errors
    ///
    /// Whatever failed; it is stopped all the same.
    fn stop(&self) -> Result<(), LifecycleError>;

    /// Whether it is running. Other threads may change that at any time: for status pages.
    fn is_running(&self) -> bool;
}

/// The state machine of a [`Lifecycle`].
///
/// ```
/// use peerage::{LifecycleError, Once, State};
///
/// let once = Once::new("watch");
/// assert!(once.start(|| Err(LifecycleError::other("no route"))).is_err());
/// assert_eq!(once.state(), State::Idle); // it may be tried again
/// once.start(|| Ok(()))?;
/// once.start(|| unreachable!("it runs"))?;
/// once.stop(|| Ok(()))?;
/// let error = once.start(|| Ok(())).unwrap_err();
/// let text = "\"watch\" can't be started: it was stopped, and does not start again";
/// assert_eq!(error.to_string(), text);
/// # Ok::<(), LifecycleError>(())
/// ```
pub struct Once {
    name: Arc<str>,
    inner: Mutex<Inner>,
    changed: Condvar,
}

struct Inner {
    state: State,
    /// The thread that is starting or stopping.
    runner: Option<ThreadKey>,
    /// Counts starts, so that a waiter knows the result it waited for.
    attempt: u64,
    /// What the last attempt to start, or the stop, answered.
    outcome: Result<(), LifecycleError>,
}

impl Once {
    /// A machine in `Idle`. The name appears in the error of a start after a stop.
    #[must_use]
    pub fn new(name: impl Into<Arc<str>>) -> Self {
        let inner = Inner { state: State::Idle, runner: None, attempt: 0, outcome: Ok(()) };
        Self { name: name.into(), inner: Mutex::new(inner), changed: Condvar::new() }
    }

    /// The current state.
    #[must_use]
    pub fn state(&self) -> State {
        self.inner.lock().state
    }

    /// Runs `work` unless it has run, without a lock held; see [`Lifecycle::start`].
    ///
    /// # Errors
    ///
    /// Those of [`Lifecycle::start`]; a panic of `work` is one of them.
    pub fn start(
        &self,
        work: impl FnOnce() -> Result<(), LifecycleError>,
    ) -> Result<(), LifecycleError> {
        let mut inner = self.inner.lock();
        match inner.state {
            State::Idle => {}
            State::Running => return Ok(()),
            State::Starting if !self.may_wait(&inner) => return Ok(()),
            State::Starting => {
                let attempt = inner.attempt;
                while inner.state == State::Starting && inner.attempt == attempt {
                    inner = self.changed.wait(inner);
                }
                return match inner.state {
                    State::Stopping | State::Stopped => Err(self.stopped()),
                    _ => inner.outcome.clone(),
                };
            }
            State::Stopping | State::Stopped => return Err(self.stopped()),
        }
        inner.state = State::Starting;
        inner.runner = Some(this_thread());
        inner.attempt += 1;
        drop(inner);

        let outcome = panics::fallible("start", work);

        let mut inner = self.inner.lock();
        if inner.state != State::Starting {
            return Err(outcome.err().unwrap_or_else(|| self.stopped()));
        }
        inner.state = if outcome.is_ok() { State::Running } else { State::Idle };
        self.end(inner, &outcome);
        outcome
    }

    /// Runs `work` unless it has run, without a lock held; see [`Lifecycle::stop`]. It may run while a
    /// start is under way, which then answers [`LifecycleError::Stopped`].
    ///
    /// # Errors
    ///
    /// Those of [`Lifecycle::stop`]; a panic of `work` is one of them.
    pub fn stop(
        &self,
        work: impl FnOnce() -> Result<(), LifecycleError>,
    ) -> Result<(), LifecycleError> {
        let mut inner = self.inner.lock();
        match inner.state {
            State::Stopped => return inner.outcome.clone(),
            State::Stopping if !self.may_wait(&inner) => return Ok(()),
            State::Stopping => {
                while inner.state == State::Stopping {
                    inner = self.changed.wait(inner);
                }
                return inner.outcome.clone();
            }
            State::Idle | State::Starting | State::Running => {}
        }
        inner.state = State::Stopping;
        inner.runner = Some(this_thread());
        standoff::over(self);
        drop(inner);
        self.changed.notify_all();

        let outcome = panics::fallible("stop", work);

        let mut inner = self.inner.lock();
        inner.state = State::Stopped;
        self.end(inner, &outcome);
        outcome
    }

    /// What the thread that ran the work leaves behind, in a state that it has set.
    fn end(&self, mut inner: MutexGuard<'_, Inner>, outcome: &Result<(), LifecycleError>) {
        inner.runner = None;
        inner.outcome = outcome.clone();
        standoff::over(self);
        drop(inner);
        self.changed.notify_all();
    }

    /// Whether to wait for the thread that is at work.
    fn may_wait(&self, inner: &Inner) -> bool {
        inner.runner.is_some_and(|runner| standoff::may_wait(runner, self))
    }

    fn stopped(&self) -> LifecycleError {
        LifecycleError::Stopped(Arc::clone(&self.name))
    }
}

impl fmt::Debug for Once {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Once").field("name", &self.name).field("state", &self.state()).finish()
    }
}
