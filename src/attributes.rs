//! What is known of a peer beside its name.

use std::sync::Arc;

/// What an updater knows of a peer beside its name: how much it can take, where it is, and who it
/// is on a hash ring.
///
/// A list reads them once, when the peer is added
/// ([`Identifier::attributes`](crate::Identifier::attributes)). Adding and removing the same name in one
/// update changes them, and keeps the peer, its connection and its load.
///
/// ```
/// use peerage::Attributes;
///
/// let attributes = Attributes::new().with_weight(3).with_zone("eu-1a");
/// assert_eq!((attributes.weight, attributes.tier), (3, 0));
/// assert_eq!(attributes.zone.as_deref(), Some("eu-1a"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Attributes {
    /// How much it can take beside others: a peer of weight 2 as much as two of weight 1, the
    /// default. 0 counts as 1. `weighted-round-robin`, `maglev`, `hashring32`, `least-loaded` and its kin
    /// go by it, and `two-random-choices` with settings of its own.
    pub weight: u16,
    /// Which tier it belongs to: 0, the default, is the first to be used.
    pub tier: u8,
    /// Where it is. `None`: unknown.
    pub zone: Option<Arc<str>>,
    /// The name under which a hash ring or table places it; `None`: its identifier. Peers with the same
    /// shard name share one place on the ring.
    pub shard: Option<Arc<str>>,
}

impl Attributes {
    /// The attributes of a peer of which only the name is known.
    #[must_use]
    pub const fn new() -> Self {
        Self { weight: 1, tier: 0, zone: None, shard: None }
    }

    /// Sets the weight.
    #[must_use]
    pub fn with_weight(mut self, weight: u16) -> Self {
        self.weight = weight;
        self
    }

    /// Sets the tier.
    #[must_use]
    pub fn with_tier(mut self, tier: u8) -> Self {
        self.tier = tier;
        self
    }

    /// Sets the zone.
    #[must_use]
    pub fn with_zone(mut self, zone: impl Into<Arc<str>>) -> Self {
        self.zone = Some(zone.into());
        self
    }

    /// Sets the name on a hash ring.
    #[must_use]
    pub fn with_shard(mut self, shard: impl Into<Arc<str>>) -> Self {
        self.shard = Some(shard.into());
        self
    }
}

impl Default for Attributes {
    fn default() -> Self {
        Self::new()
    }
}
