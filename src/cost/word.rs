//! What is known of one peer.
//!
//! ```text
//!  bits  0..16  latency   a logarithm; 0 = unknown                      (`log.rs`)
//!  bits 16..24  failures  the share of requests that failed, in 1/256
//!  bits 24..40  reported  requests in flight as the peer says, in 1/256
//!  bits 40..64  stamp     when it was written                           (`tick.rs`)
//! ```
//!
//! Each number is a mean that new samples move towards themselves: a failure or a success by 1/16, a
//! report by 0.3, a latency by 1/8 at most, and by less the shorter it is since the last one, so that
//! a mean goes back about a second however many requests there are. Failures are halved every 10 s,
//! latencies lose a factor e in 10 s, both as read: a peer that gets no requests is forgotten, and
//! tried again.

use std::f64::consts::LOG2_E;

use super::log::{DOUBLING, Log};
use super::tick::{PER_SECOND, Tick};

const FAILURES: u32 = 16;
const REPORTED: u32 = 24;
const STAMP: u32 = 40;

/// In how many ticks failures are halved.
const HALF: u32 = 10 * PER_SECOND;
/// What a latency loses in 16 ticks, in units: log₂ e doublings in 10 s.
const FADE_16: u32 = (16.0 * LOG2_E * DOUBLING as f64 / (10.0 * PER_SECOND as f64)) as u32;

/// What is known of one peer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct CostWord(pub(crate) u64);

/// What is heard of a peer when a request of it ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Heard {
    /// Whether it failed; `None`: it says nothing of the peer.
    pub(crate) failed: Option<bool>,
    pub(crate) nanos: Option<u64>,
    pub(crate) in_flight: Option<u32>,
}

impl CostWord {
    #[inline]
    pub(crate) fn latency(self) -> Log {
        Log(self.0 as u16)
    }

    /// In 1/256.
    #[inline]
    pub(crate) fn failures(self) -> u32 {
        (self.0 >> FAILURES) as u32 & 0xff
    }

    /// In 1/256.
    #[inline]
    pub(crate) fn reported(self) -> u32 {
        (self.0 >> REPORTED) as u32 & 0xffff
    }

    #[inline]
    fn stamp(self) -> Tick {
        Tick((self.0 >> STAMP) as u32)
    }

    /// Whether it was written in this tick, and no failure is known.
    #[inline]
    pub(crate) fn is_quiet_since(self, now: Tick) -> bool {
        self.stamp().0 == now.short() && self.failures() == 0
    }

    fn of(latency: Log, failures: u32, reported: u32, stamp: Tick) -> Self {
        Self(
            u64::from(latency.0)
                | u64::from(failures) << FAILURES
                | u64::from(reported) << REPORTED
                | u64::from(stamp.short()) << STAMP,
        )
    }

    /// The latency as it is worth now.
    #[inline]
    pub(crate) fn latency_at(self, now: Tick) -> Log {
        self.latency().faded(now.since(self.stamp()).saturating_mul(FADE_16) / 16)
    }

    /// The failures as they are worth now.
    #[inline]
    pub(crate) fn failures_at(self, now: Tick) -> u32 {
        let failures = self.failures();
        if failures == 0 { 0 } else { halved(failures, now.since(self.stamp())) }
    }

    /// What is known after a request has ended.
    #[inline]
    pub(crate) fn after(self, heard: &Heard, now: Tick) -> Self {
        // Nearly always there are none, and there will be none.
        let none = self.failures() == 0 && heard.failed != Some(true);
        let failures = if none { 0 } else { self.failures_after(heard.failed, now) };
        let latency = match heard.nanos {
            Some(nanos) => self.latency_with(nanos, now),
            None => self.latency_at(now),
        };
        let reported = match heard.in_flight {
            Some(in_flight) => mean_of(self.reported(), in_flight),
            None => self.reported(),
        };
        Self::of(latency, failures, reported, now)
    }

    #[cold]
    fn failures_after(self, failed: Option<bool>, now: Tick) -> u32 {
        match (self.failures_at(now), failed) {
            (failures, None) => failures,
            (failures, Some(true)) => failures + (255 - failures).div_ceil(16),
            // By 1 at least, or the last few would stay for ever.
            (failures, Some(false)) => failures - (failures / 16).max(1).min(failures),
        }
    }

    /// A sample moves the latency as it was noted, not as it has faded: a slow peer that was left
    /// alone, and is as slow as ever, is known for it at once.
    #[inline]
    fn latency_with(self, nanos: u64, now: Tick) -> Log {
        let (known, sample) = (self.latency(), Log::of_nanos(nanos));
        if !known.is_known() {
            return sample;
        }
        let shift = match now.since(self.stamp()) {
            // Within a tick one in 16 is heard of: see `Learner::may_skip`.
            0 | 1 => 4,
            _ => 3,
        };
        known.towards(sample, shift, nanos)
    }
}

#[cold]
fn halved(failures: u32, ticks: u32) -> u32 {
    let (halves, rest) = (ticks / HALF, ticks % HALF);
    let halved = failures.checked_shr(halves).unwrap_or(0);
    // Between halvings a straight line.
    halved - halved * rest / (2 * HALF)
}

