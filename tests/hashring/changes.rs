//! Rings with more than 65,536 points, which put new members over the table that they have, and
//! several updaters at once.

use std::collections::BTreeMap;
use std::thread;

use peerage::policy::HashRing32Options;
use peerage::{List, ListUpdates};

use crate::naive::Naive;
use crate::{Bed, member, offset_header};

fn address(n: usize) -> String {
    // Ports of different length, so that points do collide.
    format!("10.0.{}.1:{}", n % 7, [n, 100 + n, 10_000 + n][n % 3])
}

fn addresses(numbers: std::ops::Range<usize>) -> Vec<String> {
    numbers.map(address).collect()
}

/// One by one beyond what goes over the table, with departures, returns and flaps.
#[test]
fn a_large_ring_answers_like_a_new_one_while_it_changes() {
    let mut members = addresses(0..700);
    let bed = Bed::new(offset_header());
    bed.add(members.clone());
    for (n, name) in addresses(700..760).into_iter().enumerate() {
        bed.add([&name]);
        members.push(name);
        // A sixteenth of 700 is 43.
        if [0, 42, 43, 59].contains(&n) {
            Naive::new(&members).assert_same(&bed);
        }
    }
    // Fewer than an eighth, of the old ones and the new ones; then more.
    for (from, to) in [(10, 60), (660, 700), (300, 420)] {
        let gone: Vec<String> = members.drain(from..to.min(members.len())).collect();
        bed.remove(gone.clone());
        Naive::new(&members).assert_same(&bed);
        let back = gone.into_iter().step_by(2);
        for name in back {
            bed.add([&name]);
            members.push(name);
        }
        Naive::new(&members).assert_same(&bed);
    }
    // More at once than go over the table.
    let more = addresses(800..900);
    bed.add(more.clone());
    members.extend(more);
    Naive::new(&members).assert_same(&bed);
}

/// A shard name that changes moves the peer on the ring, and keeps its connection.
#[test]
fn a_peer_with_another_shard_name_moves() {
    let bed = Bed::new(offset_header());
    let names = addresses(0..700);
    bed.add(names.clone());
    let retains = bed.transport.retains().len();
    let mut shards = names.clone();
    // A new place, another one, one that has a peer already, and back.
    for shard in ["elsewhere", "further", &names[8], &names[7]] {
        shard.clone_into(&mut shards[7]);
        let changed = ListUpdates::adding_members([member(names[7].clone(), shard)]);
        bed.list.update(changed.with_removal(&names[7])).expect("changes");
        // A place that two peers share has the one with the lesser identifier.
        let mut peers: BTreeMap<&str, &str> = BTreeMap::new();
        for (shard, id) in shards.iter().zip(&names) {
            let peer = peers.entry(shard).or_insert(id);
            *peer = (*peer).min(id);
        }
        Naive::new(&shards).assert_same_as(&bed, |shard| peers[shard]);
    }
    assert_eq!(bed.transport.retains().len(), retains, "the peer is not retained again");
}

/// What an update added can be named when it returns, whichever updater's thread built the ring.
#[test]
fn updaters_at_once_find_what_they_added() {
    let bed = Bed::new(HashRing32Options {
        peer_override_header: Some("to".into()),
        ..HashRing32Options::default()
    });
    bed.add(addresses(0..700));
    let rounds = 60;
    thread::scope(|scope| {
        for updater in 0..3 {
            let bed = &bed;
            scope.spawn(move || {
                for round in 0..rounds {
                    let name = format!("p{updater}-{round}");
                    bed.add([&name]);
                    let headers = [("to", &*name)];
                    assert_eq!(bed.try_at("key", &headers).as_ref(), Some(&name));
                    if round % 3 == 0 {
                        bed.remove([&name]);
                        assert_ne!(bed.try_at("key", &headers), Some(name));
                    }
                }
            });
        }
    });
    for (updater, round) in (0..3).flat_map(|updater| (0..rounds).map(move |n| (updater, n))) {
        let name = format!("p{updater}-{round}");
        let found = bed.try_at("key", &[("to", &*name)]);
        assert_eq!(found == Some(name), round % 3 != 0, "no member is lost");
    }
}
