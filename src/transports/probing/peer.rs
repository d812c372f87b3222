//! What a list sees of a peer, and what the probing thread writes down about it.

use std::sync::Arc;
use std::time::Instant;

use super::attempt::{Finding, Good};
use super::mail::{Mail, Order};
use super::status::{ProbeState, ProbeStatus};
use super::verdict::Judge;
use crate::outcome::Outcome;
use crate::peer::{ConnectionStatus, Identifier, Peer, Status, StatusPeer};
use crate::registry::StatusReporter;
use crate::stats::Check;
use crate::sync::{AtomicBool, Mutex, Ordering};

/// The mail of the thread that probes such peers.
pub(super) type ProbeMail = Mail<ProbedPeer>;

/// A peer. The probing thread alone changes what is thought of it.
#[derive(Debug)]
pub(super) struct ProbedPeer {
    name: Box<str>,
    /// Its number, which no other peer of the transport gets.
    pub(super) key: usize,
    reporter: StatusReporter,
    mail: Arc<ProbeMail>,
    doubts_failures: bool,
    /// A doubt is on its way to the probing thread, or waits there for its probe to begin.
    is_doubted: AtomicBool,
    notes: Mutex<Notes>,
}

#[derive(Debug, Clone)]
struct Notes {
    judge: Judge,
    /// That have ended, and those of them that have failed.
    probes: u64,
    failed: u64,
    last: Option<Finding>,
    since: Instant,
    next: Option<Instant>,
}

impl ProbedPeer {
    pub(super) fn new(
        name: &str,
        key: usize,
        reporter: StatusReporter,
        mail: Arc<ProbeMail>,
        doubts_failures: bool,
    ) -> Self {
        let (since, next) = (Instant::now(), None);
        let notes = Notes { judge: Judge::NEW, probes: 0, failed: 0, last: None, since, next };
        Self {
            name: name.into(),
            key,
            reporter,
            mail,
            doubts_failures,
            is_doubted: AtomicBool::new(false),
            notes: Mutex::new(notes),
        }
    }

    /// Has it probed soon. One order at a time, whatever the number of requests that fail.
    pub(super) fn doubt(&self) {
        // Relaxed: the mail's lock orders what matters.
        if !self.is_doubted.swap(true, Ordering::Relaxed) && !self.mail.post(Order::Doubt(self.key))
        {
            self.settle_doubt();
        }
    }

    /// A doubt from now on is another one.
    pub(super) fn settle_doubt(&self) {
        self.is_doubted.store(false, Ordering::Relaxed);
    }

    /// Writes down what a probe has shown. Returns whether a list is to be told, by
    /// [`tell`](Self::tell).
    pub(super) fn note(&self, judge: Judge, last: Option<Finding>) -> bool {
        let mut notes = self.notes.lock();
        let before = std::mem::replace(&mut notes.judge, judge).state;
        if before != judge.state {
            notes.since = Instant::now();
        }
        if let Some(last) = last {
            notes.probes += u64::from(!matches!(last, Finding::Nothing(_)));
            notes.failed += u64::from(matches!(last, Finding::Bad(_) | Finding::Unreachable(_)));
            notes.last = Some(last);
        }
        status(before) != status(judge.state)
    }

    pub(super) fn note_next(&self, next: Option<Instant>) {
        self.notes.lock().next = next;
    }

    /// Tells the lists that its status has changed: with no lock held.
    pub(super) fn tell(&self) {
        self.reporter.notify();
    }

    pub(super) fn shown(&self) -> ProbeStatus {
        let notes = self.notes.lock().clone();
        let now = Instant::now();
        ProbeStatus {
            identifier: self.name.to_string(),
            state: notes.judge.state,
            streak: notes.judge.streak,
            probes: notes.probes,
            last: notes.last.map_or_else(String::new, words),
            since: now.saturating_duration_since(notes.since),
            next: notes.next.map(|next| next.saturating_duration_since(now)),
        }
    }
}

fn words(finding: Finding) -> String {
    match finding {
        Finding::Good(Good::Connected) => "connected".into(),
        Finding::Good(Good::Status(status)) => format!("status {status}"),
        Finding::Bad(text) | Finding::Unreachable(text) => text,
        Finding::Nothing(text) => format!("no verdict: {text}"),
    }
}

fn status(state: ProbeState) -> ConnectionStatus {
    match state {
        ProbeState::New => ConnectionStatus::Connecting,
        ProbeState::Up | ProbeState::Kept => ConnectionStatus::Available,
        ProbeState::Down => ConnectionStatus::Unavailable,
    }
}

impl Identifier for ProbedPeer {
    fn identifier(&self) -> &str {
        &self.name
    }
}

impl StatusPeer for ProbedPeer {
    fn status(&self) -> Status {
        let state = self.notes.lock().judge.state;
        Status { connection_status: status(state), ..Status::default() }
    }
}

impl Peer for ProbedPeer {
    fn watches_requests(&self) -> bool {
        self.doubts_failures
    }

    fn end_request(&self, outcome: Outcome) {
        if outcome == Outcome::Failure {
            self.doubt();
        }
    }

    fn check(&self) -> Option<Check> {
        let notes = self.notes.lock().clone();
        let (passed, failed) = (notes.probes - notes.failed, notes.failed);
        Some(Check { passed, failed, last: notes.last.map_or_else(String::new, words) })
    }
}
