//! Very many peers that are added, flap once and are removed, one by one and all at once.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use peerage::policy::Rng;

use crate::group::{self, Maker};
use crate::line::Line;
use crate::turns::Effort;
use crate::{ours, pingora_lists, tower_balance};

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
    let mut figures = all_at_once(maker, peers);
    if maker.few >= peers {
        let mut group = (maker.make)(peers);
        figures.push(("add-one-ns", each(0..peers, |nth| group.add(nth..nth + 1))));
        assert_eq!(group.len(), peers);
        figures.push(("remove-one-ns", each(shuffled(peers), |nth| group.remove(nth..nth + 1))));
        assert_eq!(group.len(), 0);
    }
    figures
}

/// An order in which no cache helps, the same for each side and each time (Fisher and Yates).
fn shuffled(peers: usize) -> Vec<usize> {
    let (mut order, rng): (Vec<_>, _) = ((0..peers).collect(), Rng::seeded(1));
    for last in (1..peers).rev() {
        order.swap(last, rng.below(last + 1));
    }
    order
}

/// In one update, with a flap of each between. Where one costs as much as all, a few go and come back
/// one by one as well.
fn all_at_once(maker: &Maker, peers: usize) -> Vec<(&'static str, f64)> {
    let mut figures = vec![];
    let mut group = (maker.make)(peers);
    let begun = Instant::now();
    group.add(0..peers);
    figures.push(("add-all-ns", per_peer(begun, peers)));
    assert_eq!(group.len(), peers);
    group.before_flaps();
    figures.push(("flap-ns", each(shuffled(peers), |nth| group.flap(nth))));
    assert_eq!(group.len(), peers);
    if maker.few < peers {
        let few = peers - maker.few..peers;
        figures.push(("remove-one-ns", each(few.clone(), |nth| group.remove(nth..nth + 1))));
        figures.push(("add-one-ns", each(few, |nth| group.add(nth..nth + 1))));
        assert_eq!(group.len(), peers);
    }
    let begun = Instant::now();
    group.remove(0..peers);
    figures.push(("remove-all-ns", per_peer(begun, peers)));
    assert_eq!(group.len(), 0);
    figures
}

/// Nanoseconds of one change, while all of these are made one by one.
fn each<W>(which: W, change: impl FnMut(usize)) -> f64
where
    W: IntoIterator<Item = usize, IntoIter: ExactSizeIterator>,
{
    let which = which.into_iter();
    let peers = which.len();
    let begun = Instant::now();
    which.for_each(change);
    per_peer(begun, peers)
}

fn per_peer(begun: Instant, peers: usize) -> f64 {
    begun.elapsed().as_secs_f64() * 1e9 / peers as f64
}
