//! From inside a peer: its status, and its hooks around a request.

use std::sync::{Arc, Mutex};

use peerage::ConnectionStatus::Available;
use peerage::policy::RoundRobin;
use peerage::{
    Chooser, Identifier, Lifecycle, List, ListOptions, ListUpdates, Outcome, Peer, PeerList,
    Request, Status, StatusPeer, Subscriber, Transport, TransportError,
};

use super::mischief::Mischief;
use crate::support::{custom, within};

/// A peer that calls back from one of its methods.
#[derive(Debug)]
struct Caller {
    at: At,
    mischief: Mischief,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum At {
    Status,
    Start,
    End,
}

impl Identifier for Caller {
    fn identifier(&self) -> &str {
        "a"
    }
}

impl StatusPeer for Caller {
    fn status(&self) -> Status {
        self.reached(At::Status);
        Status { connection_status: Available, pending_request_count: 0 }
    }
}

impl Peer for Caller {
    fn watches_requests(&self) -> bool {
        true
    }

    fn start_request(&self) {
        self.reached(At::Start);
    }

    fn end_request(&self, _: Outcome) {
        self.reached(At::End);
    }
}

impl Caller {
    fn reached(&self, at: At) {
        if self.at == at {
            self.mischief.go();
        }
    }
}

/// Hands out the one peer, and keeps its last subscriber.
struct CallerTransport(Arc<Caller>, Mutex<Option<Arc<dyn Subscriber>>>);

impl Transport for CallerTransport {
    fn retain_peer(
        &self,
        _: &Arc<dyn Identifier>,
        subscriber: Arc<dyn Subscriber>,
    ) -> Result<Arc<dyn Peer>, TransportError> {
        *self.1.lock().expect("no panic") = Some(subscriber);
        Ok(self.0.clone())
    }

    fn release_peer(
        &self,
        _: &Arc<dyn Identifier>,
        _: &Arc<dyn Subscriber>,
    ) -> Result<(), TransportError> {
        Ok(())
    }
}

fn caller(at: At) -> (Arc<PeerList<RoundRobin>>, Arc<CallerTransport>, Mischief) {
    let mischief = Mischief::default();
    let peer = Arc::new(Caller { at, mischief: mischief.clone() });
    let transport = Arc::new(CallerTransport(peer, Mutex::new(None)));
    let list = custom(RoundRobin::new(), transport.clone(), ListOptions::new());
    list.start().expect("starts");
    list.update(ListUpdates::adding(["a"])).expect("adds");
    (list, transport, mischief)
}

#[test]
fn from_inside_status() {
    within(|| {
        let (list, transport, mischief) = caller(At::Status);
        mischief.arm(list);
        let subscriber = transport.1.lock().expect("no panic").take().expect("retained");
        subscriber.notify_status_changed(&"a");
        mischief.assert_done();
    });
}

#[test]
fn from_inside_start_request() {
    within(|| {
        let (list, _, mischief) = caller(At::Start);
        mischief.arm(list.clone());
        list.try_choose(&Request::new()).expect("chosen already").finish(Outcome::Success);
        mischief.assert_done();
    });
}

#[test]
fn from_inside_end_request() {
    within(|| {
        let (list, _, mischief) = caller(At::End);
        let pick = list.try_choose(&Request::new()).expect("a peer");
        mischief.arm(list);
        pick.finish(Outcome::Success);
        mischief.assert_done();
    });
}
