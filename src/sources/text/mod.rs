//! Peers as text.
//!
//! One grammar for a peer, wherever it stands: in a URI, a line of a file, a value of a registry:
//!
//! ```text
//!  peer  NAME[*WEIGHT] [key=value]...     key: weight, tier, zone, shard
//! ```
//!
//! and two for many: `lines`, one peer each, `#` before a comment; and `json`, where a peer is such a
//! text or an object. What begins with `{`, or with `[` but no IPv6 address in it, is JSON.

#[cfg(feature = "json")]
mod json;
mod lines;
mod member;

pub(crate) use self::lines::write_lines;
pub(crate) use self::member::member;

use std::net::Ipv6Addr;

use super::contract::{Answer, SourceError};
#[cfg(feature = "etcd")]
use crate::member::Member;

/// Reads what `place` (a file, an address) has. What of it can be read applies.
pub(crate) fn read_peers(place: &str, text: &str) -> Result<Answer, SourceError> {
    // A mark that some editors put before a text.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if is_json(text) {
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

/// Whether a text is to be read as JSON. Lines may begin with a bracket too: that of `[::1]:80`.
pub(crate) fn is_json(text: &str) -> bool {
    let text = text.trim_start();
    let Some(rest) = text.strip_prefix('[') else { return text.starts_with('{') };
    let address = rest.split([']', '%']).next().unwrap_or(rest);
    address.parse::<Ipv6Addr>().is_err()
}

#[cfg(all(test, not(loom)))]
mod tests;
