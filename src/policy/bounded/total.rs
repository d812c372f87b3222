//! All requests in flight, counted by all threads.
//!
//! One counter that every choice and every finish changes is a line for which all threads queue. A
//! counter for each thread is none for a limit: each choice would read them all. So both:
//!
//! ```text
//!   few in flight     sum                         every change goes there: exact
//!   many in flight    sum + shards of threads     a shard keeps up to sum / 256 to itself
//! ```
//!
//! A choice reads the sum and its own shard. What the other shards keep it does not see: with eight of
//! them no more than 1/32 of the sum, which is little beside a bound of 1.25. A thread alone sees
//! all it did. While few requests are in flight such a part would be less than one, so the sum is
//! changed each time; threads that are in each other's way choose so fast that there are many.

use crossbeam_utils::CachePadded;

use crate::sync::{AtomicBool, AtomicU64, Ordering};
use crate::this_thread::shard_of_thread;

const SHARDS: usize = 8;

/// A shard keeps one request to itself for so many of the sum.
const PART: i64 = 256;

/// Requests in flight. Numbers are signed, in two's complement: a request may be counted by one thread
/// and end on another.
#[derive(Debug, Default)]
pub(super) struct Total {
    sum: CachePadded<Sum>,
    shards: [CachePadded<AtomicU64>; SHARDS],
}

#[derive(Debug, Default)]
struct Sum {
    requests: AtomicU64,
    /// Whether shards may keep something.
    is_spread: AtomicBool,
}

impl Total {
    /// One more. Returns how many there are, with it.
    #[inline]
    pub(super) fn add(&self) -> u64 {
        // A finish that comes twice, which only C can do, must not make a number of 2⁶⁴.
        self.change(1).max(1) as u64
    }

    /// One less.
    #[inline]
    pub(super) fn remove(&self) {
        self.change(-1);
    }

    /// How many there are, with what the shards keep.
    #[cold]
    pub(super) fn exact(&self) -> u64 {
        self.gather();
        self.sum().max(1) as u64
    }

    #[inline]
    fn sum(&self) -> i64 {
        // Relaxed: a count. So are the other changes of it.
        self.sum.requests.load(Ordering::Relaxed) as i64
    }

    #[inline]
    fn change(&self, step: i64) -> i64 {
        let sum = self.sum();
        if sum >= PART {
            return self.change_shard(sum, step);
        }
        // Acquire: see `change_shard`.
        if self.sum.is_spread.load(Ordering::Acquire) {
            self.gather();
        }
        self.change_sum(step)
    }

    #[inline]
    fn change_sum(&self, step: i64) -> i64 {
        (self.sum.requests.fetch_add(step as u64, Ordering::Relaxed) as i64).wrapping_add(step)
    }

    fn change_shard(&self, sum: i64, step: i64) -> i64 {
        let shard = &self.shards[shard_of_thread(SHARDS)];
        // Sequentially consistent, as are the next load and `gather`: either that finds what is kept
        // here, or this thread finds the mark gone and sets it again. So nothing is kept unmarked.
        let kept = (shard.fetch_add(step as u64, Ordering::SeqCst) as i64).wrapping_add(step);
        if kept.abs() <= sum / PART {
            if !self.sum.is_spread.load(Ordering::SeqCst) {
                self.sum.is_spread.store(true, Ordering::SeqCst);
            }
            return sum + kept;
        }
        self.change_sum(shard.swap(0, Ordering::SeqCst) as i64)
    }

    /// Takes what the shards keep into the sum.
    #[cold]
    #[inline(never)]
    fn gather(&self) {
        self.sum.is_spread.swap(false, Ordering::SeqCst);
        let kept = self.shards.iter().map(|shard| shard.swap(0, Ordering::SeqCst) as i64);
        let kept: i64 = kept.sum();
        if kept != 0 {
            self.change_sum(kept);
        }
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use std::thread;

    use super::*;

    #[test]
    fn a_thread_alone_counts_exactly() {
        let total = Total::default();
        for n in 1..5_000 {
            assert_eq!(total.add(), n);
        }
        for n in (1..5_000).rev() {
            assert_eq!(total.exact(), n);
            total.remove();
        }
        assert_eq!((total.sum(), total.add()), (0, 1));
    }

    #[test]
    #[cfg_attr(miri, ignore = "many numbers and nothing unsafe")]
    fn shards_keep_little_and_lose_nothing() {
        let total = Total::default();
        let threads = 4;
        thread::scope(|scope| {
            for _ in 0..threads {
                scope.spawn(|| {
                    for _ in 0..2_000 {
                        total.add();
                    }
                });
            }
        });
        let (sum, all) = (total.sum(), threads * 2_000);
        assert!(sum.abs_diff(all) <= all as u64 / 32, "{sum}");
        assert_eq!(total.exact(), all as u64);
        // Down on another thread, to where every change is seen at once.
        thread::scope(|scope| {
            scope.spawn(|| {
                for _ in 0..all - 10 {
                    total.remove();
                }
            });
        });
        assert_eq!(total.add(), 11);
        assert!(total.shards.iter().all(|shard| shard.load(Ordering::Relaxed) == 0));
    }
}
