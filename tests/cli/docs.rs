//! The sessions of docs/program.md say what the program says.
//!
//! A block of `console` has lines of `$ COMMAND`, each with what it prints below. A file that does not exist
//! is made of what its `cat` prints. `[..]` stands for any text in a line. Runs of spaces are one; moments,
//! durations, and the figures of a simulation, are equal to any other. Of the page's servers one is up, at
//! an address of this machine, and two are not.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::program::{Folder, PROGRAM};
use crate::servers::{closed, open};

/// The servers of the page, of which the first is up.
const SERVERS: [&str; 3] = ["10.0.0.1:8080", "10.0.0.2:8080", "10.0.0.3:8080"];

#[test]
#[cfg(target_os = "linux")]
fn sessions_are_what_they_say() {
    let page = include_str!("../../docs/program.md");
    let (_listener, up) = open();
    let servers = [up, closed(), closed()];
    let folder = Folder::new();
    let mut faults = vec![];
    let mut count = 0;
    for block in page.split("```console\n").skip(1) {
        let block = block.split("```").next().unwrap();
        for session in format!("\n{block}").split("\n$ ").skip(1) {
            let (command, expected) = session.split_once('\n').unwrap_or((session, ""));
            faults.extend(fault_of(folder.path(), command, expected, &servers));
            count += 1;
        }
    }
    assert!(count > 10 && faults.is_empty(), "{count} commands\n{}", faults.join("\n"));
}

/// Runs one command. Returns what is not as the page has it.
fn fault_of(folder: &Path, command: &str, expected: &str, servers: &[String; 3]) -> Option<String> {
    let here = |text: &str| {
        let each = SERVERS.iter().zip(servers);
        each.fold(text.to_owned(), |text, (page, here)| text.replace(page, here))
    };
    if let Some(file) = command.strip_prefix("cat ").map(|file| folder.join(file)) {
        if !file.exists() {
            fs::write(file, here(expected).trim_end().to_owned() + "\n").unwrap();
            return None;
        }
    }
    let bin = Path::new(PROGRAM).parent().unwrap().display().to_string();
    let path = std::env::var("PATH").unwrap_or_default();
    let output = Command::new("sh")
        .args(["-c", &format!("exec 2>&1; {}", here(command))])
        .current_dir(folder)
        .env("PATH", format!("{bin}:{path}"))
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    let each = SERVERS.iter().zip(servers);
    let said = each.fold(said, |said, (page, here)| said.replace(here, page));
    let lines = |text: &str| {
        let is_simulated = command.contains("simulate");
        let lines = text.trim_end().lines().map(|line| plain(line, is_simulated));
        let mut lines: Vec<_> = lines.collect();
        // Ports of this machine are in another order than those of the page.
        if command.contains("top") || command.contains("watch") {
            lines.sort_unstable();
        }
        lines
    };
    let (shown, expected) = (said, lines(expected));
    let said = lines(&shown);
    let is_same = expected.len() == said.len();
    let is_same = is_same && expected.iter().zip(&said).all(|(this, that)| is_like(this, that));
    (!is_same).then(|| format!("$ {command}\n{shown}"))
}

/// A line without what differs from run to run.
fn plain(line: &str, is_simulated: bool) -> String {
    let words = line.split_whitespace().map(|word| {
        let is_moment = word.len() == 24 && word.starts_with("20") && word.ends_with('Z');
        let number = word.trim_end_matches(['m', 's']);
        let is_number = number.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
        match word {
            _ if is_moment => "MOMENT",
            _ if is_number && number.len() < word.len() => "DURATION",
            _ if is_number && is_simulated => "FIGURE",
            _ if word.starts_with("|-") => "|-",
            word => word,
        }
    });
    words.collect::<Vec<_>>().join(" ")
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
