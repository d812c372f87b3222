//! Bare loops: what another shape of a shared line would cost.

use std::hint::black_box;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::lists;
use crate::threads::{Effort, cost};

#[repr(align(64))]
#[derive(Default)]
struct Slot64(AtomicU64);

#[repr(align(128))]
#[derive(Default)]
struct Slot128(AtomicU64);

trait Slot: Default + Sync {
    fn word(&self) -> &AtomicU64;
}

impl Slot for Slot64 {
    fn word(&self) -> &AtomicU64 {
        &self.0
    }
}

impl Slot for Slot128 {
    fn word(&self) -> &AtomicU64 {
        &self.0
    }
}

fn slots<S: Slot>(peers: usize) -> Vec<S> {
    (0..peers).map(|_| S::default()).collect()
}

fn request(slot: &impl Slot) {
    let word = slot.word();
    let seen = word.load(Ordering::Relaxed);
    if word.compare_exchange(seen, seen + 1, Ordering::AcqRel, Ordering::Relaxed).is_err() {
        word.fetch_add(1, Ordering::AcqRel);
    }
    black_box(word.fetch_sub(1, Ordering::AcqRel));
}

/// Nanoseconds of a core for each request, slots drawn at random.
fn random<S: Slot>(effort: Effort, peers: usize, threads: usize) -> f64 {
    let slots: Vec<S> = slots(peers);
    let seeds: Vec<Slot128> = slots_of_threads(threads);
    cost(effort, threads, &|nth, rounds| {
        let mut word = seeds[nth].0.load(Ordering::Relaxed);
        for _ in 0..rounds {
            word = word.wrapping_add(0xa076_1d64_78bd_642f);
            let product = u128::from(word) * u128::from(word ^ 0xe703_7ed1_a0b4_28db);
            let bits = ((product >> 64) as u64 ^ product as u64) >> 32;
            request(&slots[((bits * peers as u64) >> 32) as usize]);
        }
        seeds[nth].0.store(word, Ordering::Relaxed);
    })
}

fn slots_of_threads(threads: usize) -> Vec<Slot128> {
    let seeds: Vec<Slot128> = slots(threads);
    for (nth, seed) in seeds.iter().enumerate() {
        seed.0.store(nth as u64 * 0x9e37_79b9_7f4a_7c15, Ordering::Relaxed);
    }
    seeds
}

/// All threads add to one cursor.
fn one_cursor(effort: Effort, peers: usize, threads: usize) -> f64 {
    let (slots, cursor) = (slots::<Slot64>(peers), Slot128::default());
    cost(effort, threads, &|_, rounds| {
        for _ in 0..rounds {
            let ticket = cursor.0.fetch_add(1, Ordering::Relaxed);
            request(&slots[(ticket % peers as u64) as usize]);
        }
    })
}

/// Each thread has a cursor, and begins elsewhere. Lost: that a peer which has had its turn is passed over
/// by all threads until the others have had theirs. Of t threads each goes round by itself, so a peer may
/// get t requests at one time, and up to t more than another.
fn striped_cursor(effort: Effort, peers: usize, threads: usize) -> f64 {
    let (slots, cursors) = (slots::<Slot64>(peers), slots::<Slot128>(threads));
    for (nth, cursor) in cursors.iter().enumerate() {
        cursor.0.store((nth * peers / threads) as u64, Ordering::Relaxed);
    }
    cost(effort, threads, &|nth, rounds| {
        for _ in 0..rounds {
            let ticket = cursors[nth].0.fetch_add(1, Ordering::Relaxed);
            request(&slots[(ticket % peers as u64) as usize]);
        }
    })
}

/// Whether two threads are slower by a fifth where two slots share 128 bytes.
pub(crate) fn fetches_pairs(effort: Effort) -> bool {
    random::<Slot64>(effort, 1_000, 2) > 1.2 * random::<Slot128>(effort, 1_000, 2)
}

pub(crate) fn print(effort: Effort) {
    type Cost = fn(Effort, usize, usize) -> f64;
    let pairs: [(&str, Cost, &str, Cost); 3] = [
        ("one cursor", one_cursor, "a cursor for each thread", striped_cursor),
        ("slots of 64 bytes", random::<Slot64>, "of 128", random::<Slot128>),
        (
            "`fewest-pending-requests`",
            |effort, peers, threads| lists::cost(effort, "fewest-pending-requests", peers, threads),
            "`least-loaded`",
            |effort, peers, threads| lists::cost(effort, "least-loaded", peers, threads),
        ),
    ];
    println!("| one | other | peers | threads | one, ns | other, ns | other / one |");
    println!("|---|---|---|---|---|---|---|");
    for (one, cost_of_one, other, cost_of_other) in pairs {
        for peers in [10, 1_000, 10_000] {
            for threads in [1, 2, 8] {
                let first = cost_of_one(effort, peers, threads);
                let second = cost_of_other(effort, peers, threads);
                let ratio = second / first;
                println!(
                    "| {one} | {other} | {peers} | {threads} | {first:.1} | {second:.1} | {ratio:.2} |"
                );
            }
        }
    }
    println!();
}
