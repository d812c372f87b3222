//! Random numbers for policies.
//!
//! A generator is a 64-bit word that advances by a constant and is then mixed: Steele, Lea and
//! Flood, "Fast splittable pseudorandom number generators" (OOPSLA 2014), with the 128-bit
//! multiply that wyrand puts in place of its mixer. Choosing needs speed and evenness, not secrecy.
//!
//! Unseeded, every thread has a word of its own: the one state of a thread in this crate, without a
//! destructor, so that a Go program's many threads leave nothing behind. Seeded, the policy has one
//! word for all threads: the sequence of numbers is always the same, and costs a shared line.
//!
//! # After `fork`
//!
//! A server that forks its workers would have them all draw the parent's next numbers, for ever.
//! Only the thread that forks is in the child, so nothing need be looked at when numbers are drawn:
//! a handler that runs in the child, on that thread, forgets the thread's word, and the next number
//! makes a new one. A seeded generator goes on in both processes: its seed was asked for.
//!
//! The handler is registered with `pthread_atfork`, and does not outlive the library. A library
//! that is unloaded takes its handlers with it: glibc and the BSDs note which library has registered
//! each of them, and musl and macOS do not unload libraries like this one. (`_Fork` and `clone`
//! run no handlers: a process made by those, which may not go on to use locks either, repeats its
//! parent's numbers.)

use std::cell::Cell;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
#[cfg(all(unix, not(miri)))]
use std::sync::atomic::AtomicBool;
use std::time::{SystemTime, UNIX_EPOCH};

use crate::sync::{AtomicU64, Ordering};

const STEP: u64 = 0xa076_1d64_78bd_642f;
const MIX: u64 = 0xe703_7ed1_a0b4_28db;

thread_local! {
    static WORD: Cell<u64> = const { Cell::new(0) };
}

/// Where a policy's numbers come from: [unseeded](Rng::unseeded) unless a seed is given.
///
/// ```
/// use peerage::policy::{Random, Rng};
///
/// let repeatable = Random::new().with_rng(Rng::seeded(7));
/// # let _ = repeatable;
/// let die = Rng::seeded(7).below(6) + 1;
/// assert!((1..=6).contains(&die));
/// ```
#[derive(Debug, Default)]
pub struct Rng {
    seeded: Option<AtomicU64>,
}

impl Rng {
    /// Numbers that cannot be foreseen, cheaply.
    #[must_use]
    pub fn unseeded() -> Self {
        Self { seeded: None }
    }

    /// The same numbers for the same seed, in the order in which they are asked for.
    #[must_use]
    pub fn seeded(seed: u64) -> Self {
        Self { seeded: Some(AtomicU64::new(seed)) }
    }

    /// `seed` if there is one.
    #[must_use]
    pub fn from_seed(seed: Option<u64>) -> Self {
        seed.map_or_else(Self::unseeded, Self::seeded)
    }

    /// The word that a seeded generator advances, for bindings.
    #[cfg(all(feature = "capi", not(loom)))]
    pub(crate) fn word(&self) -> *mut u64 {
        self.seeded.as_ref().map_or(std::ptr::null_mut(), AtomicU64::as_ptr)
    }

    /// The next 64 random bits.
    #[inline(always)]
    pub fn next(&self) -> u64 {
        match &self.seeded {
            None => thread_next(),
            // Relaxed: every caller gets a number of its own; nothing else hangs on it.
            Some(word) => mix(word.fetch_add(STEP, Ordering::Relaxed).wrapping_add(STEP)),
        }
    }

    /// A number below `n`, which must not be 0.
    #[inline]
    pub fn below(&self, n: usize) -> usize {
        scale(self.next() as u32, n)
    }

    /// A number from 0 to 1, of the 53 bits that a float has.
    pub(crate) fn part(&self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Puts `items` in a random order (Fisher and Yates).
    pub fn shuffle<T>(&self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last + 1));
        }
    }
}

