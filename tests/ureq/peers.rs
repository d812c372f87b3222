//! A transport that notes how the requests of its peers end, and a client over it.

use std::sync::{Arc, Mutex};

use peerage::adapters::ureq::{Balanced, BalancedOptions, CallError};
use peerage::policy::RoundRobin;
use peerage::{
    ConnectionStatus, Identifier, Lifecycle, List, ListOptions, ListUpdates, Outcome, Peer,
    PeerList, Registry, Request, Status, StatusPeer, Subscriber, Transport, TransportError,
};
use ureq::http;

type Ends = Arc<Mutex<Vec<(String, Outcome)>>>;

#[derive(Debug)]
struct Noted(String, Ends);

impl Identifier for Noted {
    fn identifier(&self) -> &str {
        &self.0
    }
}

impl StatusPeer for Noted {
    fn status(&self) -> Status {
        Status { connection_status: ConnectionStatus::Available, ..Status::default() }
    }
}

impl Peer for Noted {
    fn watches_requests(&self) -> bool {
        true
    }

    fn end_request(&self, outcome: Outcome) {
        self.1.lock().unwrap().push((self.0.clone(), outcome));
    }
}

struct Noting(Registry<Noted>, Ends);

impl Transport for Noting {
    fn retain_peer(
        &self,
        id: &Arc<dyn Identifier>,
        subscriber: Arc<dyn Subscriber>,
    ) -> Result<Arc<dyn Peer>, TransportError> {
        let name = id.identifier();
        let make = |_| Noted(name.to_owned(), Arc::clone(&self.1));
        Ok(self.0.retain(name, subscriber, make).0)
    }

    fn release_peer(
        &self,
        id: &Arc<dyn Identifier>,
        subscriber: &Arc<dyn Subscriber>,
    ) -> Result<(), TransportError> {
        self.0.release(id.identifier(), subscriber).map(drop)
    }
}

pub(crate) struct Bed {
    pub(crate) client: Balanced,
    pub(crate) list: Arc<PeerList<RoundRobin>>,
    first: String,
    ends: Ends,
}

/// A client of `http://users` over these peers.
pub(crate) fn bed(peers: &[&str], options: BalancedOptions) -> Bed {
    let ends = Ends::default();
    let transport = Arc::new(Noting(Registry::new("noting"), Arc::clone(&ends)));
    let list = PeerList::new(RoundRobin::new(), transport, ListOptions::new().with_shuffle(false));
    list.start().unwrap();
    list.update(ListUpdates::adding(peers.iter().copied())).unwrap();
    let list = Arc::new(list);
    let client = Balanced::with_options("http://users", list.clone(), options).unwrap();
    let first = peers.first().copied().unwrap_or_default().to_owned();
    Bed { client, list, first, ends }
}

impl Bed {
    /// How the requests have ended since the last call.
    pub(crate) fn ends(&self) -> Vec<(String, Outcome)> {
        std::mem::take(&mut *self.ends.lock().unwrap())
    }

    pub(crate) fn outcomes(&self) -> Vec<Outcome> {
        self.ends().into_iter().map(|(_, outcome)| outcome).collect()
    }

    /// Sends a request to the first peer, and elsewhere if it is sent again.
    pub(crate) fn call_first(
        &self,
        request: &http::Request<&str>,
    ) -> Result<http::Response<ureq::Body>, CallError> {
        self.client.call_as(request, &Request::new().with_preferred(&self.first))
    }

    pub(crate) fn get_first(&self) -> (u16, String) {
        let mut answer = self.call_first(&http::Request::get("/").body("").unwrap()).unwrap();
        (answer.status().as_u16(), answer.body_mut().read_to_string().unwrap())
    }

    pub(crate) fn get(&self, path: &str) -> (u16, String) {
        let mut answer = self.client.get(path).unwrap();
        (answer.status().as_u16(), answer.body_mut().read_to_string().unwrap())
    }
}
