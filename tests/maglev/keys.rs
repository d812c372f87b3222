//! Keys stay, move and are spread.

use std::collections::BTreeMap;

use peerage::ConnectionStatus::{Available, Unavailable};
use peerage::{List, ListUpdates, Request};

use crate::{Bed, member};

const KEYS: usize = 2_000;

fn keys() -> impl Iterator<Item = String> {
    (0..KEYS).map(|n| format!("key {n}"))
}

fn owners(bed: &Bed) -> Vec<String> {
    keys().map(|key| bed.at(&key)).collect()
}

fn twenty() -> Vec<String> {
    (0..20).map(|n| format!("peer-{n}")).collect()
}

fn bed() -> Bed {
    let bed = Bed::new();
    bed.list.update(ListUpdates::adding(twenty())).unwrap();
    bed
}

#[test]
#[cfg_attr(miri, ignore = "large tables")]
fn the_way_to_a_list_makes_no_difference() {
    let (at_once, stepwise) = (bed(), Bed::new());
    for name in twenty().iter().rev() {
        stepwise.list.update(ListUpdates::adding([format!("guest of {name}")])).unwrap();
        stepwise.list.update(ListUpdates::adding([name])).unwrap();
    }
    let guests = twenty().into_iter().map(|name| format!("guest of {name}"));
    stepwise.list.update(ListUpdates::removing(guests)).unwrap();
    assert_eq!(owners(&at_once), owners(&stepwise));
}

#[test]
#[cfg_attr(miri, ignore = "large tables")]
fn a_peer_that_is_away_loses_its_keys_to_all_others_and_gets_them_back() {
    let bed = bed();
    let before = owners(&bed);
    bed.transport.set_status("peer-3", Unavailable);
    let mut takers = BTreeMap::new();
    for (was, is) in before.iter().zip(owners(&bed)) {
        if was == "peer-3" {
            *takers.entry(is).or_insert(0) += 1;
        } else {
            assert_eq!(*was, is);
        }
    }
    assert!(takers.len() >= 18 && !takers.contains_key("peer-3"), "{takers:?}");
    assert!(takers.values().all(|&keys| keys < 20), "{takers:?}");
    bed.transport.set_status("peer-3", Available);
    assert_eq!(owners(&bed), before);
    // All but one away: that one has everything, wherever the hashes lead.
    for n in 0..19 {
        bed.transport.set_status(&format!("peer-{n}"), Unavailable);
    }
    assert!(owners(&bed).iter().all(|owner| owner == "peer-19"));
}

#[test]
#[cfg_attr(miri, ignore = "large tables")]
fn few_keys_move_when_a_peer_leaves() {
    let bed = bed();
    let before = owners(&bed);
    bed.list.update(ListUpdates::removing(["peer-3"])).unwrap();
    let after = owners(&bed);
    let moved = before.iter().zip(&after).filter(|(was, is)| was != is && *was != "peer-3");
    assert!(moved.count() < KEYS / 50);
    assert!(after.iter().all(|owner| owner != "peer-3"));
}

#[test]
#[cfg_attr(miri, ignore = "large tables")]
fn requests_without_a_key_go_by_weight_and_weights_change_by_update() {
    let bed = Bed::of(&[("a", 1), ("b", 3)]);
    let heavy = |bed: &Bed, name| {
        (0..4_000).filter(|_| bed.ask(&Request::new()) == name).count() as f64 / 4_000.0
    };
    // Six standard deviations.
    assert!((heavy(&bed, "b") - 0.75).abs() < 0.042);
    let (additions, removals) = (vec![member("b", 1)], vec![member("b", 1)]);
    bed.list.update(ListUpdates { additions, removals }).unwrap();
    assert!((heavy(&bed, "b") - 0.5).abs() < 0.048);
}
