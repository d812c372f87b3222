//! Names that come, are needed, and go, without a list around them.

use super::*;

/// More than any small number that the code knows.
const MANY: u32 = 100;

/// A table of names that are in the list, each of which was chosen, and is idle since.
fn idle(count: u32) -> NameTable {
    let mut names = NameTable::default();
    for n in 0..count {
        let number = names.enter(&format!("{n}"));
        names.join(number, SlotRef::dangling());
        assert!(names.settle(number).is_none());
    }
    names
}

fn change(names: &mut NameTable, name: &str, change: impl FnOnce(&mut Known)) {
    let number = names.enter(name);
    change(names.get(number));
    assert!(names.settle(number).is_none());
}

fn taken(names: &mut NameTable, keep: usize) -> Vec<String> {
    std::iter::from_fn(|| names.take_spare(keep)).map(|name| name.to_string()).collect()
}

#[test]
fn the_name_that_is_idle_the_longest_goes_first() {
    let mut names = idle(MANY);
    for used in ["0", "7", "64", "99"] {
        change(&mut names, used, |known| known.choices = 1);
        change(&mut names, used, |known| known.choices = 0);
    }
    let order: Vec<String> = taken(&mut names, 0);
    let mut right: Vec<String> = (0..MANY).map(|n| n.to_string()).collect();
    right.retain(|name| !["0", "7", "64", "99"].contains(&&**name));
    right.extend(["0", "7", "64", "99"].map(String::from));
    assert_eq!(order, right);
}

#[test]
fn so_many_are_kept_and_those_that_are_needed() {
    let mut names = idle(MANY);
    change(&mut names, "0", |known| known.holds = 1);
    change(&mut names, "1", |known| known.choices = 1);
    assert_eq!(taken(&mut names, 90).len(), 10);
    assert_eq!(names.members, 90);
    assert_eq!(taken(&mut names, 0).len(), 88);
    assert_eq!(names.members, 2);
    assert!(!names.may_spare(0));
    change(&mut names, "0", |known| known.holds = 0);
    assert_eq!(taken(&mut names, 2), [""; 0]);
    assert_eq!(taken(&mut names, 1), ["0"]);
}

#[test]
fn a_name_that_was_asked_for_in_vain_goes_when_it_has_waited_and_before_all_others() {
    let mut names = idle(3);
    for name in ["2", "1"] {
        change(&mut names, name, |known| known.expected = 1);
    }
    assert_eq!(taken(&mut names, 2), ["0"]);
    assert_eq!(taken(&mut names, 0), [""; 0], "the others are expected to be asked for");
    assert!(names.may_spare(0));

    // A while later. "2" is asked for again, "1" is not.
    for name in ["2", "1"] {
        change(&mut names, name, |known| known.since = Stamp::NONE);
    }
    change(&mut names, "2", |known| known.holds = 1);
    change(&mut names, "2", |known| known.holds = 0);
    change(&mut names, "3", |known| known.peer = Some(SlotRef::dangling()));
    names.members += 1;
    assert_eq!(taken(&mut names, 0), ["1", "3"]);
}

#[test]
fn a_name_is_known_while_it_is_in_the_list_or_held() {
    let mut names = NameTable::default();
    for n in 0..MANY {
        let number = names.enter(&format!("{n}"));
        names.get(number).holds = 1;
        assert!(names.settle(number).is_none());
        names.get(number).holds = 0;
        assert!(names.settle(number).is_none());
        assert_eq!((names.by_name.len(), names.records.len()), (0, 1));
    }
    let number = names.enter("a");
    names.get(number).holds = 1;
    names.refuse(number, PeerFailureKind::ListFull);
    assert!(names.settle(number).is_none());
    names.get(number).holds = 0;
    assert!(names.settle(number).is_some(), "what was remembered is given back");
    assert!(names.refusals.is_empty());
}

#[test]
fn a_name_that_leaves_with_requests_in_flight_is_forgotten() {
    let mut names = idle(1);
    change(&mut names, "0", |known| known.choices = 7);
    names.leave(0);
    assert!(names.settle(0).is_none());
    assert_eq!((names.members, names.by_name.len()), (0, 0));
}

#[test]
fn a_peer_finds_its_record_and_no_other_tenant_s() {
    let mut names = NameTable::default();
    let number = names.enter("a");
    names.join(number, SlotRef::dangling());
    assert!(names.of_peer(number, Key::NONE).is_some());
    let other = Key { generation: 7, ..Key::NONE };
    assert!(names.of_peer(number, other).is_none());
    assert!(names.of_peer(number + 1, Key::NONE).is_none());
    names.leave(number);
    assert!(names.of_peer(number, Key::NONE).is_none());
}
