//! How a peer reaches those that retain it.

use std::fmt;
use std::sync::{Arc, Weak};

use super::subscribers::Subscribers;
use crate::peer::Subscriber;
use crate::sync::Mutex;

/// What a peer reports its status with: it reaches those that retain the peer.
///
/// A [`Registry`](crate::Registry) hands one to each peer that it has made. Clones report for the
/// same peer. It keeps nothing alive, neither the registry nor a list. `StatusReporter::default()`
/// reaches nothing: for tests of a peer without a registry.
///
/// ```
/// use peerage::StatusReporter;
///
/// let reporter = StatusReporter::default();
/// std::thread::spawn(move || reporter.notify()).join().unwrap(); // from any thread
/// ```
#[derive(Clone, Default)]
pub struct StatusReporter {
    subscriptions: Weak<Subscriptions>,
}

impl StatusReporter {
    /// Has everything that retains the peer look at its status.
    ///
    /// Make the new status visible to [`status`](crate::StatusPeer::status) first, and hold no lock
    /// that `status` takes. Any thread may call it, also while the peer is being made or released.
    /// The subscribers run on this thread: with a list they read the status, change its tables, and
    /// wake those that wait. It never blocks on the network or on a request.
    ///
    /// Once the last subscriber has released the peer it does nothing. A subscriber that is released
    /// at the same moment may still be told, which changes nothing.
    pub fn notify(&self) {
        let Some(subscriptions) = self.subscriptions.upgrade() else { return };
        for subscriber in &*subscriptions.all() {
            subscriber.notify_status_changed(&subscriptions.id);
        }
    }

    /// Tells everything that retains the peer how many requests the peer says that it has in flight,
    /// of all clients: what `least-reported` goes by. For transports that probe; an answer that says
    /// so is told with its end ([`Finish::with_in_flight`](crate::Finish::with_in_flight)).
    ///
    /// Any thread may call it. It does not block, and calls nothing back.
    pub fn report(&self, in_flight: u32) {
        let Some(subscriptions) = self.subscriptions.upgrade() else { return };
        for subscriber in &*subscriptions.all() {
            subscriber.report(in_flight);
        }
    }
}

#[cfg(feature = "capi")]
impl StatusReporter {
    /// Those that retain the peer now. To be dropped with no lock held: they may hold the last
    /// reference to a list.
    pub(crate) fn subscribers(&self) -> Subscribers {
        self.subscriptions.upgrade().map(|subscriptions| subscriptions.all()).unwrap_or_default()
    }
}

impl fmt::Debug for StatusReporter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let subscriptions = self.subscriptions.upgrade();
        let peer = subscriptions.as_ref().map(|subscriptions| &subscriptions.id);
        f.debug_struct("StatusReporter").field("peer", &peer).finish()
    }
}

/// Who wants to hear of one peer. Changed under the registry's lock and its own, read under its own
/// alone.
pub(super) struct Subscriptions {
    id: Arc<str>,
    subscribers: Mutex<Subscribers>,
}

/// A subscription that was taken back. To be dropped with no lock held: it may hold the last
/// reference to the subscriber.
pub(super) struct Gone {
    _subscriber: Arc<dyn Subscriber>,
    /// There is no other subscription.
    pub(super) was_last: bool,
}

impl Subscriptions {
    pub(super) fn new(id: Arc<str>) -> Arc<Self> {
        Arc::new(Self { id, subscribers: Mutex::default() })
    }

    /// The name of the peer.
    pub(super) fn id(&self) -> &str {
        &self.id
    }

    pub(super) fn reporter(self: &Arc<Self>) -> StatusReporter {
        StatusReporter { subscriptions: Arc::downgrade(self) }
    }

    pub(super) fn add(&self, subscriber: Arc<dyn Subscriber>) {
        self.subscribers.lock().push(subscriber);
    }

    /// Takes one subscription of `subscriber` back; `None` if it has none.
    pub(super) fn remove(&self, subscriber: &Arc<dyn Subscriber>) -> Option<Gone> {
        let mut subscribers = self.subscribers.lock();
        let subscriber = subscribers.remove(subscriber)?;
        Some(Gone { _subscriber: subscriber, was_last: subscribers.is_empty() })
    }

    pub(super) fn len(&self) -> usize {
        self.subscribers.lock().len()
    }

    /// All subscribers, those that have subscribed first before the others.
    pub(super) fn all(&self) -> Subscribers {
        self.subscribers.lock().clone()
    }
}
