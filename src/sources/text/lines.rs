//! Peers as lines: one each; a `#` at the beginning of one or behind a space begins a comment.

use std::fmt::Write;

use super::super::contract::Answer;
use super::member::member;
use crate::attributes::Attributes;
use crate::member::Member;
use crate::peer::Identifier;

/// Reads lines. What `place` and its line number are said to be at fault for is left out.
pub(super) fn read(place: &str, text: &str) -> Answer {
    let (mut peers, mut faults) = (vec![], vec![]);
    for (number, line) in text.lines().enumerate() {
        let line = without_comment(line).trim();
        if line.is_empty() {
            continue;
        }
        match member(line) {
            Ok(member) => peers.push(member),
            Err(fault) => faults.push(format!("{place} line {}: {fault}", number + 1)),
        }
    }
    Answer::new(peers).with_faults(faults)
}

fn without_comment(line: &str) -> &str {
    if line.trim_start().starts_with('#') {
        return "";
    }
    let comment = [" #", "\t#"].iter().filter_map(|begin| line.find(begin)).min();
    &line[..comment.unwrap_or(line.len())]
}

/// Writes peers as lines, which are read as the same peers. A name or an attribute that no line can
/// have is an error.
pub(crate) fn write_lines<'a>(
    title: &str,
    peers: impl IntoIterator<Item = (&'a str, &'a Attributes)>,
) -> Result<String, String> {
    let mut text = format!("# {}\n", title.escape_debug());
    for (id, attributes) in peers {
        let Attributes { weight, tier, zone, shard } = attributes;
        let mut line = id.to_owned();
        if *weight > 1 || id.contains('*') {
            let _ = write!(line, "*{}", (*weight).max(1));
        }
        if *tier > 0 {
            let _ = write!(line, " tier={tier}");
        }
        for (key, value) in [("zone", zone), ("shard", shard)] {
            if let Some(value) = value {
                let _ = write!(line, " {key}={value}");
            }
        }
        let weight = (*weight).max(1);
        let again = Member::new(id, Attributes { weight, ..attributes.clone() });
        if !read("", &line).peers.iter().eq([&again]) {
            return Err(format!("no line can have the peer {:?}", again.identifier()));
        }
        text.push_str(&line);
        text.push('\n');
    }
    Ok(text)
}

#[cfg(all(test, not(loom)))]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_line_that_is_no_peer_is_named_and_the_rest_applies() {
        let text = "# users\r\n\r\na:80*3 tier=1 # near\r\n  b:80#1\nc:80 teir=1\n\td:80\t#\n*";
        let answer = read("peers.txt", text);
        let ids: Vec<_> = answer.peers.iter().map(Identifier::identifier).collect();
        assert_eq!(ids, ["a:80", "b:80#1", "d:80"]);
        assert_eq!(
            answer.faults,
            [
                "peers.txt line 5: there is no key \"teir\"; need one of weight, tier, zone, shard",
                "peers.txt line 7: \"*\": the weight behind * must be a whole number from 1 to 65535",
            ]
        );
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_as_it_was(
            id in "\\PC{1,9}", weight in 0..=u16::MAX, tier: u8, zone in "(\\PC{1,9})?",
        ) {
            let mut attributes = Attributes::new().with_weight(weight).with_tier(tier);
            if !zone.is_empty() {
                attributes = attributes.with_zone(zone);
            }
            if let Ok(text) = write_lines("all\nof them", [(id.as_str(), &attributes)]) {
                let answer = read("", &text);
                attributes.weight = weight.max(1);
                prop_assert_eq!(answer.peers, [Member::new(id, attributes)]);
                prop_assert!(answer.faults.is_empty());
            }
        }
    }
}
