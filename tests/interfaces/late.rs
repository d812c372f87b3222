//! A caller that is woken after its time is up: it has timed out, and takes no peer.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use peerage::ConnectionStatus::Available;
use peerage::policy::{Key, Nothing, PeerInfo, Serial, SerialPolicy};
use peerage::testing::FakeTransport;
use peerage::{ChooseErrorKind, Chooser, ConnectionStatus, Lifecycle, List, ListOptions};
use peerage::{ListUpdates, Request, Wait};

use crate::support::custom;

/// Has nothing at first. When a waiting caller looks again it wakes that caller, by a peer that
/// becomes available, but only when the time is up; then it has a peer.
#[derive(Debug)]
struct Late {
    transport: Arc<FakeTransport>,
    end: Instant,
    asked: Arc<AtomicUsize>,
    peer: Option<Key>,
}

impl SerialPolicy for Late {
    fn name(&self) -> &'static str {
        "late"
    }

    fn available(&mut self, peer: &PeerInfo<'_>) {
        let peer = peer.key;
        self.peer = Some(peer);
    }

    fn unavailable(&mut self, _: Key) {}

    fn choose(&mut self, _: &Request<'_>) -> Result<Key, Nothing> {
        match self.asked.fetch_add(1, Ordering::Relaxed) {
            0 => Err(Nothing::Excluded),
            1 => {
                while Instant::now() <= self.end {
                    std::thread::yield_now();
                }
                self.transport.set_status("b", Available);
                Err(Nothing::Excluded)
            }
            _ => self.peer.ok_or(Nothing::Unavailable),
        }
    }
}

#[test]
fn a_caller_that_is_woken_too_late_takes_no_peer() {
    let transport = FakeTransport::new();
    let end = Instant::now() + Duration::from_millis(30);
    let asked = Arc::new(AtomicUsize::new(0));
    let policy = Late { transport: transport.clone(), end, asked: Arc::clone(&asked), peer: None };
    let list = custom(Serial::new(policy), transport.clone(), ListOptions::new());
    transport.set_status_quietly("b", ConnectionStatus::Connecting);
    list.start().unwrap();
    list.update(ListUpdates::adding(["a", "b"])).unwrap();

    let error = list.choose(&Request::new(), Wait::until(end)).unwrap_err();
    assert!(matches!(error.kind(), ChooseErrorKind::TimedOut(_)), "{error}");
    assert_eq!(asked.load(Ordering::Relaxed), 2, "it is not asked again");
    // A caller with more time gets it.
    assert!(list.choose(&Request::new(), Wait::default()).is_ok());
}
