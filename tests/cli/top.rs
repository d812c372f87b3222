//! `top` where there is no terminal.

use crate::program::{Folder, Running, run_in};
use crate::servers::{closed, open};

#[test]
fn one_table_has_a_line_for_each_peer() {
    let folder = Folder::new();
    let ((_listener, up), down) = (open(), closed());
    folder.put("users", format!("{up}*3 zone=eu-1a tier=1\n{down}\nnowhere\n"));
    let said = run_in(folder.path(), &["top", "users", "--once"]);
    assert_eq!(said.code, Some(0), "{said:?}");
    assert!(said.err.contains("\"nowhere\""), "{said:?}");
    let lines: Vec<Vec<_>> =
        said.out.lines().map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(lines[0][..5], ["1", "of", "3", "up", "file:users"]);
    assert_eq!(lines[1], ["PEER", "STATE", "FOR", "WEIGHT", "TIER", "ZONE", "LAST", "PROBE"]);
    assert_eq!(lines.len(), 5, "{said:?}");
    let of = |peer: &str| lines.iter().find(|words| words[0] == peer).expect(peer);
    let up = of(&up);
    assert_eq!((up[1], &up[3..]), ("up", &["3", "1", "eu-1a", "connected"][..]));
    assert_eq!(of(&down)[1], "down");
    assert_eq!(of("nowhere")[1..3], ["no", "address"]);
    assert_eq!(lines[4][0], up[0], "those that are up are last");
}

#[test]
fn a_table_an_interval_and_no_escape_codes() {
    let folder = Folder::new();
    let (_listener, up) = open();
    let args = ["top", &format!("static:{up}"), "--interval", "20ms"];
    let mut top = Running::begin(folder.path(), &args);
    for _ in 0..3 {
        let title = top.line();
        assert!(
            title.starts_with("1 of 1 up  static:")
                || title.starts_with("0 of 1 up  static:") && !title.contains('\u{1b}'),
            "{title:?}"
        );
        assert!(top.line().starts_with("PEER "));
        assert!(top.line().starts_with(&up));
        assert_eq!(top.line(), "");
    }
    #[cfg(unix)]
    {
        top.signal("INT");
        assert_eq!(top.end().code(), Some(0));
    }
}

#[test]
fn a_source_that_is_not_there_fails_or_is_waited_for() {
    let folder = Folder::new();
    let said = run_in(folder.path(), &["top", "missing", "--once"]).fault(2);
    assert!(said.contains("No such file"), "{said}");
    let top = Running::begin(
        folder.path(),
        &["top", "file:missing#poll=20ms,backoff=20ms", "--interval", "20ms"],
    );
    assert!(top.complaint().contains("did not answer"));
    let title = top.line();
    assert!(
        title.starts_with("0 of 0 up  file:missing#poll=20ms,backoff=20ms  has not answered  "),
        "{title}"
    );
}
