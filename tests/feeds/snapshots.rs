//! Starts while the source is down.

use std::fs;

use peerage::sources::Answer;
use peerage::{Attributes, Chooser, Member};

use crate::folder::Folder;
use crate::script::{Bed, peers};
use crate::support::until;

fn options(folder: &Folder) -> String {
    format!("backoff=1ms,snapshot={}", folder.join("users").display())
}

#[test]
fn the_last_set_serves_until_the_source_answers() {
    let folder = Folder::new("snapshot");
    let first = Bed::started(&options(&folder));
    let near = Attributes::new().with_weight(3).with_tier(1).with_zone("eu-1a");
    first.say(Answer::new([Member::new("a:1", near), Member::new("b:1", Attributes::new())]));
    first.has("a:1 b:1");
    until("the file", || folder.join("users").exists());
    let text = fs::read_to_string(folder.join("users")).unwrap();
    assert_eq!(text, "# the peers of script:users\na:1*3 tier=1 zone=eu-1a\nb:1\n");
    drop(first);

    let second = Bed::started(&options(&folder));
    second.fail("connection refused");
    second.has("a:1 b:1");
    second.asked(2);
    let status = second.updater.status();
    assert!(status.is_snapshot && status.age.is_none() && status.peers == 2);
    assert_eq!(second.list.introspect().peers[0].attributes.weight, 3);
    second.fail("connection refused");
    second.asked(3);
    let path = format!("{:?}", folder.join("users"));
    let told = second.told();
    assert_eq!(told[1], format!("is not there yet: 2 peers of {path}"));
    assert_eq!(told.len(), 3, "once: {told:?}");
    second.say(peers("c:1"));
    second.has("c:1");
    until("the status", || !second.updater.status().is_snapshot);
    until("the file", || fs::read_to_string(folder.join("users")).unwrap().ends_with("\nc:1\n"));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing lies beside it");
}

/// No peers at all are no better than an error.
#[test]
fn the_last_set_serves_until_there_are_peers() {
    let folder = Folder::new("snapshot-empty");
    fs::write(folder.join("users"), "a:1\nb:1 teir=1\n").unwrap();
    let bed = Bed::started(&options(&folder));
    bed.say(peers(""));
    bed.has("a:1");
    bed.say(peers(""));
    bed.asked(3);
    let path = folder.join("users");
    let told = [
        "has no peers at all: 0 peers kept".to_owned(),
        format!("is not there yet: 1 peer of {path:?}"),
        format!("has what is no peer: {} line 2: there is no key \"teir\"", path.display()),
        "has no peers at all: 1 peer kept".to_owned(),
    ];
    let found = bed.told();
    assert!(
        found.len() == 4 && found.iter().zip(&told).all(|(line, told)| line.starts_with(told)),
        "{found:?}"
    );
    let status = bed.updater.status();
    assert!(status.is_snapshot && status.empties == 2 && status.age.is_none());
    fs::write(&path, "").unwrap();
    let bed = Bed::started(&format!("{},allow-empty", options(&folder)));
    bed.say(peers(""));
    bed.asked(2);
    assert_eq!(bed.told(), ["has 0 peers"]);
}

#[test]
fn a_snapshot_that_cannot_be_used_is_told_of() {
    let folder = Folder::new("no-snapshot");
    let bed =
        Bed::started(&format!("backoff=1ms,snapshot={}", folder.join("none/users").display()));
    bed.fail("connection refused");
    bed.asked(2);
    assert!(bed.told()[1].contains("is of no use: No such file"), "{:?}", bed.told());
    bed.say(peers("a"));
    bed.has("a");
    until("it is told", || bed.told().last().is_some_and(|line| line.contains("is not written")));
    // A member that no line can have.
    let bed = Bed::started(&options(&folder));
    bed.say(peers("a").with_faults(vec![]));
    bed.has("a");
    bed.say(Answer::new([Member::new("a b", Attributes::new())]));
    bed.has("a b");
    until("it is told", || {
        bed.told().last().is_some_and(|line| line.contains("no line can have the peer \"a b\""))
    });
    assert!(
        fs::read_to_string(folder.join("users")).unwrap().ends_with("\na\n"),
        "the last one stays"
    );
}
