//! What the gateway says, checked.
//!
//! Numbers are texts there, and what is 0, false or empty is left out. Bytes are Base64. What is not so is
//! an error that says which field: half of an answer is never taken for the whole.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Map, Value};

/// A key and its value. Of a key that is gone there is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pair {
    pub(super) key: Vec<u8>,
    pub(super) value: Option<Vec<u8>>,
    /// When it last changed.
    pub(super) revision: u64,
}

/// The answer of a range.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Whole {
    /// Of the store, when it was asked.
    pub(super) revision: u64,
    pub(super) pairs: Vec<Pair>,
    /// How many keys there are, of which a range with a filter has not all.
    pub(super) count: u64,
}

/// A line of a watch.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Message {
    /// What has changed, in order. Nothing, if it only says that it is there.
    Changes(Vec<Pair>),
    /// It ends, for this reason.
    Ended(String),
}

/// Reads the answer of a range.
pub(super) fn whole(text: &[u8]) -> Result<Whole, String> {
    let value = object(text)?;
    let header = value.get("header").and_then(Value::as_object);
    let header = header.ok_or("the answer has no \"header\"")?;
    let revision = number(header, "revision")?;
    let pairs = list(&value, "kvs")?.iter().map(|pair| self::pair(pair, false));
    let pairs = pairs.collect::<Result<Vec<_>, _>>()?;
    let count = number(&value, "count")?;
    if value.get("more").is_some_and(|more| *more != false) {
        return Err("the answer has not all the keys, and says so".into());
    }
    Ok(Whole { revision, pairs, count })
}

/// Reads a line of a watch.
pub(super) fn message(line: &[u8]) -> Result<Message, String> {
    let value = object(line)?;
    if let Some(reason) = refusal(&value) {
        return Ok(Message::Ended(reason));
    }
    let result = value.get("result").and_then(Value::as_object);
    let result = result.ok_or("a message has neither \"result\" nor \"error\"")?;
    let compacted = number(result, "compact_revision")?;
    if compacted > 0 {
        return Ok(Message::Ended(format!(
            "what it should begin with is compacted, up to {compacted}"
        )));
    }
    if result.get("canceled").is_some_and(|canceled| *canceled != false) {
        let reason =
            result.get("cancel_reason").and_then(Value::as_str).filter(|text| !text.is_empty());
        return Ok(Message::Ended(shown(reason.unwrap_or("etcd has cancelled it"))));
    }
    let events = list(result, "events")?.iter().map(event);
    Ok(Message::Changes(events.collect::<Result<_, _>>()?))
}

/// Why it is refused, if `value` says that.
pub(super) fn refusal(value: &Map<String, Value>) -> Option<String> {
    let error = value.get("error").filter(|error| !error.is_null());
    let text = |value: &Value| value.as_str().map(shown);
    let message = || value.get("message").and_then(text);
    match error {
        Some(Value::Object(inner)) => {
            inner.get("message").and_then(text).or_else(|| Some("an error".into()))
        }
        Some(error) => text(error).or_else(message).or_else(|| Some("an error".into())),
        None if value.contains_key("code") => message(),
        None => None,
    }
}

fn event(value: &Value) -> Result<Pair, String> {
    let event = value.as_object().ok_or("an event is no object")?;
    let gone = match event.get("type").map_or(Some("PUT"), Value::as_str) {
        Some("PUT") => false,
        Some("DELETE") => true,
        _ => return Err("the \"type\" of an event is neither PUT nor DELETE".into()),
    };
    pair(event.get("kv").ok_or("an event has no \"kv\"")?, gone)
}

fn pair(value: &Value, gone: bool) -> Result<Pair, String> {
    let pair = value.as_object().ok_or("a pair of key and value is no object")?;
    let key = bytes(pair, "key")?;
    let value = bytes(pair, "value")?;
    let revision = number(pair, "mod_revision")?;
    if key.is_empty() || revision == 0 {
        return Err("a pair has no \"key\" or no \"mod_revision\"".into());
    }
    Ok(Pair { key, value: Some(value).filter(|_| !gone), revision })
}

/// An object from JSON.
pub(super) fn object(text: &[u8]) -> Result<Map<String, Value>, String> {
    match serde_json::from_slice(text) {
        Ok(Value::Object(object)) => Ok(object),
        Ok(_) => Err("the answer is JSON, but no object".into()),
        Err(error) => Err(format!("the answer is no JSON: {error}")),
    }
}

fn list<'a>(object: &'a Map<String, Value>, field: &str) -> Result<&'a [Value], String> {
    match object.get(field) {
        None | Some(Value::Null) => Ok(&[]),
        Some(Value::Array(list)) => Ok(list),
        Some(_) => Err(format!("{field:?} is no list")),
    }
}

/// A number that etcd counts with: 63 bits, of which one is left to add 1.
fn number(object: &Map<String, Value>, field: &str) -> Result<u64, String> {
    let number = match object.get(field) {
        None | Some(Value::Null) => Some(0),
        Some(Value::String(text)) => text.parse().ok(),
        Some(value) => value.as_u64(),
    };
    let number = number.filter(|number| *number < i64::MAX as u64);
    number.ok_or_else(|| format!("{field:?} is no whole number"))
}

fn bytes(object: &Map<String, Value>, field: &str) -> Result<Vec<u8>, String> {
    match object.get(field) {
        None | Some(Value::Null) => Ok(vec![]),
        Some(Value::String(text)) => {
            BASE64_STANDARD.decode(text).map_err(|error| format!("{field:?} is no Base64: {error}"))
        }
        Some(_) => Err(format!("{field:?} is no text")),
    }
}

