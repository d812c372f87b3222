//! What is at the path is no file, or no text of peers.

use std::fs;
use std::time::{Duration, Instant};

use peerage::Lifecycle;
use peerage::sources::SourceUri;

use crate::file::uri;
use crate::folder::Folder;
use crate::script::Bed;
use crate::support::{until, within};

#[test]
fn what_is_no_text_of_peers_is_said_and_the_set_stays() {
    let folder = Folder::new("file-bad");
    folder.write("users", "a:1\n");
    let bed = Bed::of(&uri(&folder, "poll=10ms,backoff=10ms,max-bytes=100"));
    bed.updater.start().unwrap();
    let says = |error: &str| {
        until(error, || bed.updater.status().error.is_some_and(|text| text.contains(error)));
        assert_eq!(bed.members(), "a:1");
    };
    let path = folder.join("users");
    folder.write("users", b"b:1\nc\xff:1\n");
    says(&format!("{} is not UTF-8 at byte 5, counted from 0", path.display()));
    folder.write("users", "b".repeat(101));
    says("is longer than max-bytes=100");
    folder.write("users", "b c\nd e\n");
    says("none of it is a peer");
    folder.write("users", "");
    until("it is told", || bed.told().iter().any(|line| line.contains("has no peers at all")));
    fs::remove_file(&path).unwrap();
    fs::create_dir(&path).unwrap();
    says("is a folder; need a file of lines or JSON");
    fs::remove_dir(&path).unwrap();
    folder.write("users", "{\"peers\": [");
    says(if cfg!(feature = "json") { "is no JSON: EOF" } else { "it has no feature json" });
    folder.write("users", "b:1\n");
    bed.has("b:1");
    until("no error", || bed.updater.status().error.is_none());
}

#[cfg(unix)]
#[test]
fn what_would_block_is_not_opened() {
    let folder = Folder::new("file-fifo");
    let path = folder.join("users");
    let made = std::process::Command::new("mkfifo").arg(&path).status();
    assert!(made.unwrap().success());
    let bed = Bed::of(&uri(&folder, "poll=10ms"));
    within({
        let updater = bed.updater.clone();
        move || updater.start().unwrap()
    });
    let error = bed.updater.status().error.unwrap();
    assert!(
        error.ends_with("is no file, but a FIFO, socket or device; need a file of lines or JSON")
    );
    let begun = Instant::now();
    bed.updater.stop().unwrap();
    assert!(begun.elapsed() < Duration::from_millis(250), "{:?}", begun.elapsed());
}

#[test]
fn a_uri_that_is_wrong_says_where() {
    for (text, error) in [
        ("file:", "source \"file\": \"file:\" is not of the form file:PATH"),
        ("file://etc/users", "source \"file\" at byte 5: \"//etc/users\" names the host \"etc\""),
        ("file:/a#poll=0s", "source \"file\": poll=0s must be at least 10ms"),
        ("file:/a#timeout=1s", "source \"file\" at byte 8: there is no key \"timeout\""),
    ] {
        let found = text.parse::<SourceUri>().unwrap_err().to_string();
        assert!(found.starts_with(error), "{text}: {found}");
    }
}

#[test]
fn one_error_after_the_other_makes_for_no_longer_pauses() {
    let folder = Folder::new("file-errors");
    let bed = Bed::of(&uri(&folder, "poll=10ms,backoff=10ms,max-backoff=1h"));
    bed.updater.start().unwrap();
    for wrong in 1..15 {
        folder.write("users", [&b"a".repeat(wrong)[..], b"\xff"].concat());
        until("it is told", || bed.updater.status().failures > wrong as u64);
    }
    folder.write("users", "a:1\n");
    bed.has("a:1");
}
