//! What was meant by a word that does not exist.

/// What to take instead of `word`: the one that is nearly the same, if there is one, and all.
pub(super) fn instead<'k>(word: &str, known: impl IntoIterator<Item = &'k str>) -> String {
    let known: Vec<_> = known.into_iter().collect();
    let all = known.join(", ");
    match nearest(word, &known) {
        _ if known.is_empty() => "there are none".into(),
        Some(near) => format!("did you mean {near:?}? need one of {all}"),
        None => format!("need one of {all}"),
    }
}

/// The word that a few mistakes turn into `word`; case and the signs between words count for nothing.
fn nearest<'k>(word: &str, known: &[&'k str]) -> Option<&'k str> {
    let word = bare(word);
    let mistakes = |other: &&&str| strsim::osa_distance(&word, &bare(other));
    let near = known.iter().min_by_key(mistakes)?;
    (mistakes(&near) <= word.chars().count().min(bare(near).len()) / 3).then_some(near)
}

fn bare(word: &str) -> String {
    let plain = word.chars().filter(|c| !matches!(c, '-' | '_'));
    plain.take(64).flat_map(char::to_lowercase).collect()
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn small_mistakes_are_seen_through() {
        let known = ["capacity", "fail-fast", "timeout", "peers"];
        for (word, meant) in [
            ("capacty", Some("capacity")),
            ("failFast", Some("fail-fast")),
            ("FAIL_FAST", Some("fail-fast")),
            ("tiemout", Some("timeout")),
            ("peer", Some("peers")),
            ("x", None),
            ("", None),
            ("deadline", None),
        ] {
            assert_eq!(nearest(word, &known), meant, "{word}");
        }
        assert_eq!(instead("a", ["b"]), "need one of b");
        assert_eq!(instead("a", []), "there are none");
    }
}