/// A text of the server's, as it may stand in one of ours: short, and in one line.
pub(super) fn shown(text: &str) -> String {
    text.chars().take(200).map(|char| if char.is_control() { ' ' } else { char }).collect()
}

#[cfg(all(test, not(loom)))]
mod tests {
    use proptest::prelude::*;
    use proptest::sample::Index;

    use super::*;

    const WHOLE: &str = r#"{"header":{"cluster_id":"1","revision":"7"},"kvs":[{"key":"dS9h","create_revision":"2","mod_revision":"2","version":"1","value":"YTo4MA=="},{"key":"dS9i","mod_revision":"3"}],"count":"2"}"#;
    const CHANGES: &str = r#"{"result":{"header":{"revision":"9"},"events":[{"kv":{"key":"dS9h","mod_revision":"8","value":"YQ=="}},{"type":"DELETE","kv":{"key":"dS9i","mod_revision":"9"}}]}}"#;

    fn pair(key: &str, value: Option<&str>, revision: u64) -> Pair {
        Pair { key: key.into(), value: value.map(Into::into), revision }
    }

    #[test]
    fn what_etcd_says_is_read() {
        let pairs = vec![pair("u/a", Some("a:80"), 2), pair("u/b", Some(""), 3)];
        assert_eq!(whole(WHOLE.as_bytes()), Ok(Whole { revision: 7, pairs, count: 2 }));
        let none = Whole { revision: 1, pairs: vec![], count: 0 };
        assert_eq!(whole(br#"{"header":{"revision":"1"}}"#), Ok(none));
        let changes = vec![pair("u/a", Some("a"), 8), pair("u/b", None, 9)];
        assert_eq!(message(CHANGES.as_bytes()), Ok(Message::Changes(changes)));
        let created = br#"{"result":{"header":{"revision":"5"},"created":true}}"#;
        assert_eq!(message(created), Ok(Message::Changes(vec![])));
    }

    #[test]
    fn an_end_has_its_reason() {
        for (line, reason) in [
            (
                r#"{"result":{"canceled":true,"compact_revision":"4"}}"#,
                "what it should begin with is compacted, up to 4",
            ),
            (r#"{"result":{"canceled":true}}"#, "etcd has cancelled it"),
            (r#"{"result":{"canceled":true,"cancel_reason":"no\nway"}}"#, "no way"),
            (r#"{"error":{"grpc_code":14,"message":"no leader"}}"#, "no leader"),
            (r#"{"error":"x","message":"y","code":2}"#, "x"),
            (r#"{"code":16,"message":"invalid auth token"}"#, "invalid auth token"),
        ] {
            assert_eq!(message(line.as_bytes()), Ok(Message::Ended(reason.into())), "{line}");
        }
    }

    #[test]
    fn lies_are_errors_that_name_the_field() {
        for (text, error) in [
            ("", "the answer is no JSON: EOF"),
            ("[]", "the answer is JSON, but no object"),
            ("{}", "the answer has no \"header\""),
            (r#"{"header":{"revision":"-1"}}"#, "\"revision\" is no whole number"),
            (r#"{"header":{"revision":"9223372036854775807"}}"#, "\"revision\" is no whole"),
            (r#"{"header":{"revision":1.5}}"#, "\"revision\" is no whole number"),
            (r#"{"header":{"revision":"1"},"kvs":{}}"#, "\"kvs\" is no list"),
            (r#"{"header":{"revision":"1"},"kvs":[3]}"#, "a pair of key and value is no object"),
            (r#"{"header":{"revision":"1"},"kvs":[{"key":"%"}]}"#, "\"key\" is no Base64"),
            (r#"{"header":{"revision":"1"},"kvs":[{"key":7}]}"#, "\"key\" is no text"),
            (
                r#"{"header":{"revision":"1"},"kvs":[{"key":"YQ=="}]}"#,
                "a pair has no \"key\" or no",
            ),
            (r#"{"header":{"revision":"1"},"more":true}"#, "the answer has not all the keys"),
        ] {
            let found = whole(text.as_bytes()).unwrap_err();
            assert!(found.starts_with(error), "{text}: {found}");
        }
        for (text, error) in [
            ("{}", "a message has neither \"result\" nor \"error\""),
            (r#"{"result":{"events":[1]}}"#, "an event is no object"),
            (r#"{"result":{"events":[{"type":"MOVE"}]}}"#, "the \"type\" of an event is neither"),
            (r#"{"result":{"events":[{}]}}"#, "an event has no \"kv\""),
        ] {
            let found = message(text.as_bytes()).unwrap_err();
            assert!(found.starts_with(error), "{text}: {found}");
        }
    }

    proptest! {
        /// What has been damaged is an error, or says something that etcd could have said.
        #[test]
        fn damaged_answers_are_read_or_refused(
            of_watch: bool,
            damage in prop::collection::vec((any::<Index>(), 0_usize..5, "[\\PC\"{}\\[\\]:,0-9]{0,6}"), 1..4),
        ) {
            let mut text: Vec<u8> = if of_watch { CHANGES } else { WHOLE }.into();
            for (at, length, by) in damage {
                let at = at.index(text.len() + 1);
                let end = (at + length).min(text.len());
                text.splice(at..end, by.into_bytes());
            }
            if of_watch {
                if let Ok(Message::Changes(pairs)) = message(&text) {
                    prop_assert!(pairs.iter().all(|pair| !pair.key.is_empty() && pair.revision > 0));
                }
            } else if let Ok(whole) = whole(&text) {
                prop_assert!(whole.revision < i64::MAX as u64);
                prop_assert!(whole.pairs.iter().all(|pair| !pair.key.is_empty() && pair.revision > 0));
            }
        }
    }
}
