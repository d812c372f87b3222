//! The numbers that policies draw: the same for a seed in every version and every language,
//! different for every thread without one.

use std::collections::BTreeSet;
use std::thread;

use peerage::policy::Rng;

/// By the definition: the word advances by a constant; the two halves of its product with itself,
/// with another constant mixed in, are put together. Computed apart from the library.
#[test]
fn a_seed_gives_known_numbers() {
    let known: [(u64, [u64; 3]); 3] = [
        (0, [0x111c_b3a7_8f59_a58e, 0xceab_d938_ff4e_856d, 0x61fb_5131_8f47_d2a4]),
        (7, [0xe21b_87e1_e24a_18c1, 0xdaf7_cca9_fc31_c738, 0x62c3_f9e6_7112_e858]),
        (u64::MAX, [0xba1d_c814_e82d_5d44, 0x57ac_cfe8_5fe2_9d15, 0x3afa_6e61_6fb3_aa6f]),
    ];
    for (seed, numbers) in known {
        let random = Rng::seeded(seed);
        assert_eq!([(); 3].map(|()| random.next()), numbers, "seed {seed}");
    }
}

#[test]
fn a_number_below_another_is_taken_from_the_lower_half() {
    let random = Rng::seeded(7);
    assert_eq!([(); 12].map(|()| random.below(10)), [8, 9, 4, 3, 9, 6, 1, 1, 8, 7, 2, 6]);
}

#[test]
fn a_seed_or_none() {
    let (seeded, same) = (Rng::from_seed(Some(7)), Rng::seeded(7));
    assert_eq!(seeded.next(), same.next());
    let (one, other) = (Rng::from_seed(None), Rng::unseeded());
    assert_ne!([one.next(), one.next()], [other.next(), other.next()]);
}

/// Each thread begins with a word of its own.
#[test]
fn threads_draw_different_numbers() {
    let first = |_| thread::spawn(|| Rng::unseeded().next()).join().unwrap();
    let numbers: BTreeSet<u64> = (0..40).map(first).collect();
    assert_eq!(numbers.len(), 40);
}

/// A thread goes on where it was, whichever generator asks.
#[test]
fn a_thread_does_not_repeat_itself() {
    let numbers: BTreeSet<u64> = (0..1_000).map(|_| Rng::unseeded().next()).collect();
    assert_eq!(numbers.len(), 1_000);
}
