//! A list on a probing transport, and one subscriber that sees every change.

use std::sync::{Arc, Mutex, OnceLock};

use peerage::policy::RoundRobin;
use peerage::transports::{ProbeOptions, ProbeState, ProbeStatus, Probing};
use peerage::{
    ConnectionStatus, Identifier, Lifecycle, List, ListOptions, ListUpdates, Peer, PeerList,
    Subscriber, Transport, identify,
};

use crate::servers::Server;
use crate::support::until;

pub(crate) struct Bed {
    pub(crate) list: Arc<PeerList<RoundRobin>>,
    pub(crate) probing: Arc<Probing>,
}

/// Options that make a test quick: probed every 5 ms, and nothing is left to chance.
pub(crate) fn quick(more: &str) -> ProbeOptions {
    let quick = "interval=5ms,fast-interval=5ms,slow-interval=5ms,jitter=0,timeout=5s";
    let mut options: ProbeOptions = quick.parse().expect("options");
    for part in more.split(',').filter(|part| !part.is_empty()) {
        let (key, value) = part.split_once('=').expect("key=value");
        options.set(key, value).expect("an option");
    }
    options
}

impl Bed {
    pub(crate) fn new(options: ProbeOptions, servers: &[&Server]) -> Self {
        let probing = Probing::new(options);
        let options = ListOptions::new().with_shuffle(false);
        let list = Arc::new(PeerList::new(RoundRobin::new(), probing.clone(), options));
        list.start().expect("starts");
        let bed = Self { list, probing };
        bed.add(servers);
        bed
    }

    pub(crate) fn add(&self, servers: &[&Server]) {
        let names = servers.iter().map(|server| server.name());
        self.list.update(ListUpdates::adding(names)).expect("adds");
    }

    pub(crate) fn list_add(&self, name: &str) {
        self.list.update(ListUpdates::adding([name.to_owned()])).expect("adds");
    }

    pub(crate) fn remove(&self, server: &Server) {
        self.list.update(ListUpdates::removing([server.name()])).expect("removes");
    }

    /// What the transport thinks of a peer.
    pub(crate) fn shown(&self, name: &str) -> ProbeStatus {
        let shown = self.probing.introspect();
        shown.into_iter().find(|peer| peer.identifier == name).expect("a peer")
    }

    pub(crate) fn state(&self, server: &Server) -> ProbeState {
        self.shown(&server.name()).state
    }

    /// Waits until it is so.
    #[track_caller]
    pub(crate) fn becomes(&self, server: &Server, state: ProbeState) {
        until(&format!("{state:?}"), || self.state(server) == state);
    }

    /// Waits until so many more probes have ended.
    #[track_caller]
    pub(crate) fn probed(&self, server: &Server, probes: u64) {
        let before = self.shown(&server.name()).probes;
        until("probes", || self.shown(&server.name()).probes >= before + probes);
    }
}

/// Retains one peer, and has a hook called whenever its status may have changed.
pub(crate) struct Watch {
    probing: Arc<Probing>,
    id: Arc<dyn Identifier>,
    subscriber: Arc<dyn Subscriber>,
    told: Arc<Told>,
}

type Hook = Box<dyn Fn(ConnectionStatus) + Send + Sync>;

struct Told {
    peer: OnceLock<Arc<dyn Peer>>,
    statuses: Mutex<Vec<ConnectionStatus>>,
    hook: Hook,
}

impl Told {
    /// A peer may be told of before `retain_peer` has returned it.
    fn peer(&self) -> &Arc<dyn Peer> {
        loop {
            match self.peer.get() {
                Some(peer) => return peer,
                None => std::thread::yield_now(),
            }
        }
    }
}

impl Subscriber for Told {
    fn notify_status_changed(&self, _: &dyn Identifier) {
        let status = self.peer().status().connection_status;
        self.statuses.lock().unwrap().push(status);
        (self.hook)(status);
    }
}

impl Watch {
    pub(crate) fn new(
        probing: &Arc<Probing>,
        name: &str,
        hook: impl Fn(ConnectionStatus) + Send + Sync + 'static,
    ) -> Self {
        let (peer, statuses) = (OnceLock::new(), Mutex::default());
        let told = Arc::new(Told { peer, statuses, hook: Box::new(hook) });
        let (id, subscriber) = (identify(name), Arc::clone(&told) as Arc<dyn Subscriber>);
        let peer = probing.retain_peer(&id, Arc::clone(&subscriber)).expect("a peer");
        assert!(told.peer.set(peer).is_ok());
        Self { probing: Arc::clone(probing), id, subscriber, told }
    }

    /// Every status it was told of, in order.
    pub(crate) fn statuses(&self) -> Vec<ConnectionStatus> {
        self.told.statuses.lock().unwrap().clone()
    }

    pub(crate) fn peer(&self) -> &Arc<dyn Peer> {
        self.told.peer.get().expect("a peer")
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.probing.release_peer(&self.id, &self.subscriber).expect("is retained");
    }
}
