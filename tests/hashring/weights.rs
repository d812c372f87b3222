//! Members of different weights have different numbers of points; members of one weight have YARPC's.

use std::sync::Arc;

use peerage::{Attributes, Chooser, Identifier, List, ListUpdates, Member, Request};

use crate::naive::Naive;
use crate::{Bed, offset_header};

fn names() -> Vec<String> {
    (0..20).map(|n| format!("10.0.0.{n}:80")).collect()
}

fn weighing(name: &str, weight: u16) -> Arc<dyn Identifier> {
    Arc::new(Member::new(name, Attributes::new().with_weight(weight)))
}

fn add(bed: &Bed, names: &[String], weight: impl Fn(usize) -> u16) {
    let additions = names.iter().enumerate().map(|(n, name)| weighing(name, weight(n))).collect();
    bed.list.update(ListUpdates { additions, removals: vec![] }).unwrap();
}

fn reweigh(bed: &Bed, name: &str, weight: u16) {
    let same = weighing(name, weight);
    let updates = ListUpdates { additions: vec![same.clone()], removals: vec![same] };
    bed.list.update(updates).unwrap();
}

#[test]
#[cfg_attr(miri, ignore = "large rings")]
fn weights_that_are_alike_make_the_ring_without() {
    let (bed, names) = (Bed::new(offset_header()), names());
    add(&bed, &names, |_| 9);
    Naive::new(&names).assert_same(&bed);
}

#[test]
#[cfg_attr(miri, ignore = "large rings")]
fn points_are_in_proportion_to_weights() {
    let (bed, names) = (Bed::new(offset_header()), names());
    let weight = |n: usize| [1, 40, 10, 7][n % 4];
    // Of 100 points: 2.5, rounded; all; a quarter; 17.5, rounded.
    let points = |n: usize| [3, 100, 25, 18][n % 4];
    add(&bed, &names, weight);
    let weighed = |names| Naive::with_points(names);
    weighed(names.iter().enumerate().map(|(n, name)| (name, points(n))).collect::<Vec<_>>())
        .assert_same(&bed);

    // The heaviest but one leave: that one has all points still.
    bed.remove(
        names.iter().enumerate().filter(|(n, _)| n % 4 == 1 && *n > 1).map(|(_, name)| name),
    );
    let left = names.iter().enumerate().filter(|(n, _)| n % 4 != 1 || *n == 1);
    weighed(left.map(|(n, name)| (name, points(n))).collect()).assert_same(&bed);
}

#[test]
#[cfg_attr(miri, ignore = "large rings")]
fn weights_change_by_update_and_are_alike_again() {
    let (bed, names) = (Bed::new(offset_header()), names());
    bed.add(names.clone());
    reweigh(&bed, &names[3], 4);
    let points = |name: &String| if *name == names[3] { 100 } else { 25 };
    Naive::with_points(names.iter().map(|name| (name, points(name)))).assert_same(&bed);
    reweigh(&bed, &names[3], 1);
    Naive::new(&names).assert_same(&bed);
    reweigh(&bed, &names[5], 2);
    bed.remove([&names[5]]);
    Naive::new(names.iter().filter(|name| **name != names[5])).assert_same(&bed);
}

#[test]
#[cfg_attr(miri, ignore = "large rings")]
fn a_heavy_member_has_its_part_of_the_keys() {
    let (bed, names) = (Bed::new(offset_header()), names());
    // Half of all.
    add(&bed, &names, |n| if n == 7 { 19 } else { 1 });
    let heavy = (0..4_000).filter(|_| {
        let pick = bed.list.try_choose(&Request::new()).unwrap();
        pick.identifier() == names[7]
    });
    let part = heavy.count() as f64 / 4_000.0;
    assert!((0.38..0.62).contains(&part), "{part}");
}
