//! What the plan is drawn with.

use std::time::Duration;

/// A xorshift, which is the same everywhere.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    pub(crate) fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }

    pub(crate) fn millis(&mut self, least: u64, range: u64) -> Duration {
        Duration::from_millis(least + self.below(range))
    }

    /// Half of so many servers at least, one bit each.
    pub(crate) fn set(&mut self, servers: usize) -> u8 {
        loop {
            let set = self.next() as u8;
            if set.count_ones() as usize >= servers / 2 {
                return set;
            }
        }
    }
}
