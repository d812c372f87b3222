//! `file:`, and what happens to files.

use std::fs::{self, File};
use std::io::Write;
use std::thread;
use std::time::{Duration, Instant};

use peerage::{Chooser, Lifecycle};

use crate::folder::Folder;
use crate::script::Bed;
use crate::support::until;

/// What the issue allows a change to take, and what the machine may.
const SEEN: Duration = Duration::from_millis(1_000 + 500);

pub(crate) fn uri(folder: &Folder, options: &str) -> String {
    format!("file:{}#{options}", folder.join("users").display())
}

/// A list that is fed by the file `users` of the folder, looked at as often as usual.
fn started(folder: &Folder) -> Bed {
    let bed = Bed::of(&uri(folder, ""));
    bed.updater.start().unwrap();
    bed
}

/// Waits until the list has `members`, from `begun` on.
#[track_caller]
fn seen(bed: &Bed, members: &str, begun: Instant) {
    until(members, || bed.members() == members);
    let took = begun.elapsed();
    eprintln!("{members:?} is seen after {took:?}");
    assert!(took < SEEN, "{took:?}");
}

#[test]
fn the_peers_are_there_when_the_start_returns() {
    let folder = Folder::new("file-start");
    folder.write("users", "# users\na:1*3 tier=1 zone=eu\r\nb:1 # near\nc:1 tier=no\n");
    let bed = started(&folder);
    assert_eq!(bed.members(), "a:1 b:1");
    let attributes = bed.list.introspect().peers[0].attributes.clone();
    assert_eq!((attributes.weight, attributes.tier), (3, 1));
    let path = folder.join("users");
    let fault = format!("has what is no peer: {} line 4: tier=\"no\" must be", path.display());
    assert!(bed.told()[0].starts_with(&fault), "{:?}", bed.told());
    bed.updater.stop().unwrap();
    assert_eq!(bed.members(), "");
}

#[test]
fn what_is_written_over_the_file_is_seen_within_a_second() {
    let folder = Folder::new("file-over");
    folder.write("users", "a:1\n");
    let bed = started(&folder);
    let begun = Instant::now();
    folder.write("users", "b:1\nc:1\n");
    seen(&bed, "b:1 c:1", begun);
    // Of the same size; of the same size and the same time, which is put back as `cp -p` does.
    let time = fs::metadata(folder.join("users")).unwrap().modified().unwrap();
    let begun = Instant::now();
    folder.write("users", "b:1\nd:1\n");
    seen(&bed, "b:1 d:1", begun);
    let begun = Instant::now();
    folder.write("users", "b:1\ne:1\n");
    File::options().write(true).open(folder.join("users")).unwrap().set_modified(time).unwrap();
    seen(&bed, "b:1 e:1", begun);
    assert_eq!(bed.updater.status().failures, 0);
}

#[test]
fn another_file_that_is_renamed_to_it_is_seen_within_a_second() {
    let folder = Folder::new("file-rename");
    folder.write("users", "a:1\n");
    let bed = started(&folder);
    folder.write("new", "b:1\n");
    let begun = Instant::now();
    fs::rename(folder.join("new"), folder.join("users")).unwrap();
    seen(&bed, "b:1", begun);
}

/// `users` → `..data/users`, and `..data` → the folder of the day.
#[cfg(unix)]
#[test]
fn the_links_of_a_config_map_are_seen_within_a_second() {
    use std::os::unix::fs::symlink;
    let folder = Folder::new("file-links");
    for (day, text) in [("..1", "a:1\n"), ("..2", "b:1\n")] {
        fs::create_dir(folder.join(day)).unwrap();
        folder.write(&format!("{day}/users"), text);
    }
    symlink("..1", folder.join("..data")).unwrap();
    symlink("..data/users", folder.join("users")).unwrap();
    let bed = started(&folder);
    assert_eq!(bed.members(), "a:1");
    symlink("..2", folder.join("..data_tmp")).unwrap();
    let begun = Instant::now();
    fs::rename(folder.join("..data_tmp"), folder.join("..data")).unwrap();
    fs::remove_dir_all(folder.join("..1")).unwrap();
    seen(&bed, "b:1", begun);
    assert_eq!(bed.updater.status().failures, 0);
}

