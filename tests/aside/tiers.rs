//! Peers of a later tier serve when those before are not enough.

use std::collections::BTreeSet;
use std::sync::Arc;

use peerage::{
    Attributes, Chooser, ConnectionStatus, Identifier, Lifecycle as _, List as _, ListUpdates,
    Member, Outcome, Reason,
};

use crate::{Bed, request};

fn member(id: &str, tier: u8, zone: &str) -> Arc<dyn Identifier> {
    Arc::new(Member::new(id, Attributes::new().with_tier(tier).with_zone(zone)))
}

/// Members called by their tier and a letter, such as `0a`; of the zone after a colon.
fn bed(policy: &str, options: &str, ids: &[&str]) -> Bed {
    let bed = Bed::new(policy, options, &[]);
    let additions = ids.iter().map(|id| {
        let (name, zone) = id.split_once(':').unwrap_or((id, ""));
        member(name, name[..1].parse().unwrap(), zone)
    });
    let updates = ListUpdates { additions: additions.collect(), ..ListUpdates::default() };
    bed.list.update(updates).unwrap();
    bed
}

/// Who is chosen.
fn chosen(bed: &Bed) -> String {
    let mut all = BTreeSet::new();
    for _ in 0..200 {
        let pick = bed.list.try_choose(&request()).expect("a peer");
        all.insert(pick.identifier().to_owned());
        pick.finish(Outcome::Success);
    }
    all.into_iter().collect::<Vec<_>>().join(" ")
}

#[test]
fn the_lowest_tier_with_a_peer_serves() {
    for policy in ["round-robin", "random", "least-loaded", "hashring32"] {
        let bed = bed(policy, "spill=1", &["1a", "0a", "2a", "0b", "1b"]);
        assert_eq!(chosen(&bed), "0a 0b", "{policy}");
        assert_eq!(bed.reasons("1a").to_string(), "in a later tier");
        bed.transport.set_status("0a", ConnectionStatus::Unavailable);
        assert_eq!(chosen(&bed), "0b", "{policy}");
        bed.transport.set_status("0b", ConnectionStatus::Connecting);
        assert_eq!(chosen(&bed), "1a 1b", "{policy}");
        bed.list.update(ListUpdates::removing(["1a", "1b"])).unwrap();
        assert_eq!(chosen(&bed), "2a", "{policy}");
        bed.transport.set_status("0b", ConnectionStatus::Available);
        assert_eq!(chosen(&bed), "0b", "{policy}");
        // Another tier by other attributes.
        let updates = ListUpdates::removing(["2a"]);
        let updates = ListUpdates { additions: vec![member("2a", 0, "")], ..updates };
        bed.list.update(updates).unwrap();
        assert_eq!(chosen(&bed), "0b 2a", "{policy}");
    }
}

#[test]
fn a_tier_of_which_too_few_are_available_spills_over() {
    let bed = bed("round-robin", "spill=70", &["0a", "0b", "0c", "0d", "1a", "1b", "2a"]);
    assert_eq!(chosen(&bed), "0a 0b 0c 0d");
    bed.transport.set_status("0a", ConnectionStatus::Unavailable);
    assert_eq!(chosen(&bed), "0b 0c 0d", "75 %");
    bed.list.set_reason("0b", Reason::Draining, true);
    assert_eq!(chosen(&bed), "0c 0d 1a 1b", "50 %");
    bed.transport.set_status("1a", ConnectionStatus::Unavailable);
    assert_eq!(chosen(&bed), "0c 0d 1b 2a", "50 % of either");
    bed.list.set_reason("0b", Reason::Draining, false);
    assert_eq!(chosen(&bed), "0b 0c 0d");
}

