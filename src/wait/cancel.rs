//! A latch that ends waits.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use super::waiter::{Verdict, Waiter};
use crate::sync::{AtomicBool, Mutex, Ordering};

/// Ends the waits it was given to, from any thread.
///
/// One token may serve many waits, of many lists, one after the other or at once. Once triggered
/// it stays so until it is [reset](CancelToken::reset): a wait that begins later ends at once. Clones
/// are the same token.
///
/// ```
/// use std::thread;
/// use peerage::policy::RoundRobin;
/// use peerage::transports::Always;
/// use peerage::{CancelToken, ChooseErrorKind, Chooser, Lifecycle, ListOptions, PeerList};
/// use peerage::{Request, Wait};
///
/// let list = PeerList::new(RoundRobin::new(), Always::new(), ListOptions::new());
/// list.start()?; // it has no peers, so a choice waits
///
/// let token = CancelToken::new();
/// let same = token.clone();
/// let error = thread::scope(|scope| {
///     scope.spawn(move || same.trigger());
///     list.choose(&Request::new(), Wait::forever().cancelled_by(&token)).unwrap_err()
/// });
/// assert_eq!(error.kind(), ChooseErrorKind::Cancelled);
/// assert!(token.is_triggered());
/// # Ok::<(), peerage::LifecycleError>(())
/// ```
#[derive(Clone, Default)]
pub struct CancelToken {
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    triggered: AtomicBool,
    waiters: Mutex<Waiters>,
}

#[derive(Default)]
struct Waiters {
    next: u64,
    waiting: BTreeMap<u64, Arc<Waiter>>,
}

impl CancelToken {
    /// A token that is not triggered.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Triggers it: every wait that has it ends with `Cancelled` and takes no peer. Never blocks;
    /// calls nothing back.
    pub fn trigger(&self) {
        let waiting = {
            let mut waiters = self.shared.waiters.lock();
            // Release pairs with `is_triggered`. Set under the mutex, so that a wait that registers
            // either sees it or is found here.
            self.shared.triggered.store(true, Ordering::Release);
            std::mem::take(&mut waiters.waiting)
        };
        for waiter in waiting.into_values() {
            // Too late is fine: the wait has ended otherwise.
            let _ = waiter.decide(Verdict::Cancelled);
        }
    }

    /// Makes it a token that is not triggered, for the waits that begin from now on, so that a loop
    /// needs one token for all its turns. A wait that has ended with `Cancelled` stays so, and one
    /// that has the token is not ended: reset it between two waits and not during one, which may
    /// miss a trigger that comes just before.
    pub fn reset(&self) {
        let _waiters = self.shared.waiters.lock();
        // Under the mutex, as the trigger is: a wait registers before or after it. Release: what the
        // caller did before is seen by a wait that finds the token reset.
        self.shared.triggered.store(false, Ordering::Release);
    }

    /// Whether it has been triggered.
    #[must_use]
    pub fn is_triggered(&self) -> bool {
        self.shared.triggered.load(Ordering::Acquire)
    }

    /// Has `waiter` decided when the token is triggered, until the guard is dropped.
    pub(crate) fn register(&self, waiter: &Arc<Waiter>) -> Registered<'_> {
        let mut waiters = self.shared.waiters.lock();
        let id = waiters.next;
        waiters.next += 1;
        if self.is_triggered() {
            drop(waiters);
            // Too late is fine: the wait has ended otherwise.
            let _ = waiter.decide(Verdict::Cancelled);
        } else {
            waiters.waiting.insert(id, Arc::clone(waiter));
        }
        Registered { token: self, id }
    }
}

/// A wait's entry in a token.
pub(crate) struct Registered<'t> {
    token: &'t CancelToken,
    id: u64,
}

impl Drop for Registered<'_> {
    fn drop(&mut self) {
        self.token.shared.waiters.lock().waiting.remove(&self.id);
    }
}

impl fmt::Debug for CancelToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CancelToken").field("triggered", &self.is_triggered()).finish()
    }
}
