//! The coarse clock: ticks of 1/16 s, in which estimates fade.

use std::fmt;
use std::time::Duration;

/// Ticks in a second.
pub(crate) const PER_SECOND: u32 = 16;

const SHORT: u32 = (1 << 24) - 1;

/// How far ahead a stamp may be: a minute. More would be a peer, not heard of for days, whose estimate
/// is as fresh as when it was written.
const AHEAD: u32 = 60 * PER_SECOND;

/// A moment, in ticks since some moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Tick(pub(crate) u32);

impl Tick {
    /// Its last 24 bits: it comes around in twelve days.
    #[inline]
    pub(crate) fn short(self) -> u32 {
        self.0 & SHORT
    }

    /// Ticks from then until now; none, if `then` seems to come a little later, which is another
    /// thread's stamp a moment ahead.
    #[inline]
    pub(crate) fn since(self, then: Self) -> u32 {
        let ticks = self.0.wrapping_sub(then.0) & SHORT;
        if ticks > SHORT - AHEAD { 0 } else { ticks }
    }

    pub(crate) fn of(time: Duration) -> Self {
        let ticks = time.as_secs().wrapping_mul(PER_SECOND.into());
        Self((ticks as u32).wrapping_add(time.subsec_nanos() / (1_000_000_000 / PER_SECOND)))
    }

    /// Now, by the system's coarse clock: a few nanoseconds, where a fine one is fifty.
    pub(crate) fn now() -> Self {
        Self::of(crate::clock::coarse())
    }
}

/// Where a list takes the time from that estimates fade by, instead of the system's clock: for
/// simulations. See [`ListOptions::with_clock`](crate::ListOptions::with_clock).
///
/// Deadlines of callers that wait, and latencies that the library measures, are of the system's
/// clock all the same.
pub trait Clock: Send + Sync + fmt::Debug {
    /// The time since any moment that stays the same. Must not go back, block or call the library.
    fn now(&self) -> Duration;
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_sixteenths_and_never_negative() {
        assert_eq!(Tick::of(Duration::from_millis(2_500)), Tick(40));
        assert_eq!(Tick(5).since(Tick(3)), 2);
        assert_eq!(Tick(3).since(Tick(5)), 0);
        let minute = 60 * 16;
        assert_eq!(Tick(0).since(Tick(minute)), 0);
        assert_eq!(Tick(0).since(Tick(minute + 1)), (1 << 24) - minute - 1, "so long ago");
        for days in 1..=12 {
            let ticks = days * 24 * 60 * 60 * PER_SECOND;
            assert_eq!(Tick(7 + ticks).since(Tick(7)), ticks, "{days} days");
        }
        let (first, second) = (Tick::now(), Tick::now());
        assert!(second.since(first) < PER_SECOND && first.since(second) == 0 || first == second);
    }
}