/// 3/10 of the way from a mean, in 1/256, to a count.
fn mean_of(mean: u32, count: u32) -> u32 {
    let sample = count.min(255) << 8;
    let step = (sample as i32 - mean as i32) * 77 / 256;
    mean.saturating_add_signed(step).min(0xffff)
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    const START: Tick = Tick(1_000);

    fn ended(failed: bool) -> Heard {
        Heard { failed: Some(failed), ..Heard::default() }
    }

    fn took(nanos: u64) -> Heard {
        Heard { failed: Some(false), nanos: Some(nanos), ..Heard::default() }
    }

    #[test]
    fn one_failure_is_a_sixteenth_and_successes_forget_it() {
        let mut word = CostWord::default().after(&ended(true), START);
        assert_eq!(word.failures(), 16);
        for _ in 0..16 {
            word = word.after(&ended(false), START);
        }
        assert_eq!(word.failures(), 0);
        for _ in 0..200 {
            word = word.after(&ended(true), START);
        }
        assert_eq!(word.failures(), 255, "all of them");
    }

    #[test]
    #[cfg_attr(miri, ignore = "many numbers and nothing unsafe")]
    fn a_share_of_failures_is_found() {
        for percent in [5, 20, 50, 90] {
            let (mut word, mut sum) = (CostWord::default(), 0);
            for n in 0..4_000_u32 {
                word = word.after(&ended(n * 37 % 100 < percent), START);
                sum += if n < 2_000 { 0 } else { word.failures() };
            }
            let found = f64::from(sum) / 2_000.0 / 256.0 * 100.0;
            assert!((found - f64::from(percent)).abs() < 4.0, "{percent} % seemed {found} %");
        }
    }

    #[test]
    fn failures_halve_in_ten_seconds_and_latencies_lose_a_factor_e() {
        let mut word = CostWord::default().after(&took(1 << 30), START);
        for _ in 0..200 {
            word = word.after(&ended(true), START);
        }
        let later = Tick(START.0 + 10 * PER_SECOND);
        assert_eq!(word.failures_at(later), 127);
        // A straight line between: a quarter less after half the time.
        let seconds = |seconds: u32| Tick(START.0 + seconds * PER_SECOND);
        assert_eq!([5, 15].map(|n| word.failures_at(seconds(n))), [192, 96]);
        let ratio = word.latency().ratio(word.latency_at(later));
        assert!((2.5..2.9).contains(&ratio), "{ratio}");
        assert_eq!(word.failures_at(Tick(START.0 + 1_000 * PER_SECOND)), 0);
        assert_eq!(word.latency_at(Tick(START.0 + 100_000 * PER_SECOND)), Log(1), "known");
    }

    #[test]
    fn a_latency_follows_its_samples_and_a_lull_does_not_hide_a_slow_peer() {
        let mut word = CostWord::default();
        for n in 0..100 {
            word = word.after(&took(1_000_000 + n), Tick(START.0 + n as u32));
        }
        let before = word.latency();
        let much_later = Tick(START.0 + 1_000);
        assert!(word.latency_at(much_later) < before);
        let after = word.after(&took(1_000_000), much_later).latency_at(much_later);
        assert!(after.ratio(before) > 0.98, "the sample says that nothing has changed");
        // A request that fails says nothing of the latency, which stays as faded as it was.
        let failed = word.after(&ended(true), much_later);
        assert_eq!(failed.latency_at(much_later), word.latency_at(much_later));
    }

    #[test]
    fn the_first_sample_is_all_and_another_a_sixteenth_or_an_eighth() {
        let word = CostWord::default().after(&took(1 << 20), START);
        let first = word.latency();
        assert_eq!(first, Log::of_nanos(1 << 20));
        let moved = |ticks| word.after(&took(1 << 21), Tick(START.0 + ticks)).latency().0 - first.0;
        assert_eq!([0, 1, 2, 100].map(moved), [64, 64, 128, 128], "of 1,024");
    }

    #[test]
    fn a_peer_is_quiet_in_its_tick_until_it_fails() {
        let quiet = CostWord::default().after(&ended(false), START);
        assert!(quiet.is_quiet_since(START));
        assert!(!quiet.is_quiet_since(Tick(START.0 + 1)));
        let failing = quiet.after(&ended(true), START);
        assert!(!failing.is_quiet_since(START) && !failing.is_quiet_since(Tick(0)));
    }

    #[test]
    fn reports_are_averaged_and_bounded() {
        let mut word = CostWord::default();
        let once = word.after(&Heard { in_flight: Some(10), ..Heard::default() }, START);
        assert_eq!(once.reported(), 770, "three tenths of the way, give or take a hundredth");
        for _ in 0..40 {
            word = word.after(&Heard { in_flight: Some(7), ..Heard::default() }, START);
        }
        assert!((6 * 256 + 250..=7 * 256).contains(&word.reported()), "{}", word.reported());
        for _ in 0..60 {
            word = word.after(&Heard { in_flight: Some(u32::MAX), ..Heard::default() }, START);
        }
        assert!(word.reported() >= 254 * 256 && word.latency() == Log::UNKNOWN);
    }

    #[test]
    fn a_stamp_wraps_around() {
        let end = Tick(0x00ff_ffff);
        let word = CostWord::default().after(&ended(true), end);
        assert_eq!(word.failures_at(Tick(0x0100_0000 + 1)), 16);
    }
}
