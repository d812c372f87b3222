//! What the gateway is asked.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};

/// Asks for all keys from one up to another; if `newer_than` is given, for the names of those only that
/// have changed since that revision.
pub(super) fn range(key: &[u8], end: &[u8], newer_than: Option<u64>) -> Value {
    let mut body = json!({"key": base64(key), "range_end": base64(end)});
    if let Some(revision) = newer_than {
        body["keys_only"] = true.into();
        body["min_mod_revision"] = (revision + 1).to_string().into();
    }
    body
}

/// Asks to be told of what changes after `revision`.
pub(super) fn watch(key: &[u8], end: &[u8], revision: u64) -> Value {
    let start = (revision + 1).to_string();
    json!({"create_request":
        {"key": base64(key), "range_end": base64(end), "start_revision": start}})
}

fn base64(bytes: &[u8]) -> String {
    BASE64_STANDARD.encode(bytes)
}
