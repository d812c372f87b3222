//! What is no configuration is refused: nothing panics, and each fault has a place in the text.

use proptest::prelude::*;
use proptest::sample::{Index, select};

use super::read;

const SEED: &str = include_str!("seed.yaml");

/// Reads it, and checks what is said of it.
fn check(text: &str) -> Result<(), TestCaseError> {
    let Err(errors) = read(text) else { return Ok(()) };
    prop_assert!(!errors.findings().is_empty());
    let lines = text.lines().count().max(1);
    for finding in errors.findings() {
        prop_assert!(finding.line().is_none_or(|line| line >= 1 && line <= lines), "{finding}");
        prop_assert!(finding.column().is_none_or(|column| column >= 1));
        prop_assert!(!finding.what().is_empty());
    }
    let text = errors.to_string();
    prop_assert_eq!(text.lines().count(), errors.findings().len(), "{}", text);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,200}") {
        check(&text)?;
    }

    #[test]
    fn signs_of_yaml_are_read_or_refused(
        parts in prop::collection::vec(
            select(vec![
                "choosers", "outbounds", "a", ": ", "\n", "\n  ", "\n    ", "- ", "[", "]", "{", "}", ",",
                "'", "\"", "&a ", "*a", "<<", "? ", "|\n", ">", "#", "!!str ", "---\n", "...", "%", "\t",
                "policy", "peers", "random", "${", "\u{0}", "\u{feff}", "\\x",
            ]),
            0..60,
        ),
    ) {
        check(&parts.concat())?;
    }

    /// A file with parts of it taken out, doubled and put elsewhere.
    #[test]
    fn a_file_that_is_damaged_is_read_or_refused(
        cuts in prop::collection::vec(any::<(Index, Index, Index)>(), 1..6),
    ) {
        let mut text: Vec<char> = SEED.chars().collect();
        for (from, len, to) in cuts {
            let from = from.index(text.len());
            let len = len.index(20).min(text.len() - from);
            let part: Vec<_> = text.drain(from..from + len).collect();
            if text.is_empty() {
                break;
            }
            let to = to.index(text.len());
            if len % 3 != 0 {
                text.splice(to..to, part);
            }
        }
        check(&text.iter().collect::<String>())?;
    }
}

#[test]
fn the_file_that_is_damaged_is_right() {
    assert!(read(SEED).is_ok(), "{}", read(SEED).unwrap_err());
}

#[test]
fn a_long_file_is_read() {
    let peers: Vec<_> = (0..50_000).map(|n| format!("10.{}.{}.1:{n}", n / 256, n % 256)).collect();
    let text = format!("choosers: {{a: {{policy: random, peers: [{}]}}}}", peers.join(", "));
    assert!(read(&text).is_ok());
    let keys: Vec<_> = (0..50_000).map(|n| format!("k{n}: 1")).collect();
    assert_eq!(read(&keys.join("\n")).unwrap_err().findings().len(), 50_000);
}