/// Scales 32 random bits to a number below `n` (Lemire, 2019, without the rejection: for a million
/// peers the probabilities differ by less than 1 in 4,000).
#[inline]
pub(crate) fn scale(bits: u32, n: usize) -> usize {
    ((u64::from(bits) * n as u64) >> 32) as usize
}

#[inline]
fn mix(word: u64) -> u64 {
    let product = u128::from(word) * u128::from(word ^ MIX);
    (product >> 64) as u64 ^ product as u64
}

// Two accesses with tiny bodies, so that both are inlined wherever a policy draws. Always: where most
// of a choice is inlined too the compiler takes it for too much, and a call costs a nanosecond.
#[inline(always)]
fn thread_next() -> u64 {
    let mut word = WORD.with(Cell::get);
    if word == 0 {
        word = first_word();
    }
    word = word.wrapping_add(STEP);
    WORD.with(|cell| cell.set(word));
    mix(word)
}

/// Different for every thread and every process.
#[cold]
fn first_word() -> u64 {
    if cfg!(loom) {
        return 1; // the model checker replays runs and needs them to be the same
    }
    watch_for_forks();
    // `RandomState` is seeded by the system, once per thread: forked processes have the same seed,
    // and may have the same process number too, in namespaces of their own. They do not begin at the
    // same nanosecond. A thread is known by where its word is: to ask for its number would leave
    // something behind that runs when a foreign thread ends.
    let thread = WORD.with(|cell| std::ptr::from_ref(cell).addr());
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_nanos());
    RandomState::new().hash_one((thread, std::process::id(), now)) | 1
}

/// Has the child of a fork forget the word of the thread that forked. Without it, if there is no
/// memory for it, children repeat their parent's numbers.
#[cfg(all(unix, not(miri)))]
fn watch_for_forks() {
    // Not a `Once`: a thread that forks while another is inside would wait for it for ever.
    static REGISTERED: AtomicBool = AtomicBool::new(false);

    extern "C" fn in_child() {
        // No allocation and no lock: another thread of the parent may have been inside either.
        WORD.with(|cell| cell.set(0));
    }

    // Relaxed: registered once, and nothing else hangs on it.
    if !REGISTERED.swap(true, Ordering::Relaxed) {
        // SAFETY: the handler takes nothing, does not unwind, and lives as long as the library.
        let _ = unsafe { libc::pthread_atfork(None, None, Some(in_child)) };
    }
}

#[cfg(any(not(unix), miri))]
fn watch_for_forks() {}

/// A number that tends to differ between threads and costs nothing to make.
pub(crate) fn thread_hint() -> usize {
    WORD.with(|cell| {
        if cell.get() == 0 {
            cell.set(first_word());
        }
        (mix(cell.get()) >> 32) as usize
    })
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn a_seed_repeats_its_sequence() {
        let (a, b) = (Rng::seeded(7), Rng::seeded(7));
        let first: Vec<u64> = (0..100).map(|_| a.next()).collect();
        let second: Vec<u64> = (0..100).map(|_| b.next()).collect();
        assert_eq!(first, second);
        assert_ne!(first, (0..100).map(|_| Rng::seeded(8).next()).collect::<Vec<_>>());
    }

    #[test]
    #[cfg_attr(miri, ignore = "many draws and nothing unsafe")]
    fn draws_are_even() {
        for rng in [Rng::seeded(0), Rng::unseeded()] {
            let mut counts = [0_u32; 10];
            for _ in 0..100_000 {
                counts[rng.below(10)] += 1;
            }
            // Six standard deviations of a binomial: 6 × √(10⁵ × 0.1 × 0.9) = 569.
            assert!(counts.iter().all(|&n| n.abs_diff(10_000) < 569), "{counts:?}");
        }
    }

    #[test]
    fn a_shuffle_keeps_every_item() {
        let mut items: Vec<u32> = (0..50).collect();
        Rng::seeded(3).shuffle(&mut items);
        assert_ne!(items, (0..50).collect::<Vec<_>>());
        items.sort_unstable();
        assert_eq!(items, (0..50).collect::<Vec<_>>());
    }
}
