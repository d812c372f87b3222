//! The only reader of the clock.
//!
//! Time enters in three places: a wait's deadline, the latency of a request whose policy asked for
//! it, and the waits that events report. `choose` reads no clock when it need not wait.

use std::sync::OnceLock;
use std::time::{Duration, Instant};

/// The time now.
pub(crate) fn now() -> Instant {
    Instant::now()
}

/// A moment in 56 bits: nanoseconds since the first moment that was asked for, plus one. All zeros
/// is no moment. Seven bytes, because a pick has room for as many beside its pointer and its tag;
/// they last 2.2 years.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Stamp([u8; 7]);

impl Stamp {
    /// No moment.
    pub(crate) const NONE: Self = Self([0; 7]);

    pub(crate) fn now() -> Self {
        Self::from_bits(nanos() + 1)
    }

    /// The stamp as a number, for a pick in the memory of C; 0 is no moment.
    pub(crate) fn to_bits(self) -> u64 {
        let [a, b, c, d, e, f, g] = self.0;
        u64::from_le_bytes([a, b, c, d, e, f, g, 0])
    }

    pub(crate) fn from_bits(bits: u64) -> Self {
        let [a, b, c, d, e, f, g, _] = bits.to_le_bytes();
        Self([a, b, c, d, e, f, g])
    }

    /// How long ago it was; `None` if it is no moment.
    pub(crate) fn elapsed(self) -> Option<Duration> {
        let began = self.to_bits().checked_sub(1)?;
        Some(Duration::from_nanos(nanos().saturating_sub(began)))
    }
}

fn nanos() -> u64 {
    static FIRST: OnceLock<Instant> = OnceLock::new();
    now().saturating_duration_since(*FIRST.get_or_init(now)).as_nanos() as u64
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn a_stamp_keeps_56_bits() {
        for bits in [0, 1, 255, 256, (1 << 55) + 7, (1 << 56) - 1] {
            assert_eq!(Stamp::from_bits(bits).to_bits(), bits);
        }
        assert_eq!(Stamp::NONE.elapsed(), None);
        let began = now();
        let elapsed = Stamp::now().elapsed().expect("a moment");
        assert!(elapsed <= began.elapsed());
    }
}