#[test]
fn peers_of_the_own_zone_come_first() {
    let bed = bed("random", "zone=eu-1", &["0a:eu-1", "1b:eu-1", "0c:eu-2", "0d"]);
    assert_eq!(chosen(&bed), "0a");
    bed.transport.set_status("0a", ConnectionStatus::Unavailable);
    assert_eq!(chosen(&bed), "1b", "the zone, then the tier");
    bed.transport.set_status("1b", ConnectionStatus::Unavailable);
    assert_eq!(chosen(&bed), "0c 0d");
}

#[test]
fn each_step_to_later_tiers_and_back_is_told_once() {
    let bed = bed("round-robin", "spill=70", &["1a", "0b", "2a", "0a", "1b"]);
    let set = |id, is_up| {
        let status =
            if is_up { ConnectionStatus::Available } else { ConnectionStatus::Unavailable };
        bed.transport.set_status(id, status);
        bed.told()
    };
    assert_eq!(bed.told(), [""; 0], "no peer has failed");
    assert_eq!(set("0a", false), ["tier 1 serves too: 1 of 2 peers before it available"]);
    assert_eq!(set("0b", false), [""; 0]);
    assert_eq!(set("1a", false), ["tier 2 serves too: 1 of 4 peers before it available"]);
    assert_eq!(set("2a", false), [""; 0], "no other serves in its place");
    assert_eq!(set("2a", true), [""; 0]);
    assert_eq!(set("1a", true), ["tier 1 is the last to serve: 2 of 4 peers available"]);
    assert_eq!(set("0a", true), [""; 0]);
    assert_eq!(set("0b", true), ["tier 0 is the last to serve: 2 of 2 peers available"]);
    // Other reasons, and other members.
    bed.list.set_reason("0a", Reason::Draining, true);
    assert_eq!(bed.told(), ["tier 1 serves too: 1 of 2 peers before it available"]);
    bed.list.update(ListUpdates::removing(["0a"])).unwrap();
    assert_eq!(bed.told(), ["tier 0 is the last to serve: 1 of 1 peer available"]);
    bed.list.stop().unwrap();
    assert_eq!(bed.told(), [""; 0]);
}

#[test]
fn steps_to_other_zones_are_told_as_such() {
    let bed = bed("random", "zone=eu-1", &["0c:eu-2", "0a:eu-1", "3b:eu-2"]);
    bed.transport.set_status("0a", ConnectionStatus::Connecting);
    bed.transport.set_status("0c", ConnectionStatus::Connecting);
    bed.transport.set_status("0a", ConnectionStatus::Available);
    assert_eq!(
        bed.told(),
        [
            "tier 0 of other zones serves too: 0 of 1 peer before it available",
            "tier 3 of other zones serves too: 0 of 2 peers before it available",
            "tier 0 is the last to serve: 1 of 1 peer available",
        ]
    );
}

#[test]
fn ejections_and_panics_know_of_tiers() {
    let ids = ["0a", "0b", "1a", "1b", "1c"];
    let bed = bed("round-robin", "spill=70,eject=3,panic=fail,panic-threshold=70", &ids);
    assert_eq!(bed.told(), [""; 0], "those that wait in a later tier are available");
    assert_eq!(bed.requests(50, &["0a"]), 3);
    assert_eq!(chosen(&bed), "0b 1a 1b 1c");
    bed.transport.set_status("1c", ConnectionStatus::Unavailable);
    assert!(bed.list.try_choose(&request()).is_err(), "3 of 5");
}

#[test]
fn a_peer_of_a_later_tier_is_never_chosen_while_it_joins() {
    let bed = bed("round-robin", "spill=1", &["0a"]);
    std::thread::scope(|scope| {
        let joiner = scope.spawn(|| {
            for n in 0..200 {
                let id = format!("1x{n}");
                let additions = vec![member(&id, 1, "")];
                bed.list.update(ListUpdates { additions, ..ListUpdates::default() }).unwrap();
                bed.list.update(ListUpdates::removing([id])).unwrap();
            }
        });
        while !joiner.is_finished() {
            assert_eq!(chosen(&bed), "0a");
        }
    });
    bed.list.stop().unwrap();
}
