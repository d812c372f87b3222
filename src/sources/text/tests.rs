//! Texts that are broken: whatever is read of one stands in it.

use proptest::prelude::*;

use super::*;
use crate::member::Member;
use crate::peer::Identifier;

/// Texts near the grammar: its pieces in any order, and what is none of them.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "[a-c]{1,3}",
        "[0-9]{1,6}",
        prop::sample::select(vec![
            "\n",
            "\r\n",
            " ",
            "\t",
            "#",
            " # ",
            "*",
            "=",
            ",",
            ":",
            "[",
            "]",
            "{",
            "}",
            "\"",
            "\\",
            "\\u0000",
            "\\ud800",
            "weight",
            "tier=1",
            "zone=eu",
            "shard=",
            "\"peer\":",
            "\"peers\":",
            "\"weight\":",
            "null",
            "true",
            "-1",
            "1e9",
            "[::1]:80",
            "\u{feff}",
            "\u{85}",
            "\0",
        ])
        .prop_map(str::to_owned),
        "\\PC{1,2}",
    ];
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

/// Texts as they should be.
fn well_formed() -> impl Strategy<Value = String> {
    let peer = ("[a-z]{1,5}:[0-9]{1,5}", 1..=u16::MAX, any::<u8>());
    let lines = prop::collection::vec(peer.clone(), 1..6).prop_map(|peers| {
        let lines = peers.iter().map(|(id, weight, tier)| format!("{id}*{weight} tier={tier}\n"));
        lines.collect::<String>()
    });
    let json = prop::collection::vec(peer, 1..6).prop_map(|peers| {
        let one = |(id, weight, tier): &(String, u16, u8)| {
            format!(r#"{{"peer": "{id}", "weight": {weight}, "tier": {tier}}}"#)
        };
        format!(r#"{{"peers": [{}]}}"#, peers.iter().map(one).collect::<Vec<_>>().join(", "))
    });
    prop_oneof![lines, json]
}

/// Names of peers that are read as such stand in the text; in JSON perhaps with escapes.
fn check(text: &str) -> Result<Vec<Member>, TestCaseError> {
    let Ok(answer) = read_peers("here", text) else { return Ok(vec![]) };
    for peer in &answer.peers {
        let id = peer.identifier();
        prop_assert!(!id.is_empty() && !id.contains(char::is_control), "{:?}", id);
        prop_assert!(text.contains(id) || text.contains('\\'), "{:?}", id);
    }
    for fault in &answer.faults {
        prop_assert!(
            fault.starts_with("here line ") || fault.starts_with("here peer "),
            "{}",
            fault
        );
    }
    Ok(answer.peers)
}

proptest! {
    #[test]
    fn no_text_is_read_as_what_it_does_not_say(text in pieces()) {
        check(&text)?;
    }

    #[test]
    fn a_broken_text_has_no_more_peers_than_a_whole_one(
        text in well_formed(), at: prop::sample::Index, cut: bool, put in "[\\[\\]{}\",:*#\\n a-z0-9]{0,3}",
    ) {
        // Without its feature a text of JSON has no peers, and one that is broken may be lines.
        prop_assume!(cfg!(feature = "json") || !is_json(&text));
        let whole = check(&text)?;
        prop_assert!(!whole.is_empty());
        let at = at.index(text.len());
        let rest = if cut { "" } else { &text[(at + 1).min(text.len())..] };
        let broken = check(&format!("{}{put}{rest}", &text[..at]))?;
        prop_assert!(broken.len() <= whole.len() + put.matches('\n').count());
    }

    /// JSON that ends too soon is none: of a set that is cut short no half is taken for the whole.
    #[cfg(feature = "json")]
    #[test]
    fn json_that_is_cut_short_is_an_error(text in well_formed(), at: prop::sample::Index) {
        prop_assume!(is_json(&text));
        let cut = &text[..at.index(text.len() - 1) + 1];
        prop_assert!(read_peers("here", cut).is_err());
    }
}

#[test]
fn the_beginning_says_which_of_the_two_it_is() {
    for json in ["[]", " \n{", "[\"a\"]", "[1]", "[false]", "[[", "["] {
        assert!(is_json(json), "{json}");
    }
    for lines in ["", "a", "[::1]:80", "\n [fe80::1%eth0]:80*3", "# [\n", "a:1 # {"] {
        assert!(!is_json(lines), "{lines}");
    }
    assert_eq!(read_peers("here", "\u{feff}a:1\n").unwrap().peers[0].identifier(), "a:1");
}

#[cfg(feature = "json")]
#[test]
fn the_two_examples_of_the_book_have_the_same_peers() {
    let page = include_str!("../../../docs/sources.md");
    let (_, part) = page.split_once("## Many peers").unwrap();
    let peers = ["10.0.0.1:80*3 zone=eu-1a", "10.0.0.2:80 zone=eu-1b tier=1"];
    for fence in ["```text\n", "```json\n"] {
        let (example, _) = part.split_once(fence).unwrap().1.split_once("```").unwrap();
        let answer = read_peers("here", example).unwrap();
        assert_eq!(answer.peers, peers.map(|peer| member(peer).unwrap()), "{example}");
        assert!(answer.faults.is_empty(), "{:?}", answer.faults);
    }
}
