//! One peer as text.

use crate::attributes::Attributes;
use crate::member::Member;

const WEIGHT: &str = "must be a whole number from 1 to 65535";

/// Reads `NAME[*WEIGHT] [key=value]...`. The error says what is there and what would be right.
pub(crate) fn member(text: &str) -> Result<Member, String> {
    let mut words = text.split_whitespace();
    let name = words.next().ok_or("a peer needs a name")?;
    let mut attributes = Attributes::new();
    let id = match name.rsplit_once('*') {
        None => name,
        Some((id, digits)) => {
            let weight = weight(digits).ok_or(format!("{name:?}: the weight behind * {WEIGHT}"))?;
            attributes = attributes.with_weight(weight);
            id
        }
    };
    for word in words {
        attributes = set(attributes, word)?;
    }
    checked(id, attributes)
}

/// Checks what every name must be.
pub(super) fn checked(id: &str, attributes: Attributes) -> Result<Member, String> {
    if id.is_empty() {
        return Err("a peer needs a name".into());
    }
    if id.contains(char::is_control) {
        return Err(format!("{id:?}: a name has no control characters"));
    }
    Ok(Member::new(id, attributes))
}

fn weight(digits: &str) -> Option<u16> {
    let digits = Some(digits).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()));
    digits?.parse().ok().filter(|weight| *weight > 0)
}

fn set(attributes: Attributes, word: &str) -> Result<Attributes, String> {
    let (key, value) =
        word.split_once('=').ok_or(format!("{word:?} is not of the form key=value"))?;
    let wrong = |must: &str| format!("{key}={value:?} {must}");
    match key {
        "weight" => {
            weight(value).map(|weight| attributes.with_weight(weight)).ok_or_else(|| wrong(WEIGHT))
        }
        "tier" => value
            .parse()
            .map(|tier| attributes.with_tier(tier))
            .map_err(|_| wrong("must be a whole number from 0 to 255")),
        "zone" if !value.is_empty() => Ok(attributes.with_zone(value)),
        "shard" if !value.is_empty() => Ok(attributes.with_shard(value)),
        "zone" | "shard" => Err(wrong("must not be empty")),
        _ => Err(format!("there is no key {key:?}; need one of weight, tier, zone, shard")),
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;
    use crate::peer::Identifier;

    #[test]
    fn a_peer_has_a_name_and_what_is_known_of_it() {
        let peer = member(" [::1]:80*3  tier=1 zone=eu-1a shard=s ").unwrap();
        let attributes = Attributes::new().with_weight(3).with_tier(1);
        assert_eq!(peer, Member::new("[::1]:80", attributes.with_zone("eu-1a").with_shard("s")));
        assert_eq!(member("a").unwrap().attributes(), Attributes::new());
        assert_eq!(member("a*2 weight=65535").unwrap().attributes().weight, 65535);
    }

    #[test]
    fn what_is_none_says_why() {
        for (text, error) in [
            ("", "a peer needs a name"),
            ("*3", "a peer needs a name"),
            ("a*", "\"a*\": the weight behind * must be a whole number from 1 to 65535"),
            ("a*+3", "\"a*+3\": the weight behind * must be a whole number from 1 to 65535"),
            ("a weight=65536", "weight=\"65536\" must be a whole number from 1 to 65535"),
            ("a tier=256", "tier=\"256\" must be a whole number from 0 to 255"),
            ("a zone=", "zone=\"\" must not be empty"),
            ("a b", "\"b\" is not of the form key=value"),
            ("a wieght=3", "there is no key \"wieght\"; need one of weight, tier, zone, shard"),
            ("a\u{7}", "\"a\\u{7}\": a name has no control characters"),
        ] {
            assert_eq!(member(text).unwrap_err(), error);
        }
    }
}
