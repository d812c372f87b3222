//! What can be set on a ring.

use crate::policy::engine::MAX_OFFSET;

/// The settings of a [`HashRing32`](super::HashRing32). The defaults are yarpc-go's.
///
/// ```
/// use peerage::policy::{HashRing32, HashRing32Options};
///
/// let options = HashRing32Options { replica_delimiter: "#".into(), ..Default::default() };
/// let policy = HashRing32::new(options);
/// # let _ = policy;
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HashRing32Options {
    /// Points per member, or of the heaviest ones if weights differ. Default 100 (yarpc-go
    /// `hashring32.go`). More points spread keys more evenly, at 9 bytes each. 0 counts as 1, more than
    /// 65536 as that.
    pub replicas: u32,
    /// What stands between a member's name and the number of its point. Empty by default, as in
    /// yarpc-go, which makes some names ambiguous: `host:1` + `23` and `host:12` + `3` are the same
    /// point. Set one, such as `#`, unless other clients of the same ring have none.
    pub replica_delimiter: String,
    /// A header that names the member to take.
    pub peer_override_header: Option<String>,
    /// A header that says how many members to go past: a decimal number. A value that is no such
    /// number, negative, or above [`max_offset`](Self::max_offset) counts as 0.
    pub offset_header: Option<String>,
    /// The largest offset taken from the header, default 32 and at most 255: callers control the
    /// header, and an offset costs time.
    pub max_offset: u32,
    /// Goes past a random number of members, below this (at most 256) and below the number of
    /// available peers. Spreads a hot key over several. 0, the default: none. Not used with an
    /// offset header.
    pub offset_generator: u32,
    /// A header whose value, any bytes, takes the place of the request's shard key. A request
    /// without it, or with an empty one, falls back to its shard key.
    pub alternate_shard_key_header: Option<String>,
}

impl HashRing32Options {
    /// The same with every number in its range, and without headers that have no name.
    pub(in crate::policy) fn bounded(mut self) -> Self {
        self.replicas = self.replicas.clamp(1, 65536);
        self.max_offset = self.max_offset.min(MAX_OFFSET as u32);
        self.offset_generator = self.offset_generator.min(MAX_OFFSET as u32 + 1);
        for header in [
            &mut self.peer_override_header,
            &mut self.offset_header,
            &mut self.alternate_shard_key_header,
        ] {
            if header.as_deref() == Some("") {
                *header = None;
            }
        }
        self
    }
}

impl Default for HashRing32Options {
    fn default() -> Self {
        Self {
            replicas: 100,
            replica_delimiter: String::new(),
            peer_override_header: None,
            offset_header: None,
            max_offset: 32,
            offset_generator: 0,
            alternate_shard_key_header: None,
        }
    }
}