#[test]
fn a_file_that_is_gone_is_one_error_and_its_return_is_seen_within_a_second() {
    let folder = Folder::new("file-gone");
    folder.write("users", "a:1\n");
    // Many errors would make for long pauses.
    let bed = Bed::of(&uri(&folder, "poll=20ms,backoff=40ms,max-backoff=1h"));
    bed.updater.start().unwrap();
    for (round, users) in (1_u64..).zip(["b:1", "c:1", "d:1", "e:1", "f:1", "g:1", "h:1", "i:1"]) {
        fs::remove_file(folder.join("users")).unwrap();
        until("it is missed", || bed.updater.status().failures == round);
        assert_ne!(bed.members(), "", "the set stays");
        let begun = Instant::now();
        folder.write("users", users);
        seen(&bed, users, begun);
        until("no error", || bed.updater.status().error.is_none());
    }
    let error =
        format!("did not answer: {} cannot be read: No such file", folder.join("users").display());
    assert_eq!(bed.told().iter().filter(|line| line.starts_with(&error)).count(), 8);
}

#[test]
fn a_file_that_is_not_there_at_the_start_is_waited_for() {
    let folder = Folder::new("file-late");
    let bed = started(&folder);
    assert_eq!(bed.updater.status().failures, 1);
    let begun = Instant::now();
    folder.write("users", "a:1\n");
    seen(&bed, "a:1", begun);
}

/// A writer that takes its time is not taken for one that wants half of the peers gone.
#[test]
fn a_file_that_is_being_written_is_read_when_it_is_whole() {
    let folder = Folder::new("file-half");
    let ids: Vec<_> = (10..30).map(|n| format!("a:{n}")).collect();
    let mut judged = 0;
    for round in 0..20 {
        folder.write("users", ids.join("\n"));
        let bed = Bed::of(&uri(&folder, "poll=10ms"));
        bed.updater.start().unwrap();
        let mut file = File::create(folder.join("users")).unwrap();
        let (begun, mut before, mut gap) = (Instant::now(), Instant::now(), Duration::ZERO);
        for id in &ids {
            writeln!(file, "{id}").unwrap();
            thread::sleep(Duration::from_millis(2));
            gap = gap.max(before.elapsed());
            before = Instant::now();
        }
        writeln!(file, "b:{round}").unwrap();
        // Of one that pauses for longer than the source waits, nothing is promised.
        let prompt =
            gap < Duration::from_millis(15) && begun.elapsed() < Duration::from_millis(150);
        until("the whole", || bed.members().ends_with(&format!("b:{round}")));
        let changes = || {
            let told = bed.told().into_iter();
            told.filter(|line| line.contains("peers now: ")).collect::<Vec<_>>()
        };
        until("it is told", || changes().len() > 1);
        if prompt {
            judged += 1;
            assert_eq!(changes()[1], "has 21 peers now: 1 addition, 0 removals");
        }
        if judged == 3 {
            return;
        }
    }
    eprintln!("the machine is too slow for this test");
}

#[test]
fn a_stop_and_a_refresh_end_the_wait() {
    let folder = Folder::new("file-stop");
    folder.write("users", "a:1\n");
    let bed = Bed::of(&uri(&folder, "poll=1h"));
    bed.updater.start().unwrap();
    folder.write("users", "b:1\n");
    bed.updater.refresh();
    seen(&bed, "b:1", Instant::now());
    let begun = Instant::now();
    bed.updater.stop().unwrap();
    let took = begun.elapsed();
    eprintln!("stopped after {took:?}");
    assert!(took < Duration::from_millis(250), "{took:?}");
}

/// Of the same size, and mostly within one tick of the file system's clock.
#[test]
fn what_is_written_at_once_after_the_file_was_read_is_seen() {
    let folder = Folder::new("file-tick");
    for _ in 0..20 {
        folder.write("users", "a:1\n");
        let bed = Bed::of(&uri(&folder, "poll=10ms"));
        bed.updater.start().unwrap();
        folder.write("users", "b:1\n");
        bed.has("b:1");
    }
}
