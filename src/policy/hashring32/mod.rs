//! `hashring32`: a shard key stays with its peer.
//!
//! yarpc-go's ring bit for bit (`peer/hashring32`), which is Ringpop's: `replicas` points per
//! member, each the farm Fingerprint32 of *member name, delimiter, decimal number*; a key belongs
//! to the first point at or after its own fingerprint. So Go and Rust clients agree on who owns a
//! key. What differs are the ring's faults: collisions are resolved by name instead of by map
//! order, an offset from a header is bounded, a generated offset stays below the number of
//! available peers, a missing alternate header falls back to the shard key, a status change or a
//! departure costs no sorting, and a new member of a large ring little of it.

mod below;
mod options;

pub use self::options::HashRing32Options;
pub use super::engine::fingerprint32;

use super::choice::Choice;
use super::contract::{Policy, Seal};
use super::engine::{Ring, Start};
use crate::request::Request;
use crate::rng::Rng;
use crate::roster::{IndexRef, Roster};
use crate::settings::Label;
use crate::slot::{Key, Pinned};

/// The name it has in texts.
pub(super) const NAME: Label = Label::new(c"hashring32");

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
/// A request that [avoids](Request::with_avoid) the peer gets the one after it, clockwise.
///
/// A request without a key goes anywhere, evenly over the ring's points.
///
/// A key is any bytes, hashed as they are. So are the headers' values; what is not the name of a
/// member, or not a number, is as if the header were not there.
///
/// The ring hashes the members' [shard names](crate::Attributes::shard).
///
/// If [weights](crate::Attributes::weight) differ, the heaviest members have
/// [`replicas`](HashRing32Options::replicas) points each, and the others as many in proportion, at least
/// one. As long as they are alike, whatever they are, the ring is yarpc-go's.
#[derive(Debug)]
pub struct HashRing32 {
    ring: Ring,
    options: HashRing32Options,
    rng: Rng,
}

impl HashRing32 {
    /// The policy. Requests without a key and generated offsets get numbers that differ from thread
    /// to thread and from run to run.
    #[must_use]
    pub fn new(options: HashRing32Options) -> Self {
        let options = options.bounded();
        let ring = Ring::new(options.replicas, options.replica_delimiter.clone());
        Self { ring, options, rng: Rng::default() }
    }

    /// Draws from `rng` instead: a [seeded](Rng::seeded) one makes the choices repeatable.
    #[must_use]
    pub fn with_rng(mut self, rng: Rng) -> Self {
        self.rng = rng;
        self
    }

    /// The peer that the override header names.
    #[inline(always)]
    fn named<'r>(
        &self,
        roster: &'r Roster,
        request: &Request<'_>,
        except: &[Key],
    ) -> Option<Pinned<'r>> {
        let name = request.header(self.options.peer_override_header.as_deref()?)?;
        self.ring.named(roster, name, except)
    }

    /// Where the request's key is on the ring.
    #[inline(always)]
    fn start(&self, request: &Request<'_>) -> Start {
        let other = self.options.alternate_shard_key_header.as_deref();
        let key = other.and_then(|name| request.header(name)).filter(|key| !key.is_empty());
        match key.unwrap_or(request.shard_key()) {
            [] => Start::Anywhere(self.rng.next() as u32),
            key => Start::Hash(fingerprint32(key)),
        }
    }

    #[inline(always)]
    fn offset(&self, request: &Request<'_>, roster: &Roster) -> usize {
        if let Some(header) = &self.options.offset_header {
            let value = request.header_text(header).and_then(|value| value.parse::<i64>().ok());
            let bounded = value.filter(|n| (0..=i64::from(self.options.max_offset)).contains(n));
            return bounded.map_or(0, |n| n as usize);
        }
        match self.options.offset_generator {
            0 => 0,
            n => self.rng.below((n as usize).min(roster.available()).max(1)),
        }
    }
}

impl HashRing32 {
    #[cold]
    fn look_closer<'r>(
        &'r self,
        roster: &'r Roster,
        start: Start,
        offset: usize,
        except: &[Key],
    ) -> Choice<'r> {
        let choice = self.ring.lookup_still(roster, start, offset, except);
        if choice.is_err() && offset > 0 && self.options.offset_header.is_none() {
            // Peers that share a shard name are one member, so there were fewer than generated for.
            return self.ring.lookup_still(roster, start, 0, except);
        }
        choice
    }
}

impl Default for HashRing32 {
    /// The ring of the default [options](HashRing32Options).
    fn default() -> Self {
        Self::new(HashRing32Options::default())
    }
}

impl Policy for HashRing32 {
    fn name(&self) -> &str {
        NAME.as_str()
    }

    fn choose<'r>(&'r self, roster: &'r Roster, request: &Request<'_>) -> Choice<'r> {
        self.choose_other(roster, request, &[])
    }

    fn choose_other<'r>(
        &'r self,
        roster: &'r Roster,
        request: &Request<'_>,
        except: &[Key],
    ) -> Choice<'r> {
        if let Some(pinned) = self.named(roster, request, except) {
            return Ok(pinned);
        }
        let offset = self.offset(request, roster);
        let start = self.start(request);
        match self.ring.lookup(roster, start, offset, except) {
            Some(pinned) => Ok(pinned),
            None => self.look_closer(roster, start, offset, except),
        }
    }

    #[inline]
    fn choose_at_once<'r>(
        &'r self,
        roster: &'r Roster,
        request: &Request<'_>,
        _: Seal,
    ) -> Option<Pinned<'r>> {
        self.choose(roster, request).ok()
    }

    /// A key whose owner has no place goes to the next peer that has one, as it does when the owner is
    /// unavailable; but with an offset there may have to be more of those.
    fn any_place_serves(&self, _: Seal) -> bool {
        self.options.offset_header.is_none() && self.options.offset_generator == 0
    }

    fn may_panic(&self, _: Seal) -> bool {
        false
    }

    fn index(&self) -> Option<IndexRef<'_>> {
        Some(IndexRef::new(&self.ring))
    }
}
