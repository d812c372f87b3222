//! The sessions of docs/program.md say what the program says.
//!
//! A block of `console` has lines of `$ COMMAND`, each with what it prints below. A file that does not exist
//! is made of what its `cat` prints. `[..]` stands for any text in a line, and a line of `...` for any
//! lines. Runs of spaces are one. Where a session has the address of a server that is up, the test has
//! one at an address of its own.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::program::{Folder, PROGRAM};
use crate::servers::open;

/// A server that is up, as the page has it.
const UP: &str = "10.0.0.1:8080";

#[test]
#[cfg(unix)]
fn sessions_are_what_they_say() {
    let page = include_str!("../../docs/program.md");
    let (_listener, up) = open();
    let folder = Folder::new();
    let mut count = 0;
    for block in page.split("```console\n").skip(1) {
        let block = block.split("\n```").next().unwrap();
        for session in format!("\n{block}").split("\n$ ").skip(1) {
            let (command, expected) = session.split_once('\n').unwrap_or((session, ""));
            session_is(folder.path(), command, expected, &up);
            count += 1;
        }
    }
    assert!(count > 10, "{count} commands were found");
}

#[track_caller]
fn session_is(folder: &Path, command: &str, expected: &str, up: &str) {
    if let Some(file) = command.strip_prefix("cat ").map(|file| folder.join(file)) {
        if !file.exists() {
            fs::write(file, expected.replace(UP, up) + "\n").unwrap();
            return;
        }
    }
    let bin = Path::new(PROGRAM).parent().unwrap().display().to_string();
    let path = std::env::var("PATH").unwrap_or_default();
    let output = Command::new("sh")
        .args(["-c", &format!("exec 2>&1; {}", command.replace(UP, up))])
        .current_dir(folder)
        .env("PATH", format!("{bin}:{path}"))
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let said = String::from_utf8(output.stdout).unwrap().replace(up, UP);
    let lines = |text: &str| text.lines().map(squeezed).collect::<Vec<_>>();
    let (said, expected) = (lines(&said), lines(expected));
    assert!(
        matches(&expected, &said),
        "$ {command}\n{}\n\ninstead of\n{}",
        said.join("\n"),
        expected.join("\n")
    );
}

fn squeezed(line: &str) -> String {
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether the lines are those that are expected.
fn matches(expected: &[String], said: &[String]) -> bool {
    match expected.split_first() {
        None => said.is_empty(),
        Some((first, rest)) if first == "..." => {
            (0..=said.len()).any(|skipped| matches(rest, &said[skipped..]))
        }
        Some((first, rest)) => {
            said.first().is_some_and(|line| is_like(first, line)) && matches(rest, &said[1..])
        }
    }
}

/// Whether a line has the parts between `[..]` in their order.
fn is_like(expected: &str, line: &str) -> bool {
    let mut parts = expected.split("[..]");
    let Some(mut left) = parts.next().and_then(|first| line.strip_prefix(first)) else {
        return false;
    };
    let parts: Vec<_> = parts.collect();
    let Some((last, middle)) = parts.split_last() else { return left.is_empty() };
    for part in middle {
        let Some(at) = left.find(part) else { return false };
        left = &left[at + part.len()..];
    }
    left.ends_with(last)
}

#[test]
fn a_pattern_stands_for_what_it_says() {
    for (pattern, line, is) in [
        ("a", "a", true),
        ("a", "ab", false),
        ("a[..]", "abc", true),
        ("[..]c", "abc", true),
        ("a[..]c", "ab", false),
        ("[..]b[..]", "abc", true),
    ] {
        assert_eq!(is_like(pattern, line), is, "{pattern} {line}");
    }
}
