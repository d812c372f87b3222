//! How a peer is, in a word and a sign, and which peers come first.

use std::cmp::Reverse;

use crate::peer::ConnectionStatus;
use crate::reasons::Reason;
use crate::stats::{Outcomes, PeerStatus};

/// How a peer is, in the order in which a page has them: what does not
/// serve comes first, and what stands by and is no fault comes last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Standing {
    Unavailable,
    Connecting,
    Ejected,
    Draining,
    Available,
    LaterTier,
    OutsideSubset,
}

impl Standing {
    pub(super) fn of(peer: &PeerStatus) -> Self {
        let has = |reason| peer.reasons.has(reason);
        match peer.status.connection_status {
            // One that is about to go is not missed.
            _ if has(Reason::Draining) => Self::Draining,
            ConnectionStatus::Unavailable => Self::Unavailable,
            ConnectionStatus::Connecting => Self::Connecting,
            ConnectionStatus::Available if has(Reason::Ejected) => Self::Ejected,
            ConnectionStatus::Available if has(Reason::LaterTier) => Self::LaterTier,
            ConnectionStatus::Available if has(Reason::OutsideSubset) => Self::OutsideSubset,
            ConnectionStatus::Available => Self::Available,
        }
    }

    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Unavailable => "unavailable",
            Self::Connecting => "connecting",
            Self::Ejected => "ejected",
            Self::Draining => "draining",
            Self::Available => "available",
            Self::LaterTier => "in a later tier",
            Self::OutsideSubset => "outside the subset",
        }
    }

    /// Whether it serves, or stands by for those that do.
    pub(super) fn is_well(self) -> bool {
        self >= Self::Available
    }

    /// The class of its colour, and a sign that tells it without one. No font makes a picture of these.
    pub(super) fn look(self) -> (&'static str, &'static str) {
        match self {
            Self::Unavailable => ("bad", "✕"),
            Self::Connecting => ("warn", "◐"),
            Self::Ejected => ("bad", "▲"),
            Self::Draining => ("warn", "▽"),
            Self::Available => ("good", "●"),
            Self::LaterTier | Self::OutsideSubset => ("calm", "○"),
        }
    }
}

/// Requests that went wrong by the peer's fault, and those that say something of it.
pub(super) fn errors(outcomes: &Outcomes) -> (u64, u64) {
    let errors = outcomes.failure.saturating_add(outcomes.overloaded);
    (errors, errors.saturating_add(outcomes.success))
}

/// The peers in the order of a page: by their standing, then those with the largest share of errors, in
/// whole percents so that the order is calm while all is well, then by identifier.
pub(super) fn ordered(peers: &[PeerStatus]) -> Vec<(Standing, &PeerStatus)> {
    let mut ordered: Vec<_> = peers.iter().map(|peer| (Standing::of(peer), peer)).collect();
    // Stable: peers are in the order of their identifiers.
    ordered.sort_by_cached_key(|(standing, peer)| {
        let (errors, ended) = errors(&peer.outcomes);
        let percent = u128::from(errors) * 100 / u128::from(ended.max(1));
        (*standing, Reverse(percent))
    });
    ordered
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;
    use crate::reasons::Reasons;

    #[test]
    fn a_peer_that_stands_by_is_well() {
        for (reason, is_well) in [
            (None, true),
            (Some(Reason::LaterTier), true),
            (Some(Reason::OutsideSubset), true),
            (Some(Reason::Draining), false),
            (Some(Reason::Ejected), false),
        ] {
            let mut peer = PeerStatus::default();
            peer.status.connection_status = ConnectionStatus::Available;
            peer.reasons = reason.map_or(Reasons::NONE, |reason| Reasons::NONE.with(reason));
            assert_eq!(Standing::of(&peer).is_well(), is_well, "{reason:?}");
        }
    }
}
