//! `watch` of what is no source of peers.

use std::fs;

use crate::program::{Folder, Running, run_in, untimed};

/// What `--once` says of a file.
fn fault(folder: &Folder, uri: &str) -> String {
    run_in(folder.path(), &["watch", uri, "--once"]).fault(2)
}

#[test]
fn a_file_that_is_none_of_peers_says_why() {
    let folder = Folder::new();
    folder.put("empty", "");
    folder.put("garbage", [0xff, 0, 0x80, b'\n', 0x1b, b'[', 0xc3]);
    folder.put("huge", "a:80\n".repeat(100_000));
    folder.put("wrong", "a:80*x\nb:80 zone=\n");
    for (uri, says) in [
        ("missing", "cannot be read: No such file or directory"),
        (".", "is a folder; need a file of lines or JSON"),
        ("empty", "has no peers at all"),
        ("file:garbage", "garbage"),
        ("file:huge#max-bytes=1000", "1000"),
        ("wrong", "none of it is a peer: "),
    ] {
        let said = fault(&folder, uri);
        assert!(said.contains(says) && said.lines().count() == 1, "{uri}: {said}");
        assert!(!said.contains(char::from(27)), "{uri}: {said:?}");
    }
}

#[test]
#[cfg(unix)]
fn a_file_that_may_not_be_read_says_so() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new();
    folder.put("secret", "a:80\n");
    let path = folder.path().join("secret");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o000)).unwrap();
    // Root may read it all the same.
    if fs::read(&path).is_err() {
        let said = fault(&folder, "secret");
        assert!(said.contains("cannot be read: Permission denied"), "{said}");
    }
}

#[test]
fn a_file_that_comes_later_is_waited_for() {
    let folder = Folder::new();
    let watch = Running::begin(folder.path(), &["watch", "file:users#poll=20ms,backoff=20ms"]);
    let complaint = watch.complaint();
    assert!(
        complaint.contains("did not answer: ") && complaint.contains("0 peers kept"),
        "{complaint}"
    );
    folder.put("users", "a:80\n");
    assert_eq!(untimed(&watch.line()), "+ a:80");
}

#[test]
fn a_file_is_found_whatever_it_is_called() {
    let folder = Folder::new();
    for name in ["a#b", "100%", "with space", "a:80", "static"] {
        folder.put(name, "a:80\n");
        let said = run_in(folder.path(), &["watch", name, "--once"]).good();
        assert_eq!(untimed(said.trim_end()), "+ a:80", "{name}");
    }
}

#[test]
fn a_name_cannot_forge_a_line() {
    let folder = Folder::new();
    folder.put("users", "[\"a:80\\u2028- b:80\", \"\\u202ec:80\"]");
    let said = run_in(folder.path(), &["watch", "users", "--once"]);
    let lines: Vec<_> = said.out.lines().map(untimed).collect();
    assert!(lines.iter().all(|line| line.starts_with("+ ") && line.is_ascii()), "{lines:?}");
}
