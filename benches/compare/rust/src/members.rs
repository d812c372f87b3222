//! Very many peers that are added, flap once and are removed, one by one and all at once.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use crate::group::{self, Group, Maker};
use crate::line::Line;
use crate::turns::Effort;
use crate::{ours, pingora_lists, tower_balance};

/// How many are added one by one, where one costs as much as all.
const FEW: usize = 3;

/// How long a side may take for all its repetitions; one that is slower repeats less.
const PATIENCE: Duration = Duration::from_secs(4);

/// Prints the time per peer of each kind of change. A flap is two changes of a status.
pub(crate) fn print(effort: Effort) {
    let mut makers = ours::groups();
    makers.extend(pingora_lists::groups());
    makers.extend(tower_balance::groups());
    makers.push(group::map());
    let mut best: Vec<_> = makers.iter().map(|_| (HashMap::new(), Duration::ZERO)).collect();
    for _ in 0..effort.jobs {
        for (maker, (best, spent)) in makers.iter().zip(&mut best) {
            if *spent >= PATIENCE {
                continue;
            }
            let begun = Instant::now();
            for (figure, value) in job(maker, effort.many.min(maker.most)) {
                let so_far = best.entry(figure).or_insert(f64::INFINITY);
                *so_far = so_far.min(value);
            }
            *spent += begun.elapsed();
        }
    }
    for (Maker { name, most, .. }, (best, _)) in makers.into_iter().zip(best) {
        for figure in ["add-one-ns", "add-all-ns", "flap-ns", "remove-one-ns", "remove-all-ns"] {
            if let Some(&value) = best.get(figure) {
                let peers = effort.many.min(most);
                Line { work: "members", name, peers, threads: 1, figure, value }.print();
            }
        }
    }
}

/// Nanoseconds per peer of each, once.
fn job(maker: &Maker, peers: usize) -> Vec<(&'static str, f64)> {
    let each = |took: Duration, peers: usize| took.as_secs_f64() * 1e9 / peers as f64;
    let one_by_one = |group: &mut dyn Group, change: &dyn Fn(&mut dyn Group, usize)| {
        let begun = Instant::now();
        (0..peers).for_each(|nth| change(group, nth));
        each(begun.elapsed(), peers)
    };
    let mut figures = vec![];

    let group = &mut *(maker.make)(peers);
    let begun = Instant::now();
    group.add(0..peers);
    figures.push(("add-all-ns", each(begun.elapsed(), peers)));
    assert_eq!(group.len(), peers);
    group.before_flaps();
    figures.push(("flap-ns", one_by_one(group, &|group, nth| group.flap(nth))));
    assert_eq!(group.len(), peers);
    if maker.slow {
        let few = FEW.min(peers);
        let begun = Instant::now();
        (peers - few..peers).for_each(|nth| group.remove(nth..nth + 1));
        figures.push(("remove-one-ns", each(begun.elapsed(), few)));
        let begun = Instant::now();
        (peers - few..peers).for_each(|nth| group.add(nth..nth + 1));
        figures.push(("add-one-ns", each(begun.elapsed(), few)));
        assert_eq!(group.len(), peers);
    }
    let begun = Instant::now();
    group.remove(0..peers);
    figures.push(("remove-all-ns", each(begun.elapsed(), peers)));
    assert_eq!(group.len(), 0);

    if !maker.slow {
        let group = &mut *(maker.make)(peers);
        let added = one_by_one(group, &|group, nth| group.add(nth..nth + 1));
        figures.push(("add-one-ns", added));
        assert_eq!(group.len(), peers);
        let removed = one_by_one(group, &|group, nth| group.remove(nth..nth + 1));
        figures.push(("remove-one-ns", removed));
        assert_eq!(group.len(), 0);
    }
    figures
}
