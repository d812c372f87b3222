//! Memory of a list that is fed, while its members come and go. Alone in its process, whose memory it
//! looks at.
#![cfg(feature = "testing")]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use peerage::policy::RoundRobin;
use peerage::sources::{Answer, Source, SourceError, SourceUri, Stop};
use peerage::transports::Always;
use peerage::updaters::Watching;
use peerage::{Attributes, Chooser, Lifecycle, List, ListOptions, Member, PeerList};

#[path = "support/mod.rs"]
mod support;

const ROUNDS: usize = if cfg!(debug_assertions) { 10_000 } else { 100_000 };
/// Of which each name is new once.
const NAMES: usize = 64;
/// What the allocator may keep more of.
const SLACK: usize = 1 << 20;

static AFTER_A_TENTH: AtomicUsize = AtomicUsize::new(0);

/// Five of the names, and the next time one of them another one.
struct Churn(usize);

impl Source for Churn {
    fn name(&self) -> &str {
        "churn"
    }

    fn next(&mut self, _: &Stop) -> Result<Answer, SourceError> {
        self.0 += 1;
        let n = self.0;
        if n == ROUNDS / 10 {
            AFTER_A_TENTH.store(resident(), Ordering::Relaxed);
        }
        let again = if n < ROUNDS { Duration::ZERO } else { Duration::MAX };
        let ids = (n..n + 5).map(|n| Member::new((n % NAMES).to_string(), Attributes::new()));
        Ok(Answer::new(ids).asked_again_in(again))
    }
}

/// Bytes of this process in memory; 0 where that is not told.
fn resident() -> usize {
    let pages = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    pages
        .split(' ')
        .nth(1)
        .and_then(|pages| pages.parse().ok())
        .map_or(0, |pages: usize| pages << 12)
}

#[test]
fn changes_leave_nothing_behind() {
    support::within_time(Duration::from_secs(120), "all changes", || {
        let list = Arc::new(PeerList::new(RoundRobin::new(), Always::new(), ListOptions::new()));
        list.start().unwrap();
        let fed: Arc<dyn List> = list.clone();
        let uri: SourceUri = "static:none".parse().unwrap();
        let updater = Watching::new(fed, Box::new(Churn(0)), uri.options().clone());
        updater.start().unwrap();
        while updater.status().changes as usize != ROUNDS {
            std::thread::yield_now();
        }
        let (before, after) = (AFTER_A_TENTH.load(Ordering::Relaxed), resident());
        println!("{ROUNDS} changes: {before} bytes after a tenth of them, {after} after all");
        assert!(after < before + SLACK, "{before} bytes after a tenth of them, {after} after all");
        assert_eq!(list.stats().peers, 5);
        updater.stop().unwrap();
        assert_eq!(list.stats().peers, 0);
        list.drain(Some(Duration::ZERO)).unwrap();
    });
}
