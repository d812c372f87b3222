//! The book's table of calls names what there is: each word of a column is one of that language's sources.
#![cfg(not(loom))]

use std::fs;
use std::path::{Path, PathBuf};

/// All files below a folder with this ending, as one text; `None`: the package that is published lacks it.
fn sources(folder: &str, ending: &str) -> Option<String> {
    fn below(folder: &Path, ending: &str, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                below(&path, ending, found);
            } else if path.extension().is_some_and(|it| it == ending) {
                found.push(path);
            }
        }
    }
    let mut found = vec![];
    below(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), ending, &mut found);
    let texts = found.iter().map(|path| fs::read_to_string(path).expect("text"));
    (!found.is_empty()).then(|| texts.collect())
}

/// Whether the text has the name where one is declared: not as a part of a longer one.
fn declares(text: &str, name: &str) -> bool {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    text.match_indices(name).any(|(at, _)| {
        let (before, after) = (&text[..at], &text[at + name.len()..]);
        !before.ends_with(is_part) && !after.starts_with(is_part)
    })
}

#[test]
fn every_call_of_the_book_is_one() {
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/calls.md"));
    let page = page.expect("the page");
    let (table, _) = page.split_once("## Errors").expect("the errors are apart");
    let languages = [
        sources("src", "rs"),
        sources("include", "h"),
        sources("include", "hpp"),
        sources("bindings/go", "go"),
    ];
    let mut calls = 0;
    for line in table.lines().filter(|line| line.starts_with("| ") && line.contains('`')) {
        let cells = line.trim_matches('|').split('|').skip(1);
        for (cell, text) in cells.zip(&languages) {
            let Some(text) = text else { continue };
            // `a::b` is two names.
            let names = cell.split('`').skip(1).step_by(2).flat_map(|code| code.split("::"));
            for name in names.filter(|name| !name.contains(['*', '…'])) {
                assert!(declares(text, name), "{name}: {line}");
                calls += 1;
            }
        }
    }
    assert!(calls > 60, "only {calls} calls were looked at");
}
