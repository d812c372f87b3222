//! The same answers as an independent ring.

use peerage::ConnectionStatus::{Available, Unavailable};

use crate::naive::Naive;
use crate::{Bed, offset_header};

/// Fifty members with ports of different length, so that points do collide.
fn fifty() -> Vec<String> {
    (0..50).map(|n| format!("10.0.0.1:{}", [n, 100 + n, 1000 + n][n % 3])).collect()
}

/// Vector 25, with this ring in Ringpop's place.
#[test]
fn it_agrees_with_an_independent_ring() {
    let members = fifty();
    let at_once = Bed::new(offset_header());
    at_once.add(members.clone());
    Naive::new(&members).assert_same(&at_once);

    // The same members by another way: one by one, backwards, with guests that leave again.
    let incremental = Bed::new(offset_header());
    for (n, member) in members.iter().enumerate().rev() {
        incremental.add([format!("guest:{n}")]);
        incremental.add([member]);
        if n % 2 == 0 {
            incremental.remove([format!("guest:{n}")]);
        }
    }
    incremental.remove((0..50).filter(|n| n % 2 == 1).map(|n| format!("guest:{n}")));
    Naive::new(&members).assert_same(&incremental);
}

/// Members that are not available are walked past, which must be the same as their not being there.
#[test]
fn it_agrees_with_an_independent_ring_while_members_are_unavailable() {
    let members = fifty();
    let bed = Bed::new(offset_header());
    bed.add(members.clone());
    let down = |n: usize| n.is_multiple_of(3) || n > 40;
    for (_, member) in members.iter().enumerate().filter(|(n, _)| down(*n)) {
        bed.transport.set_status(member, Unavailable);
    }
    let up = members.iter().enumerate().filter(|(n, _)| !down(*n)).map(|(_, member)| member);
    Naive::new(up).assert_same(&bed);
    for member in &members {
        bed.transport.set_status(member, Available);
    }
    Naive::new(&members).assert_same(&bed);
}

#[test]
fn keys_of_an_owner_that_flaps_move_to_the_next_member_and_back() {
    let bed = Bed::new(offset_header());
    bed.add(["a", "b", "c", "d"]);
    for key in (0..100).map(|n| n.to_string()) {
        let owner = bed.at(&key);
        let next = bed.try_at(&key, &[("n", "1")]).expect("a second");
        assert_ne!(owner, next);
        bed.transport.set_status(&owner, Unavailable);
        assert_eq!(bed.at(&key), next);
        bed.transport.set_status(&owner, Available);
        assert_eq!(bed.at(&key), owner);
    }
}
