//! A net on which a connection takes a while, and the callers of a chooser on it.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use peerage::testing::FakeTransport;
use peerage::{
    ChooseErrorKind, Chooser, ConnectionStatus, Direct, DirectOptions, Lifecycle, ListOptions,
    Outcome, Wait,
};

use super::named;

/// More than enough for all callers of a test together, on a busy machine.
pub(super) const LIMIT: Duration = Duration::from_secs(60);

/// A chooser whose peers connect a while after they are retained, and not at all if they are
/// released before.
pub(super) struct Net {
    pub(super) chooser: Arc<Direct>,
    pub(super) transport: Arc<FakeTransport>,
    began: Instant,
}

/// How long a caller is expected back: the table of `choosers/direct.rs`.
const EXPECTED: Duration = Duration::from_secs(5);

impl Net {
    /// `None`: they never connect.
    pub(super) fn new(keep: usize, connects_in: Option<Duration>) -> Self {
        let transport = FakeTransport::with_initial_status(ConnectionStatus::Unavailable);
        let (attempt, attempts) = mpsc::channel::<(Instant, String)>();
        let attempt = Mutex::new(attempt);
        let net = Arc::downgrade(&transport);
        transport.on_retain(move |id, _| {
            if let (Some(net), Some(time)) = (net.upgrade(), connects_in) {
                net.set_status_quietly(id, ConnectionStatus::Connecting);
                let _ = attempt.lock().unwrap().send((Instant::now() + time, id.to_owned()));
            }
        });
        let net = Arc::downgrade(&transport);
        transport.on_release(move |id, _| {
            if let Some(net) = net.upgrade() {
                net.set_status_quietly(id, ConnectionStatus::Unavailable);
            }
        });
        let net = Arc::downgrade(&transport);
        thread::spawn(move || {
            for (at, id) in attempts {
                thread::sleep(at.saturating_duration_since(Instant::now()));
                let Some(net) = net.upgrade() else { return };
                if !net.subscribers(&id).is_empty() {
                    net.set_status(&id, ConnectionStatus::Available);
                }
            }
        });
        let list = ListOptions::new().with_default_timeout(LIMIT);
        let options = DirectOptions::new().with_keep(keep).with_list(list);
        let chooser = Arc::new(Direct::new(transport.clone(), options));
        chooser.start().unwrap();
        Self { chooser, transport, began: Instant::now() }
    }

    /// How often a peer was retained.
    pub(super) fn attempts(&self) -> usize {
        self.transport.retains().len()
    }

    /// There was one attempt for each of so many names. On a machine so busy that a caller may have
    /// been away for longer than it is expected back, there may have been more.
    #[track_caller]
    pub(super) fn assert_attempts(&self, names: usize) {
        let attempts = self.attempts();
        let late = self.began.elapsed() >= EXPECTED;
        assert!(attempts == names || late && attempts > names, "{attempts} for {names} names");
    }

    /// A choice that waits, on a thread of its own.
    pub(super) fn blocked(&self, name: String) -> thread::JoinHandle<()> {
        let chooser = Arc::clone(&self.chooser);
        let choose = move || {
            let pick = chooser.choose(&named(&name), Wait::default()).unwrap();
            assert_eq!(pick.identifier(), name);
            pick.finish(Outcome::Success);
        };
        thread::Builder::new().stack_size(256 << 10).spawn(choose).unwrap()
    }
}

impl Net {
    /// A choice that waits until it has its peer or the chooser stops.
    pub(super) fn blocked_in_vain(&self, name: &str) -> thread::JoinHandle<()> {
        let (chooser, name) = (Arc::clone(&self.chooser), name.to_owned());
        thread::spawn(move || match chooser.choose(&named(&name), Wait::forever()) {
            Ok(pick) => pick.finish(Outcome::Success),
            Err(error) => assert_eq!(error.kind(), ChooseErrorKind::Stopped),
        })
    }
}

/// One thread that serves many callers by trying and asking for notices.
pub(super) struct EventLoop {
    ready: Sender<String>,
    readies: Receiver<String>,
    pub(super) notices: Arc<AtomicUsize>,
}

impl EventLoop {
    pub(super) fn new() -> Self {
        let (ready, readies) = mpsc::channel();
        Self { ready, readies, notices: Arc::new(AtomicUsize::new(0)) }
    }

    /// Asks for a notice, which makes the caller's turn come.
    pub(super) fn ask(&self, chooser: &Direct, name: &str) {
        let (ready, notices, own) = (self.ready.clone(), self.notices.clone(), name.to_owned());
        let notice = move |_| {
            notices.fetch_add(1, Ordering::SeqCst);
            let _ = ready.send(own);
        };
        chooser.notify_ready(&named(name), Box::new(notice));
    }

    /// Serves the caller whose turn it is: its request, or its next notice. Returns whether it got
    /// its peer.
    pub(super) fn turn(&self, chooser: &Direct) -> bool {
        let name = self.readies.recv_timeout(LIMIT).expect("a caller's turn comes");
        let chosen = chooser.try_choose(&named(&name));
        match chosen {
            Ok(pick) => pick.finish(Outcome::Success),
            Err(_) => {
                self.ask(chooser, &name);
                return false;
            }
        }
        true
    }

    /// Serves so many callers.
    pub(super) fn serve(&self, chooser: &Direct, callers: usize) {
        let mut served = 0;
        while served < callers {
            served += usize::from(self.turn(chooser));
        }
    }

    pub(super) fn notices(&self) -> usize {
        self.notices.load(Ordering::SeqCst)
    }
}

/// Callers that only try, each again and again, until each has had its peer.
pub(super) fn poll(chooser: &Direct, names: &[String]) {
    let mut waiting: VecDeque<&String> = names.iter().collect();
    while let Some(name) = waiting.pop_front() {
        match chooser.try_choose(&named(name)) {
            Ok(pick) => pick.finish(Outcome::Success),
            Err(_) => waiting.push_back(name),
        }
    }
}

pub(super) fn names(count: usize) -> Vec<String> {
    (0..count).map(|n| format!("10.0.{}.{}:80", n / 256, n % 256)).collect()
}
