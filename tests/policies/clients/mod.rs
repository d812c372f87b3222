//! Many clients, each with a list of its own: they do not all turn to the same peer, whether they
//! begin, or a peer joins, or one comes back.

mod beginners;
mod newcomers;

use peerage::policy::{AnyPolicy, FewestPending, Rng, RoundRobin};

const CLIENTS: u64 = if cfg!(miri) { 3 } else { 2_000 };
const PEERS: usize = 10;

/// Asserts that of as many clients as there are, one in `among` has chosen what `chosen` counts.
fn assert_one_in(among: usize, chosen: u32, what: &str) {
    if cfg!(miri) {
        return;
    }
    let share = 1.0 / among as f64;
    // Six standard deviations of a binomial.
    let spread = 6.0 * (CLIENTS as f64 * share * (1.0 - share)).sqrt();
    let off = (f64::from(chosen) - CLIENTS as f64 * share).abs();
    assert!(off < spread, "{what}: {chosen} of {CLIENTS}, fair is one in {among}");
}

/// The policies of a client. Generators of neighbouring seeds begin with neighbouring words, and are
/// less random together than each is alone.
fn policies(client: u64) -> [AnyPolicy; 2] {
    let seed = client.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    [
        AnyPolicy::RoundRobin(RoundRobin::new().with_rng(Rng::seeded(seed))),
        AnyPolicy::FewestPending(FewestPending::new().with_rng(Rng::seeded(seed))),
    ]
}
