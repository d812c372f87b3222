//! A choice among the peers below a bound: where a key goes whose peer has enough.
//!
//! The key is hashed once more, and again, until a peer is found that has room: so each key has a
//! second and a third peer of its own, the same in every process. To walk on along the ring, as the
//! paper has it, would send all that one peer has too much to the one behind it, and then both their
//! overflow to the third; and for a table that is no ring there is nothing to walk along.

use super::HashRing32;
use crate::policy::engine::{Room, Start};
use crate::request::Request;
use crate::roster::Roster;
use crate::slot::{Key, Pinned};

/// At a bound of 1.25 no more than four of five peers are full: of a thousand choices at that, one
/// goes beyond so many tries, and takes any peer with room.
const TRIES: u32 = 32;

impl HashRing32 {
    /// Picks the peer of the request if it has room, or the one of the key's next hash that
    /// has. `None`: none of some had, or no peer is available.
    pub(in crate::policy) fn owner_below<'r>(
        &'r self,
        roster: &'r Roster,
        request: &Request<'_>,
        except: &[Key],
        room: Room,
    ) -> Option<Pinned<'r>> {
        if let Some(pinned) = self.named(roster, request, except) {
            return Some(pinned);
        }
        let (offset, start) = (self.offset(request, roster), self.start(request));
        if roster.available() == 0 {
            return None;
        }
        (0..TRIES)
            .find_map(|n| self.ring.lookup_below(roster, again(start, n), offset, except, room))
    }
}

/// The `n`th hash of the same key; the first is its own.
fn again(start: Start, n: u32) -> Start {
    match start {
        Start::Hash(hash) => Start::Hash(rehash(hash, n)),
        Start::Anywhere(bits) => Start::Anywhere(rehash(bits, n)),
    }
}

/// A step of the golden ratio for each try, and then the finalizer of MurmurHash3, so that two keys
/// with neighbouring hashes do not meet again. The numbers are part of what processes agree on.
fn rehash(hash: u32, n: u32) -> u32 {
    if n == 0 {
        return hash;
    }
    let mut h = hash.wrapping_add(n.wrapping_mul(0x9e37_79b9));
    h = (h ^ (h >> 16)).wrapping_mul(0x85eb_ca6b);
    h = (h ^ (h >> 13)).wrapping_mul(0xc2b2_ae35);
    h ^ (h >> 16)
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::rehash;

    /// What other languages compute as well.
    #[test]
    fn hashes_that_processes_agree_on() {
        let hashes = |key: u32| (0..4).map(|n| rehash(key, n)).collect::<Vec<_>>();
        assert_eq!(hashes(0), [0, 0x92ca_2f0e, 0x3cd6_e3f3, 0x1b14_7dcc]);
        assert_eq!(hashes(0xdead_beef), [0xdead_beef, 0xd3ce_9097, 0x6211_7ced, 0xf2c8_0841]);
    }
}
