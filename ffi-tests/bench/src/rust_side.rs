//! The same in Rust: a list over a transport that does nothing.

use std::sync::Arc;
use std::time::{Duration, Instant};

use peerage::policy::TwoRandomChoices;
use peerage::{
    Chooser, ConnectionStatus, Identifier, Lifecycle, List, ListOptions, ListUpdates, Outcome,
    Peer, PeerList, Request, Status, StatusPeer, Subscriber, Transport, TransportError, Wait,
};

#[derive(Debug)]
struct BenchPeer(Arc<dyn Identifier>);

impl Identifier for BenchPeer {
    fn identifier(&self) -> &str {
        self.0.identifier()
    }
}

impl StatusPeer for BenchPeer {
    fn status(&self) -> Status {
        Status { connection_status: ConnectionStatus::Available, ..Status::default() }
    }
}

impl Peer for BenchPeer {}

struct BenchTransport;

impl Transport for BenchTransport {
    fn retain_peer(
        &self,
        id: &Arc<dyn Identifier>,
        _: Arc<dyn Subscriber>,
    ) -> Result<Arc<dyn Peer>, TransportError> {
        Ok(Arc::new(BenchPeer(Arc::clone(id))))
    }

    fn release_peer(
        &self,
        _: &Arc<dyn Identifier>,
        _: &Arc<dyn Subscriber>,
    ) -> Result<(), TransportError> {
        Ok(())
    }
}

/// A running list.
pub(crate) struct RustSide {
    list: PeerList<TwoRandomChoices>,
}

impl RustSide {
    pub(crate) fn start(peers: usize) -> Self {
        let policy = TwoRandomChoices::new();
        let options = ListOptions::new().with_shuffle(false);
        let list = PeerList::new(policy, Arc::new(BenchTransport), options);
        list.start().expect("nothing to retain yet");
        let name = |n: usize| format!("10.{}.{}.{}:4040", n >> 16 & 255, n >> 8 & 255, n & 255);
        list.update(ListUpdates::adding((0..peers).map(name))).expect("nothing is refused");
        assert_eq!(list.available(), peers);
        Self { list }
    }

    /// Nanoseconds of so many rounds.
    pub(crate) fn choose(&self, way: usize, rounds: u64) -> u64 {
        let list = &self.list;
        let wait = Wait::timeout(Duration::from_secs(1));
        let headers = [("tenant", "blue"), ("x-trace", "0af7651916cd43dd8448eb211c80319c")];
        let (plain, keyed) = (Request::new(), Request::new().with_shard_key("user-4711"));
        let headed = Request::new().with_headers(&headers);
        let begun = Instant::now();
        for _ in 0..rounds {
            let pick = match way {
                0 => list.choose(&plain, wait),
                1 => list.try_choose(&plain),
                2 => list.choose(&keyed, wait),
                3 => list.choose(&headed, wait),
                _ => unreachable!("there are four ways"),
            };
            pick.expect("all are available").finish(Outcome::Success);
        }
        u64::try_from(begun.elapsed().as_nanos()).expect("less than centuries")
    }
}
