//! `hashring32`: a shard key stays with its peer.
//!
//! yarpc-go's ring bit for bit (`peer/hashring32`), which is Ringpop's: `replicas` points per
//! member, each the farm Fingerprint32 of *member name, delimiter, decimal number*; a key belongs
//! to the first point at or after its own fingerprint. So Go and Rust clients agree on who owns a
//! key. What differs are the ring's faults: collisions are resolved by name instead of by map
//! order, an offset from a header is bounded, a generated offset stays below the number of
//! available peers, a missing alternate header falls back to the shard key, and a status change
//! costs no sorting.

mod fingerprint;
mod options;

pub use self::fingerprint::fingerprint32;
pub use self::options::HashRing32Options;

use super::engine::{MAX_OFFSET, Ring, Start};
use super::{Key, Policy, Random, Roster};
use crate::request::Request;
use crate::roster::index::Index;
use crate::slot::pick::Pinned;

/// Picks the peer that owns the request's shard key.
///
/// In this order:
///
/// 1. the peer named by the *peer-override header*, if it is available;
/// 2. otherwise the key is that of the *alternate shard-key header*, or the request's shard key;
/// 3. the offset is that of the *offset header*, or a generated one, or 0;
/// 4. the peer is the one `offset` members after the key's owner, clockwise, counting available
///    members. There is none if there are not so many.
///
/// A request that [avoids](Request::with_avoided) the peer gets the one after it, clockwise.
///
/// A request without a key goes anywhere, evenly over the ring's points.
///
/// A key is any bytes, hashed as they are. So are the headers' values; what is not the name of a
/// member, or not a number, is as if the header were not there.
///
/// The ring hashes the members' [shard names](crate::Identifier::shard).
#[derive(Debug)]
pub struct HashRing32 {
    ring: Ring,
    options: HashRing32Options,
    random: Random,
}

impl HashRing32 {
    /// The policy; `random` serves requests without a key, and generated offsets.
    #[must_use]
    pub fn new(mut options: HashRing32Options, random: Random) -> Self {
        options.replicas = options.replicas.max(1);
        options.max_offset = options.max_offset.min(MAX_OFFSET as u32);
        options.offset_generator = options.offset_generator.min(MAX_OFFSET as u32 + 1);
        let ring = Ring::new(options.replicas, options.replica_delimiter.clone());
        Self { ring, options, random }
    }

    fn offset(&self, request: &Request<'_>, roster: &Roster) -> usize {
        if let Some(header) = &self.options.offset_header {
            let value = request.header_text(header).and_then(|value| value.parse::<i64>().ok());
            let bounded = value.filter(|n| (0..=i64::from(self.options.max_offset)).contains(n));
            return bounded.map_or(0, |n| n as usize);
        }
        match self.options.offset_generator {
            0 => 0,
            n => self.random.below((n as usize).min(roster.available().len()).max(1)),
        }
    }
}

impl Policy for HashRing32 {
    fn name(&self) -> &str {
        "hashring32"
    }

    fn choose<'r>(&self, roster: &'r Roster, request: &Request<'_>) -> Option<Pinned<'r>> {
        self.choose_other(roster, request, &[])
    }

    fn choose_other<'r>(
        &self,
        roster: &'r Roster,
        request: &Request<'_>,
        except: &[Key],
    ) -> Option<Pinned<'r>> {
        let header = |name: &Option<String>| request.header(name.as_deref()?);
        if let Some(name) = header(&self.options.peer_override_header) {
            let pinned = self.ring.named(roster, name, except);
            if pinned.is_some() {
                return pinned;
            }
        }
        let offset = self.offset(request, roster);
        let key = header(&self.options.alternate_shard_key_header).filter(|key| !key.is_empty());
        let start = match key.unwrap_or(request.shard_key()) {
            [] => Start::Anywhere(self.random.next() as u32),
            key => Start::Hash(fingerprint32(key)),
        };
        let pinned = self.ring.lookup(roster, start, offset, except);
        if pinned.is_none() && offset > 0 && self.options.offset_header.is_none() {
            // Peers that share a shard name are one member, so there were fewer than generated for.
            return self.ring.lookup(roster, start, 0, except);
        }
        pinned
    }

    fn may_panic(&self) -> bool {
        false
    }

    fn index(&self) -> Option<&dyn Index> {
        Some(&self.ring)
    }
}
