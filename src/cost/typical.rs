//! What is usual among the peers: the lower quartiles of latencies and failures.
//!
//! The lower quartile, and not the mean or the median: half of the peers may be slow or failing, and
//! the others are what they are measured against. It is found in a histogram of 256 counts, with
//! nothing allocated; for latencies its steps are quarters of a doubling, which is enough, as what is
//! typical scales all prices alike.

use super::log::Log;
use super::price::FLOOR;

const BUCKETS: usize = 256;

/// Counts words, one at a time.
pub(crate) struct Typical {
    latencies: [u32; BUCKETS],
    failures: [u32; BUCKETS],
    pub(crate) peers: u32,
    pub(crate) in_flight: u64,
    /// In 1/256.
    pub(crate) reported: u64,
}

impl Typical {
    pub(crate) fn new() -> Self {
        Self {
            latencies: [0; BUCKETS],
            failures: [0; BUCKETS],
            peers: 0,
            in_flight: 0,
            reported: 0,
        }
    }

    pub(crate) fn count(&mut self, pending: u32, latency: Log, failures: u32, reported: u32) {
        self.peers += 1;
        self.in_flight += u64::from(pending);
        self.reported += u64::from(reported);
        self.failures[failures as usize % BUCKETS] += 1;
        if latency.is_known() {
            self.latencies[usize::from(latency.0 >> 8)] += 1;
        }
    }

    /// Unknown, if no latency is known.
    pub(super) fn latency(&self) -> Log {
        quartile(&self.latencies).map_or(Log::UNKNOWN, |step| Log((step as u16) << 8 | 0x80))
    }

    /// What failures count from, in 1/256.
    pub(super) fn floor(&self) -> u32 {
        (2 * quartile(&self.failures).unwrap_or(0) as u32).max(FLOOR)
    }

    /// Whether any peer's requests fail.
    pub(super) fn any_failing(&self) -> bool {
        self.failures[1..].iter().any(|&peers| peers > 0)
    }

    /// How many requests stand behind each of one's own: at least that itself.
    pub(super) fn others(&self) -> f32 {
        let peers = u64::from(self.peers);
        let (own, all) = (self.in_flight + peers, self.reported / 256 + peers);
        if own == 0 { 1.0 } else { (all as f32 / own as f32).max(1.0) }
    }
}

/// The step at which a quarter is passed.
fn quartile(counts: &[u32; BUCKETS]) -> Option<usize> {
    let total: u32 = counts.iter().sum();
    let mut below = 0;
    counts.iter().position(|&count| {
        below += count;
        below > total / 4
    })
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn a_quarter_of_the_peers_says_what_is_usual() {
        let mut typical = Typical::new();
        assert_eq!((typical.latency(), typical.floor()), (Log::UNKNOWN, FLOOR));
        for n in 0..100_u32 {
            let slow = n >= 30;
            let latency = Log::of_nanos(if slow { 50_000_000 } else { 1_000_000 });
            typical.count(2, latency, if slow { 200 } else { 20 }, 10 * 256);
        }
        let ratio = typical.latency().ratio(Log::of_nanos(1_000_000));
        assert!((0.8..1.25).contains(&ratio), "{ratio}");
        assert_eq!(typical.floor(), 40);
        assert!(typical.any_failing());
        assert_eq!(typical.others(), 11.0 / 3.0);
    }

    #[test]
    fn a_quarter_is_passed_by_one_more() {
        for (fast, usual) in [(25, 50_000_000), (26, 1_000_000)] {
            let mut typical = Typical::new();
            for n in 0..100 {
                let nanos = if n < fast { 1_000_000 } else { 50_000_000 };
                typical.count(0, Log::of_nanos(nanos), 0, 0);
            }
            let ratio = typical.latency().ratio(Log::of_nanos(usual));
            assert!((0.8..1.25).contains(&ratio), "{fast} fast ones: {ratio}");
            assert!(!typical.any_failing());
        }
    }
}
