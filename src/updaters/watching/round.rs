//! Asks the source once, and does what its answer demands.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::counts::Counts;
use super::feed::{Change, Feed};
use super::snapshot;
use crate::backoff::Backoff;
use crate::events::{Event, SourceNews};
use crate::member::Member;
use crate::panics;
use crate::sources::{Answer, Source, SourceError, SourceOptions, Stop};
use crate::sync::Mutex;

/// How many faults of one answer are told.
const MOST_FAULTS: usize = 20;
/// How many bytes of what a source says are told: it may quote what it was answered.
const MOST_BYTES: usize = 1_000;

pub(super) struct Round {
    pub(super) source: Box<dyn Source>,
    name: String,
    pub(super) feed: Arc<Feed>,
    pub(super) stop: Stop,
    pub(super) counts: Arc<Mutex<Counts>>,
    pub(super) options: SourceOptions,
    pub(super) backoff: Backoff,
    /// The same for peers that the list refuses.
    refused: Backoff,
}

impl Round {
    pub(super) fn new(
        source: Box<dyn Source>,
        feed: &Arc<Feed>,
        stop: &Stop,
        counts: &Arc<Mutex<Counts>>,
        options: SourceOptions,
    ) -> Self {
        let backoff = || Backoff::new(options.backoff, options.max_backoff);
        let (backoff, refused) = (backoff(), backoff());
        let (feed, stop, counts) = (Arc::clone(feed), stop.clone(), Arc::clone(counts));
        let name = source.name().to_owned();
        Self { source, name, feed, stop, counts, options, backoff, refused }
    }

    /// Asks until it is stopped, the first time after a pause.
    pub(super) fn run(mut self, mut pause: Duration) {
        while self.stop.pause(pause) {
            pause = self.ask();
        }
    }

    /// Asks once. Returns how long to wait before the next time.
    pub(super) fn ask(&mut self) -> Duration {
        self.counts.lock().status.attempts += 1;
        self.tell(SourceNews::Attempt);
        let answer = panics::fallible("the source", || self.source.next(&self.stop));
        if self.stop.is_stopped() {
            return Duration::ZERO;
        }
        match answer.and_then(Self::readable) {
            Ok(answer) => {
                self.backoff.reset();
                self.answered(answer)
            }
            Err(error) => self.failed(&shortened(error.to_string())),
        }
    }

    /// An answer of which nothing at all can be read is none.
    fn readable(answer: Answer) -> Result<Answer, SourceError> {
        match answer.faults.first() {
            Some(first) if answer.peers.is_empty() => {
                let others = answer.faults.len() - 1;
                Err(format!("none of it is a peer: {first}, and {others} more like this").into())
            }
            _ => Ok(answer),
        }
    }

    fn answered(&mut self, answer: Answer) -> Duration {
        let again = answer.again.unwrap_or(Duration::ZERO);
        self.unreadable(&answer.faults);
        if answer.peers.is_empty() && !self.options.allow_empty {
            self.count(|counts| counts.status.empties += 1);
            self.tell(SourceNews::Empty { kept: self.feed.len() });
            self.use_snapshot();
            return again;
        }
        let peers = answer.peers.len();
        let Some(change) = self.feed.apply(answer.peers) else { return again };
        let again = self.after_refusals(again);
        let kept = self.feed.len();
        self.count(|counts| {
            counts.status.peers = kept;
            counts.status.successes += 1;
            counts.status.is_snapshot = false;
            counts.answered = Some(Instant::now());
        });
        self.tell(SourceNews::Success { peers });
        self.changed(change);
        again
    }

    /// When to ask again, if the list has refused a part: sooner than a source may want that never changes.
    fn after_refusals(&mut self, again: Duration) -> Duration {
        if !self.feed.is_partial() {
            self.refused.reset();
            return again;
        }
        again.min(self.refused.next())
    }

    /// Tells of what cannot be read: not of each line, if none of a long file can be.
    fn unreadable(&self, faults: &[String]) {
        let (first, others) = faults.split_at(faults.len().min(MOST_FAULTS));
        for fault in first {
            self.tell(SourceNews::Unreadable { fault: &shortened(fault.clone()) });
        }
        if !others.is_empty() {
            let fault = format!("{} more like this", others.len());
            self.tell(SourceNews::Unreadable { fault: &fault });
        }
    }

    fn changed(&self, Change { additions, removals }: Change) {
        if additions + removals == 0 {
            return;
        }
        let known = self.feed.known();
        self.counts.lock().status.changes += 1;
        self.tell(SourceNews::Changed { additions, removals, peers: known.len() });
        let Some(path) = &self.options.snapshot else { return };
        if let Err(error) = snapshot::write(path, &self.name, &known) {
            let fault = format!("its snapshot {path:?} is not written: {error}");
            self.tell(SourceNews::Unreadable { fault: &fault });
        }
    }

    fn failed(&mut self, error: &str) -> Duration {
        let again = self.backoff.next();
        if self.source.paces_itself() {
            self.backoff.reset();
        }
        {
            let mut counts = self.counts.lock();
            counts.status.failures += 1;
            counts.status.error = Some(error.to_owned());
        }
        self.tell(SourceNews::Failure { error, again, kept: self.feed.len() });
        self.use_snapshot();
        again
    }

    /// Uses the set of an earlier run until the source answers, if it has not yet.
    fn use_snapshot(&self) {
        let Some(path) = &self.options.snapshot else { return };
        let has_peers = {
            let counts = self.counts.lock();
            counts.answered.is_some() || counts.status.is_snapshot
        };
        if has_peers {
            return;
        }
        let path_text = path.display().to_string();
        match snapshot::read(path) {
            Ok(Answer { peers, faults, .. }) => {
                // Of an earlier run that had no peers there is nothing to use.
                if !peers.is_empty() {
                    self.take_snapshot(&path_text, peers);
                }
                self.unreadable(&faults);
            }
            Err(error) => {
                let fault = format!("its snapshot {path_text:?} is of no use: {error}");
                self.tell(SourceNews::Unreadable { fault: &fault });
            }
        }
    }

    fn take_snapshot(&self, path: &str, peers: Vec<Member>) {
        let count = peers.len();
        if self.feed.apply(peers).is_some() {
            let kept = self.feed.len();
            {
                let mut counts = self.counts.lock();
                counts.status.peers = kept;
                counts.status.is_snapshot = true;
            }
            self.tell(SourceNews::Snapshot { path, peers: count });
        }
    }

    /// Counts an answer.
    fn count(&self, count: impl FnOnce(&mut Counts)) {
        let mut counts = self.counts.lock();
        counts.status.error = None;
        count(&mut counts);
    }

    fn tell(&self, news: SourceNews<'_>) {
        let age = self.counts.lock().age();
        self.feed.tell(&Event::Source { source: &self.name, news, age });
    }
}

/// The beginning of a text that is too long for a log.
fn shortened(mut text: String) -> String {
    if text.len() > MOST_BYTES {
        let end = (0..=MOST_BYTES).rfind(|end| text.is_char_boundary(*end));
        text.truncate(end.unwrap_or_default());
        text.push_str("...");
    }
    text
}
