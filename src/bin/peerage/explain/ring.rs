//! Where a key is on a hash ring.

use peerage::policy::{HashRing32Options, fingerprint32};

use crate::follow::Shown;

/// The first point of `owner` at or after the hash of `key`: its number, its hash, and how far on it is.
/// `None` where peers have points by weight, of which some have fewer.
pub(super) fn point(
    options: &HashRing32Options,
    owner: &Shown,
    peers: &[Shown],
    hash: u32,
) -> Option<(u32, u32, u32)> {
    let weight = |peer: &Shown| peer.attributes.weight.max(1);
    if peers.iter().any(|peer| weight(peer) != weight(owner)) {
        return None;
    }
    let place = owner.attributes.shard.as_deref().unwrap_or(&owner.id);
    let point = |number: u32| {
        let name = format!("{place}{}{number}", options.replica_delimiter);
        let at = fingerprint32(name.as_bytes());
        (number, at, at.wrapping_sub(hash))
    };
    (0..options.replicas).map(point).min_by_key(|(_, _, on)| *on)
}
