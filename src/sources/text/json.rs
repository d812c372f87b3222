//! Peers as JSON: an array of them, or an object with one under `peers`.
//!
//! A peer is a text as everywhere else, or an object with `peer` and any of `weight`, `tier`, `zone`
//! and `shard`. Other keys are left alone: they are for other readers.

use serde_json::{Map, Value};

use super::super::contract::{Answer, SourceError};
use super::member::{checked, member};
use crate::attributes::Attributes;
use crate::member::Member;

/// Reads what of it are peers. What are none is said of `place`, and where it is in it.
pub(super) fn read(place: &str, text: &str) -> Result<Answer, SourceError> {
    let wrong = |error| format!("{place} is no JSON: {error}");
    let value: Value = serde_json::from_str(text).map_err(wrong)?;
    let array = match &value {
        Value::Object(object) => object.get("peers").and_then(Value::as_array),
        value => value.as_array(),
    };
    let need = "an array of peers, or an object with one under \"peers\"";
    let array = array.ok_or_else(|| format!("{place} is JSON, but not {need}"))?;
    let (mut peers, mut faults) = (vec![], vec![]);
    for (number, value) in array.iter().enumerate() {
        match read_one(value) {
            Ok(member) => peers.push(member),
            Err(fault) => faults.push(format!("{place} peer {}: {fault}", number + 1)),
        }
    }
    Ok(Answer::new(peers).with_faults(faults))
}

/// Reads one peer, an object.
#[cfg(feature = "etcd")]
pub(super) fn peer(text: &str) -> Result<Member, String> {
    let wrong = |error| format!("it is no JSON: {error}");
    read_one(&serde_json::from_str(text).map_err(wrong)?)
}

fn read_one(value: &Value) -> Result<Member, String> {
    match value {
        Value::String(text) => member(text),
        Value::Object(object) => read_object(object),
        other => Err(format!("{other} is neither a text nor an object with \"peer\"")),
    }
}

fn read_object(object: &Map<String, Value>) -> Result<Member, String> {
    let text = |key: &str| match object.get(key) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.as_str()).filter(|text| !text.is_empty())),
        Some(other) => Err(format!("{key}={other} must be a text")),
    };
    let number = |key: &str, least: u64, most: u64| match object.get(key) {
        None | Some(Value::Null) => Ok(None),
        Some(value) => {
            let number = value.as_u64().filter(|number| (least..=most).contains(number));
            let must = format!("must be a whole number from {least} to {most}");
            number.map(Some).ok_or_else(|| format!("{key}={value} {must}"))
        }
    };
    let id = text("peer")?.ok_or("a peer needs a name, as \"peer\"")?;
    let mut attributes = Attributes::new();
    if let Some(weight) = number("weight", 1, u16::MAX.into())? {
        attributes = attributes.with_weight(weight as u16);
    }
    if let Some(tier) = number("tier", 0, u8::MAX.into())? {
        attributes = attributes.with_tier(tier as u8);
    }
    if let Some(zone) = text("zone")? {
        attributes = attributes.with_zone(zone);
    }
    if let Some(shard) = text("shard")? {
        attributes = attributes.with_shard(shard);
    }
    checked(id, attributes)
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;
    use crate::peer::Identifier;

    #[test]
    fn what_is_no_peer_is_named_and_the_rest_applies() {
        let text = r#"{"peers": ["a:80*2", {"peer": "b:80", "weight": 3, "tier": 1, "zone": "eu", "node": 7},
            {"peer": "c:80", "weight": 0}, 4, {"weight": 3}, "d:80"], "version": 2}"#;
        let answer = read("peers.json", text).unwrap();
        let ids: Vec<_> = answer.peers.iter().map(Identifier::identifier).collect();
        assert_eq!(ids, ["a:80", "b:80", "d:80"]);
        let attributes = Attributes::new().with_weight(3).with_tier(1).with_zone("eu");
        assert_eq!(answer.peers[1].attributes(), attributes);
        assert_eq!(
            answer.faults,
            [
                "peers.json peer 3: weight=0 must be a whole number from 1 to 65535",
                "peers.json peer 4: 4 is neither a text nor an object with \"peer\"",
                "peers.json peer 5: a peer needs a name, as \"peer\"",
            ]
        );
    }

    #[test]
    fn what_is_no_json_says_where() {
        let error = |text| read("peers.json", text).unwrap_err().to_string();
        assert!(error("[\"a\",\n]").starts_with("peers.json is no JSON: "));
        assert!(error("[\"a\",\n]").contains("line 2 column 1"));
        assert!(error("{\"peer\": []}").starts_with("peers.json is JSON, but not an array"));
        assert!(error(&"[".repeat(100_000)).contains("recursion limit"));
    }
}
