//! How many requests each peer may have: what a bounded choice asks of the peers that it meets.

use crate::roster::Entry;
use crate::slot::Pinned;

/// The same number for all peers, or one by their weights.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Room {
    /// So many requests.
    Each(u32),
    /// `of` requests, in thousandths, for all peers together, whose weights are `weights` in sum.
    ByWeight { of: u64, weights: u64 },
}

impl Room {
    /// As many as may be.
    pub(crate) const ANY: Self = Self::Each(u32::MAX);

    /// How many requests a peer of this weight may have: its part, rounded up.
    #[inline]
    pub(crate) fn of(self, weight: u16) -> u32 {
        match self {
            Self::Each(limit) => limit,
            Self::ByWeight { of, weights } => {
                // 2⁶⁰ thousandths at a weight of 2¹⁶ do not fit 64 bits.
                let part = u128::from(of) * u128::from(weight.max(1));
                let part = part.div_ceil(1_000 * u128::from(weights.max(1)));
                u32::try_from(part).unwrap_or(u32::MAX)
            }
        }
    }

    /// Pins the peer, if it has fewer requests than it may.
    #[inline]
    pub(crate) fn pin(self, peer: Entry<'_>) -> Option<Pinned<'_>> {
        let limit = match self {
            Self::Each(limit) => limit,
            Self::ByWeight { .. } => self.of(peer.weight()),
        };
        peer.pin_below(limit)
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::Room;

    #[test]
    fn a_part_is_by_weight_and_rounded_up() {
        // 100 requests at a bound of 1.25, of peers of the weights 1, 2 and 4.
        let room = Room::ByWeight { of: 125_000, weights: 7 };
        assert_eq!([1, 2, 4].map(|weight| room.of(weight)), [18, 36, 72]);
        assert_eq!(room.of(0), 18, "0 counts as 1");
        let most = Room::ByWeight { of: u64::MAX, weights: 1 };
        assert_eq!(most.of(u16::MAX), u32::MAX);
        assert_eq!(Room::ByWeight { of: 1_000, weights: 0 }.of(1), 1);
        assert_eq!([Room::Each(3), Room::ANY].map(|room| room.of(9)), [3, u32::MAX]);
    }
}
