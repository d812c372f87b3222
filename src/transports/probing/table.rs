//! Who is due when.
//!
//! A tree of moments: 10,000 peers a second are 20,000 changes of a tree of 10,000, which is nothing
//! beside their system calls, and each peer is in it once, so it needs no wheel and keeps no stale
//! entries.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use crate::rng::Rng;

/// Moments and the keys of peers; whoever is due first is first.
#[derive(Debug, Default)]
pub(super) struct Table {
    due: BTreeSet<(Instant, usize)>,
}

impl Table {
    pub(super) fn put(&mut self, at: Instant, key: usize) {
        self.due.insert((at, key));
    }

    pub(super) fn remove(&mut self, at: Instant, key: usize) {
        self.due.remove(&(at, key));
    }

    pub(super) fn first(&self) -> Option<Instant> {
        self.due.first().map(|(at, _)| *at)
    }

    /// Takes out the first that is due by now.
    pub(super) fn pop(&mut self, now: Instant) -> Option<(Instant, usize)> {
        let (at, _) = *self.due.first()?;
        if at > now { None } else { self.due.pop_first() }
    }
}

/// The moment after `due` at which the next probe begins.
///
/// It is counted from when this one was due and not from when it began, and moments that have passed
/// are skipped and not made up for: so peers keep the phases that they were spread to.
pub(super) fn after(due: Instant, pause: Duration, now: Instant) -> Instant {
    let next = due + pause;
    if next > now {
        return next;
    }
    let (late, pause) = ((now - next).as_nanos(), pause.as_nanos().max(1));
    now + nanos(pause - late % pause)
}

/// `pause`, longer or shorter by up to so many percent.
pub(super) fn jittered(pause: Duration, percent: u8, rng: &Rng) -> Duration {
    let whole = pause.as_nanos();
    let width = whole * u128::from(percent) / 100;
    nanos(whole - width + part(2 * width, rng)).max(Duration::from_micros(100))
}

/// Any part of `pause`, for a first one.
pub(super) fn spread(pause: Duration, rng: &Rng) -> Duration {
    nanos(part(pause.as_nanos(), rng)).max(Duration::from_micros(100))
}

/// A number up to `most`, which is less than 2⁶⁴.
fn part(most: u128, rng: &Rng) -> u128 {
    (most * u128::from(rng.next())) >> 64
}

/// A day has less than 2⁴⁷ nanoseconds.
fn nanos(nanos: u128) -> Duration {
    Duration::from_nanos(nanos as u64)
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);

    #[test]
    fn those_that_are_due_come_in_order() {
        let (mut table, now) = (Table::default(), Instant::now());
        for (at, key) in [(3, 1), (1, 2), (2, 3), (9, 4), (1, 0)] {
            table.put(now + at * MS, key);
        }
        table.remove(now + 2 * MS, 3);
        assert_eq!(table.first(), Some(now + MS));
        let due: Vec<_> = std::iter::from_fn(|| table.pop(now + 3 * MS)).collect();
        assert_eq!(due, [(now + MS, 0), (now + MS, 2), (now + 3 * MS, 1)]);
        assert_eq!(table.pop(now + 8 * MS), None);
    }

    #[test]
    fn what_was_missed_is_skipped_and_the_phase_stays() {
        let due = Instant::now();
        for (pause, passed, next) in [
            (10, 0, 10),
            (10, 9, 10),
            (10, 10, 20),
            (10, 11, 20),
            (10, 1234, 1240),
            (7, 7000, 7007),
        ] {
            let found = after(due, pause * MS, due + passed * MS);
            assert_eq!(found, due + next * MS, "{pause} {passed}");
        }
    }

    #[test]
    fn jitter_stays_within_its_percentage_and_reaches_both_ends() {
        let (rng, second) = (Rng::seeded(3), Duration::from_secs(1));
        let drawn: Vec<_> = (0..1000).map(|_| jittered(second, 10, &rng)).collect();
        assert!(drawn.iter().all(|time| (900 * MS..=1100 * MS).contains(time)));
        assert!(drawn.iter().any(|time| *time < 920 * MS));
        assert!(drawn.iter().any(|time| *time > 1080 * MS));
        assert_eq!(jittered(second, 0, &rng), second);
        assert!(jittered(Duration::from_secs(86_400), 100, &rng) <= Duration::from_secs(172_800));
        let spread: Vec<_> = (0..1000).map(|_| spread(second, &rng)).collect();
        for tenth in 0..10 {
            let within = tenth * 100 * MS..(tenth + 1) * 100 * MS;
            let count = spread.iter().filter(|time| within.contains(*time)).count();
            assert!((50..200).contains(&count), "{tenth}: {count}");
        }
    }
}
