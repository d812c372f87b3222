//! Peers as text.
//!
//! One grammar for a peer, wherever it stands: in a URI, a line of a file, a value of a registry:
//!
//! ```text
//!  peer  NAME[*WEIGHT] [key=value]...     key: weight, tier, zone, shard
//! ```
//!
//! and two for many: `lines`, one peer each, `#` before a comment; and `json`, where a peer is such a
//! text or an object. What begins with `[` or `{` is JSON.

#[cfg(feature = "json")]
mod json;
mod lines;
mod member;

pub(crate) use self::lines::write_lines;
pub(crate) use self::member::member;

use super::contract::{Answer, SourceError};
#[cfg(feature = "etcd")]
use crate::member::Member;

/// Reads what `place` (a file, an address) has. What of it can be read applies.
pub(crate) fn read_peers(place: &str, text: &str) -> Result<Answer, SourceError> {
    if text.trim_start().starts_with(['[', '{']) {
        #[cfg(feature = "json")]
        return json::read(place, text);
        #[cfg(not(feature = "json"))]
        return Err(format!(
            "{place} has JSON, which this build cannot read: it has no feature json"
        )
        .into());
    }
    Ok(lines::read(place, text))
}

/// Reads one peer: a text, or a JSON object. The error says what is there and what would be right.
#[cfg(feature = "etcd")]
pub(crate) fn read_peer(text: &str) -> Result<Member, String> {
    if text.trim_start().starts_with('{') { json::peer(text) } else { member(text) }
}
