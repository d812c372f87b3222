//! What happened when, and how long callers waited: the scenario's own steps, and what the list
//! tells its observer.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use parking_lot::Mutex;
use peerage::{ConnectionStatus, Event, Observer};

pub(crate) struct Timeline {
    begun: Instant,
    names: Mutex<HashMap<String, String>>,
    entries: Mutex<Vec<(Duration, String)>>,
    waits: Mutex<Waits>,
    /// Changes of status are of interest between the first step and the end.
    eventful: AtomicBool,
}

#[derive(Clone, Copy, Default)]
pub(crate) struct Waits {
    pub(crate) served: u64,
    pub(crate) timed_out: u64,
    pub(crate) total: Duration,
    pub(crate) longest: Duration,
}

impl Timeline {
    pub(crate) fn new() -> Self {
        let (names, entries, waits, eventful) = Default::default();
        Self { begun: Instant::now(), names, entries, waits, eventful }
    }

    /// The time since the beginning.
    pub(crate) fn now(&self) -> Duration {
        self.begun.elapsed()
    }

    /// Tells the name of a peer.
    pub(crate) fn name(&self, peer: String, name: &str) {
        self.names.lock().insert(peer, name.to_owned());
    }

    pub(crate) fn note(&self, what: String) {
        let at = self.now();
        self.entries.lock().push((at, what));
    }

    /// Whether changes of status are noted.
    pub(crate) fn watch(&self, eventful: bool) {
        self.eventful.store(eventful, Ordering::Release);
    }

    /// All entries, in the order of time.
    pub(crate) fn entries(&self) -> Vec<(Duration, String)> {
        let mut entries = self.entries.lock().clone();
        entries.sort_by_key(|(at, _)| *at);
        entries
    }

    pub(crate) fn waits(&self) -> Waits {
        *self.waits.lock()
    }

    fn status_changed(&self, peer: &str, from: ConnectionStatus, to: ConnectionStatus) {
        let concerns_choices =
            (from == ConnectionStatus::Available) != (to == ConnectionStatus::Available);
        if concerns_choices && self.eventful.load(Ordering::Acquire) {
            let name = self.names.lock().get(peer).cloned();
            let name = name.unwrap_or_else(|| peer.to_owned());
            self.note(format!("  the list sees {name} go from {from} to {to}"));
        }
    }
}

impl Observer for Timeline {
    fn observe(&self, _: &str, event: &Event<'_>) {
        match *event {
            Event::StatusChanged { peer, from, to } => self.status_changed(peer, from, to),
            Event::Waited { waited } => {
                let mut waits = self.waits.lock();
                waits.served += 1;
                waits.total += waited;
                waits.longest = waits.longest.max(waited);
            }
            Event::TimedOut { waited } => {
                let mut waits = self.waits.lock();
                waits.timed_out += 1;
                waits.total += waited;
                waits.longest = waits.longest.max(waited);
            }
            Event::ReleaseFailed { failure } => self.note(format!("  {failure}")),
            Event::Panicked { what, message } => self.note(format!("  {what}: {message}")),
            _ => {}
        }
    }
}
