//! Moments that fit a word, and the clock that is read for little.
//!
//! A choice that need not wait and its finish read no clock, unless the policy asks for latencies or learns
//! from ends, the list ejects, a place goes to a caller that waits, or `direct` takes in a peer or lacks
//! one.

use std::sync::OnceLock;
use std::time::{Duration, Instant};

/// A moment in one word: nanoseconds since the first moment that was asked for, plus one. 0 is no
/// moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stamp(u64);

impl Stamp {
    /// No moment.
    pub(crate) const NONE: Self = Self(0);

    pub(crate) fn now() -> Self {
        Self(nanos() + 1)
    }

    /// The stamp as a number; 0 is no moment.
    pub(crate) fn to_bits(self) -> u64 {
        self.0
    }

    pub(crate) fn from_bits(bits: u64) -> Self {
        Self(bits)
    }

    /// How long ago it was; `None` if it is no moment.
    pub(crate) fn elapsed(self) -> Option<Duration> {
        let began = self.0.checked_sub(1)?;
        Some(Duration::from_nanos(nanos().saturating_sub(began)))
    }
}

/// The time since some moment, in steps of a few milliseconds where that is cheaper: 5 ns on Linux,
/// where a fine clock takes 50.
#[cfg(target_os = "linux")]
pub(crate) fn coarse() -> Duration {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: writes `time`. The clock is one that Linux has; should it fail, the time stands still.
    let _ = unsafe { libc::clock_gettime(libc::CLOCK_MONOTONIC_COARSE, &raw mut time) };
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn coarse() -> Duration {
    Duration::from_nanos(nanos())
}

/// A moment in steps of 100 ms, in half a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Tenths(u32);

impl Tenths {
    const STEP: Duration = Duration::from_millis(100);

    pub(crate) fn now() -> Self {
        Self((coarse().as_millis() / Self::STEP.as_millis()) as u32)
    }

    /// How long ago it was, if that is less than 13 years.
    pub(crate) fn elapsed(self) -> Duration {
        Self::STEP * Self::now().0.wrapping_sub(self.0)
    }
}

fn nanos() -> u64 {
    static FIRST: OnceLock<Instant> = OnceLock::new();
    let now = Instant::now();
    now.saturating_duration_since(*FIRST.get_or_init(|| now)).as_nanos() as u64
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn a_stamp_is_a_moment_or_none() {
        assert_eq!(Stamp::NONE.elapsed(), None);
        let began = Instant::now();
        let elapsed = Stamp::now().elapsed().expect("a moment");
        assert!(elapsed <= began.elapsed());
    }
}
