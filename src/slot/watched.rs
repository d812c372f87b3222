//! The number beside a slot's word: who wants to hear of its requests, and what kind of peer it is.

use crate::attributes::Attributes;

/// The peer's own `start_request` and `end_request` want to be called.
pub(crate) const WATCH_PEER: u8 = 1;
/// The policy wants to hear of finished requests.
pub(crate) const WATCH_POLICY: u8 = 2;
/// The policy wants to hear how long requests took.
pub(crate) const WATCH_TIME: u8 = 4;
/// Callers may wait for a place on a peer, so a finish looks for them.
pub(crate) const WATCH_PLACES: u8 = 8;
/// Data of the peer that was replaced is in use by requests in flight: see `data.rs`.
pub(crate) const WATCH_DATA: u8 = 16;
/// The policy learns from how requests end: see `learn.rs`.
pub(crate) const WATCH_COST: u8 = 32;
/// The policy learns from failures, and from nothing else.
pub(crate) const WATCH_FAILURES: u8 = 64;
/// The list ejects: failures in a row are counted, see `streak.rs`.
pub(crate) const WATCH_STREAK: u8 = 128;

/// Whether the policy learns, and nothing else wants to hear of requests.
#[inline]
pub(super) fn only_learns(watch: u8) -> bool {
    let learns = WATCH_COST | WATCH_FAILURES;
    watch & learns != 0 && watch & !(learns | WATCH_TIME) == 0
}

/// The word beside the count: who watches, and what kind of peer it is.
///
/// ```text
///  bits  0..8   WATCH_*
///  bits  8..16  tier
///  bits 16..32  weight
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Watched(pub(crate) u32);

impl Watched {
    pub(crate) fn new(watch: u8, attributes: &Attributes) -> Self {
        let (tier, weight) = (u32::from(attributes.tier), u32::from(attributes.weight));
        Self(weight << 16 | tier << 8 | u32::from(watch))
    }

    #[inline]
    pub(crate) fn watch(self) -> u8 {
        self.0 as u8
    }

    #[inline]
    pub(crate) fn tier(self) -> u8 {
        (self.0 >> 8) as u8
    }

    #[inline]
    pub(crate) fn weight(self) -> u16 {
        (self.0 >> 16) as u16
    }
}
