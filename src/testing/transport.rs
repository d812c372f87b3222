//! The transport: what it was asked, and what it is to answer.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use super::FakePeer;
use crate::error::TransportError;
use crate::peer::{ConnectionStatus, Identifier, Peer, Subscriber};
use crate::registry::Registry;
use crate::sync::Mutex;
use crate::transport::Transport;

/// What a test can have run inside a transport's method: it gets the peer's name and, when the peer
/// is being retained, its subscriber.
pub type Hook = Box<dyn Fn(&str, &Arc<dyn Subscriber>) + Send + Sync>;

/// A transport whose peers have the status that a test sets. It remembers what was retained and
/// released, and fails where it is told to.
pub struct FakeTransport {
    initial: ConnectionStatus,
    watch_requests: bool,
    /// Those that are retained.
    retained: Registry<FakePeer>,
    /// What is written down of them. Its lock may be held while the registry is asked for something,
    /// so that both always say the same.
    state: Mutex<State>,
    on_retain: Mutex<Option<Arc<Hook>>>,
    on_release: Mutex<Option<Arc<Hook>>>,
}

#[derive(Default)]
struct State {
    /// By name; they stay when they are released, with the status they have.
    peers: HashMap<String, Arc<FakePeer>>,
    retain_errors: HashMap<String, String>,
    release_errors: HashMap<String, String>,
    retains: Vec<String>,
    releases: Vec<String>,
}

impl FakeTransport {
    /// A transport whose peers are available from the start.
    #[must_use]
    pub fn new() -> Arc<Self> {
        Self::with_initial_status(ConnectionStatus::Available)
    }

    /// A transport whose peers have this status when they are first retained.
    #[must_use]
    pub fn with_initial_status(status: ConnectionStatus) -> Arc<Self> {
        Arc::new(Self::with(status, false))
    }

    /// A transport whose peers ask to be told of every request.
    #[must_use]
    pub fn watching_requests() -> Arc<Self> {
        Arc::new(Self::with(ConnectionStatus::Available, true))
    }

    fn with(initial: ConnectionStatus, watch_requests: bool) -> Self {
        Self {
            initial,
            watch_requests,
            retained: Registry::new("fake"),
            state: Mutex::new(State::default()),
            on_retain: Mutex::new(None),
            on_release: Mutex::new(None),
        }
    }

    /// Sets a peer's status, and notifies its subscribers if it is retained.
    pub fn set_status(&self, id: &str, status: ConnectionStatus) {
        self.set_status_quietly(id, status);
        self.notify(id);
    }

    /// Sets a peer's status without a notification.
    pub fn set_status_quietly(&self, id: &str, status: ConnectionStatus) {
        self.peer(id).set(status);
    }

    /// Notifies a peer's subscribers.
    pub fn notify(&self, id: &str) {
        if let Some(reporter) = self.retained.reporter(id) {
            reporter.notify();
        }
    }

    /// Has `retain_peer` of this peer fail; `None` ends it.
    pub fn fail_retain(&self, id: &str, error: Option<&str>) {
        set(&mut self.state.lock().retain_errors, id, error);
    }

    /// Has `release_peer` of this peer fail, after it has been released; `None` ends it.
    pub fn fail_release(&self, id: &str, error: Option<&str>) {
        set(&mut self.state.lock().release_errors, id, error);
    }

    /// Runs `hook` inside every `retain_peer`, before it returns.
    pub fn on_retain(&self, hook: impl Fn(&str, &Arc<dyn Subscriber>) + Send + Sync + 'static) {
        *self.on_retain.lock() = Some(Arc::new(Box::new(hook)));
    }

    /// Runs `hook` inside every `release_peer`, before it returns.
    pub fn on_release(&self, hook: impl Fn(&str, &Arc<dyn Subscriber>) + Send + Sync + 'static) {
        *self.on_release.lock() = Some(Arc::new(Box::new(hook)));
    }

    /// The peer of this name, which is made if there is none.
    pub fn peer(&self, id: &str) -> Arc<FakePeer> {
        let make = || Arc::new(FakePeer::new(id, self.initial, self.watch_requests));
        Arc::clone(self.state.lock().peers.entry(id.to_owned()).or_insert_with(make))
    }

    /// The subscribers that a peer has now.
    #[must_use]
    pub fn subscribers(&self, id: &str) -> Vec<Arc<dyn Subscriber>> {
        self.retained.subscribers(id)
    }

    /// How many subscriptions there are now, of all peers.
    #[must_use]
    pub fn retained(&self) -> usize {
        let _state = self.state.lock();
        let peers = self.retained.peers();
        peers.iter().map(|peer| self.retained.subscriptions(peer.identifier())).sum()
    }

    /// The names of all peers that were retained, in order, failures left out.
    #[must_use]
    pub fn retains(&self) -> Vec<String> {
        self.state.lock().retains.clone()
    }

    /// The names of all peers that were released, in order.
    #[must_use]
    pub fn releases(&self) -> Vec<String> {
        self.state.lock().releases.clone()
    }
}

fn set(errors: &mut HashMap<String, String>, id: &str, error: Option<&str>) {
    match error {
        Some(error) => errors.insert(id.to_owned(), error.to_owned()),
        None => errors.remove(id),
    };
}

impl Transport for FakeTransport {
    fn retain_peer(
        &self,
        id: &Arc<dyn Identifier>,
        subscriber: Arc<dyn Subscriber>,
    ) -> Result<Arc<dyn Peer>, TransportError> {
        let name = id.identifier();
        let peer = self.peer(name);
        {
            let mut state = self.state.lock();
            if let Some(error) = state.retain_errors.get(name) {
                return Err(error.clone().into());
            }
            let make = |_| Ok::<_, TransportError>(Arc::clone(&peer));
            self.retained.try_retain(name, Arc::clone(&subscriber), make)?;
            state.retains.push(name.to_owned());
        }
        let hook = self.on_retain.lock().clone();
        if let Some(hook) = hook {
            hook(name, &subscriber);
        }
        Ok(peer)
    }

    fn release_peer(
        &self,
        id: &Arc<dyn Identifier>,
        subscriber: &Arc<dyn Subscriber>,
    ) -> Result<(), TransportError> {
        let name = id.identifier();
        let error = {
            let mut state = self.state.lock();
            self.retained.release(name, subscriber)?;
            state.releases.push(name.to_owned());
            state.release_errors.get(name).cloned()
        };
        let hook = self.on_release.lock().clone();
        if let Some(hook) = hook {
            hook(name, subscriber);
        }
        error.map_or(Ok(()), |error| Err(error.into()))
    }
}

impl fmt::Debug for FakeTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FakeTransport").field("retained", &self.retained()).finish_non_exhaustive()
    }
}
