//! What must hold when the requests pause, and at the end.

use crate::clients::{ChooserSaid, MISSED, OUTCOMES, Said};
use crate::processes::Held;
use crate::setup::Language;

/// What was asked, and what was wrong.
#[derive(Default)]
pub(crate) struct Checks {
    pub(crate) made: usize,
    pub(crate) failed: Vec<String>,
}

/// By how much more a client may hold in the end than after the first part, and why.
pub(crate) struct Slack {
    pub(crate) memory_kib: u64,
    pub(crate) threads: u64,
    pub(crate) descriptors: u64,
}

/// Requests are paused and connections closed when it is measured, and what was freed is given back, so that
/// nothing remains but this:
///
/// * Memory: an allocator gives back whole pages, and a peer that is long-lived may keep one from that. In
///   Go, goroutines and what they had on their stacks are collected at moments of the collector's own.
/// * Threads: none, but in Go. Its runtime starts one where a goroutine is in C or in the system, and never
///   ends one: there are more when more are there at once, up to a thread for each of the client's threads.
/// * Descriptors: none.
pub(crate) fn slack(language: Language, threads: u64) -> Slack {
    match language {
        Language::Go => Slack { memory_kib: 6 << 10, threads, descriptors: 0 },
        _ => Slack { memory_kib: 1 << 10, threads: 0, descriptors: 0 },
    }
}

impl Checks {
    fn that(&mut self, holds: bool, otherwise: impl FnOnce() -> String) {
        self.made += 1;
        if !holds {
            self.failed.push(otherwise());
        }
    }

    fn equal(&mut self, what: &str, has: u64, should: u64, which: &str) {
        self.that(has == should, || format!("{what}: {has}, but {which}: {should}"));
    }

    /// Every request has an end, and every count one that it agrees with.
    pub(crate) fn balance(&mut self, language: Language, said: &Said, answered: u64) {
        for chooser in &said.choosers {
            self.chooser(&format!("{language} {}", chooser.name), chooser);
        }
        let successes = said.outcomes()[0];
        self.that(answered >= successes, || {
            format!("{language}: the servers answered {answered}, but the client got {successes}")
        });
        let picks = said.picks();
        self.that(answered <= picks, || {
            format!(
                "{language}: the servers answered {answered}, but the client sent {picks} at most"
            )
        });
        self.that(successes > 0, || format!("{language}: no request went well"));
    }

    fn chooser(&mut self, who: &str, said: &ChooserSaid) {
        let stats = &said.stats;
        let ended: u64 = said.outcomes.iter().sum();
        self.equal(&format!("{who}: requests in flight"), stats.pending, 0, "none is sent");
        self.equal(&format!("{who}: callers that wait"), stats.waiting, 0, "none calls");
        let peers = "they have no requests";
        self.equal(&format!("{who}: peers not released"), stats.departing, 0, peers);
        self.equal(&format!("{who}: their requests"), stats.departing_pending, 0, peers);
        self.equal(&format!("{who}: picks"), said.picks, ended, "picks that were finished");
        if let Some(requests) = stats.requests {
            let what = format!("{who}: requests by the library");
            self.equal(&what, requests, said.picks, "picks by the client");
        }
        let kinds = OUTCOMES.iter().zip(stats.outcomes.into_iter().flatten()).zip(said.outcomes);
        for ((kind, library), client) in kinds {
            let what = format!("{who}: {kind} by the library");
            self.equal(&what, library, client, "by the client");
        }
        let kinds = MISSED.iter().zip(stats.missed.into_iter().flatten()).zip(said.missed);
        for ((kind, library), client) in kinds {
            let what = format!("{who}: choices in vain, {kind}, by the library");
            self.equal(&what, library, client, "by the client");
        }
    }

    /// What a client holds is what it held.
    pub(crate) fn held(&mut self, language: Language, first: Held, end: Held, slack: &Slack) {
        let mut within = |what: &str, first: u64, end: u64, slack: u64| {
            self.that(end <= first + slack, || {
                format!("{language}: {what}: {end} in the end, but {first} after the first part (+ {slack})")
            });
        };
        within("KiB of memory", first.memory, end.memory, slack.memory_kib);
        within("threads", first.threads, end.threads, slack.threads);
        within("descriptors", first.descriptors, end.descriptors, slack.descriptors);
    }

    /// Every server has answered since, all clients together: what was taken out is back.
    pub(crate) fn serving(&mut self, before: &[u64], now: &[u64]) {
        for (server, (before, now)) in before.iter().zip(now).enumerate() {
            self.that(now > before, || {
                format!("server {server} has answered {now} requests, and {before} when all was well again")
            });
        }
    }

    /// The run has shown something: requests failed.
    pub(crate) fn trouble(&mut self, said: &[Said], faults: usize) {
        let failures: u64 = said.iter().map(|said| said.outcomes()[1]).sum();
        self.that(faults == 0 || failures > 0, || {
            format!("no request failed, but {faults} faults were there")
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clients::Stats;

    fn chooser() -> ChooserSaid {
        let stats = Stats {
            pending: 0,
            waiting: 0,
            departing: 0,
            departing_pending: 0,
            requests: Some(10),
            outcomes: Some([7, 1, 1, 1, 0, 0]),
            missed: Some([0, 2, 0, 0]),
        };
        let (outcomes, missed) = ([7, 1, 1, 1, 0, 0], [0, 2, 0, 0]);
        ChooserSaid { name: "users".to_owned(), picks: 10, outcomes, missed, stats }
    }

    #[track_caller]
    fn fails(change: impl FnOnce(&mut ChooserSaid), with: &str) {
        let mut said = chooser();
        change(&mut said);
        let mut checks = Checks::default();
        checks.chooser("go users", &said);
        assert_eq!(checks.failed, [format!("go users: {with}")]);
    }

    #[test]
    fn what_balances_passes() {
        let mut checks = Checks::default();
        checks.chooser("go users", &chooser());
        assert_eq!((checks.made, checks.failed.len()), (16, 0));
    }

    #[test]
    fn each_number_that_is_off_is_told_with_the_other() {
        fails(|said| said.stats.pending = 1, "requests in flight: 1, but none is sent: 0");
        fails(|said| said.stats.waiting = 2, "callers that wait: 2, but none calls: 0");
        fails(
            |said| said.stats.requests = Some(11),
            "requests by the library: 11, but picks by the client: 10",
        );
        fails(
            |said| said.stats.missed = Some([0, 3, 0, 0]),
            "choices in vain, timed out, by the library: 3, but by the client: 2",
        );
    }

    #[test]
    fn what_is_held_has_slack_and_no_more() {
        let first = Held { memory: 5_000, threads: 10, descriptors: 20 };
        let slack = Slack { memory_kib: 100, threads: 0, descriptors: 1 };
        let check = |end| {
            let mut checks = Checks::default();
            checks.held(Language::C, first, end, &slack);
            checks.failed
        };
        let full = Held { memory: 5_100, threads: 10, descriptors: 21 };
        assert!(check(full).is_empty());
        assert_eq!(check(Held { memory: 5_101, ..full }).len(), 1);
        let more = check(Held { threads: 11, ..full });
        assert_eq!(more, ["c: threads: 11 in the end, but 10 after the first part (+ 0)"]);
    }
}
