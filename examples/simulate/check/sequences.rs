//! Rows that need no time: choices one after the other.

use std::collections::VecDeque;

use peerage::policy::PolicySpec;
use peerage::transports::Always;
use peerage::{
    AnyChooser, Attributes, Chooser, Lifecycle, List, ListOptions, ListUpdates, Member, Outcome,
    Request,
};

use super::row::{Bound, Verdict};
use crate::simulator::dice::{Dice, Purpose, Zipf};

/// Choices that are looked at.
const PICKS: usize = 200_000;
const BOUNDED: [&str; 4] =
    ["round-robin:bound=1.25", "random:bound=1.25", "hashring32:bound=1.25", "maglev:bound=1.25"];

/// What, the bound and the verdict of each.
pub(super) fn verdicts() -> Vec<(String, String, Verdict)> {
    let mut rows = vec![];
    let mut add = |what: String, bound: Bound, measured: Result<f64, String>| {
        let verdict = measured.map_or_else(Verdict::Missing, |measured| bound.verdict(measured));
        rows.push((what, bound.shown(), verdict));
    };
    let (count, wait) = weighted("weighted-round-robin");
    add("weights 1000 × 10 + 100 × 128: |count − share|".into(), Bound::AtMost(2.0), count);
    add("the same: longest wait ÷ what is due".into(), Bound::AtMost(2.0), wait);
    for rule in BOUNDED {
        for in_flight in [40, 400] {
            let what = format!("{rule}, {in_flight} in flight at 20 servers: % above the bound");
            add(what, Bound::AtMost(0.0), above_bound(rule, in_flight, &[1]));
        }
        let what = format!("{rule}, weights 1, 2 and 4: % above the bound on a share by weight");
        add(what, Bound::AtMost(0.0), above_bound(rule, 400, &[1, 2, 4]));
    }
    rows
}

fn list(rule: &str, members: impl Iterator<Item = Member>) -> Result<AnyChooser, String> {
    let spec: PolicySpec = rule.parse().map_err(|_| rule.to_owned())?;
    let list = AnyChooser::from_spec(&spec, Always::new(), ListOptions::new().with_seed(1));
    list.start().map_err(|error| error.to_string())?;
    list.update(ListUpdates::adding_members(members)).map_err(|error| error.to_string())?;
    Ok(list)
}

/// The largest difference of a count from its share, and the longest wait in units of what is due.
fn weighted(rule: &str) -> (Result<f64, String>, Result<f64, String>) {
    match waits(rule) {
        Ok((count, wait)) => (Ok(count), Ok(wait)),
        Err(missing) => (Err(missing.clone()), Err(missing)),
    }
}

fn waits(rule: &str) -> Result<(f64, f64), String> {
    let weights: Vec<u16> = (0..1100).map(|at| if at < 1000 { 10 } else { 128 }).collect();
    let member = |(at, weight): (usize, &u16)| {
        Member::new(at.to_string(), Attributes::new().with_weight(*weight))
    };
    let list = list(rule, weights.iter().enumerate().map(member))?;
    let sum: f64 = weights.iter().map(|weight| f64::from(*weight)).sum();
    let mut counts = vec![0.0; weights.len()];
    let mut last: Vec<Option<usize>> = vec![None; weights.len()];
    let (mut furthest, mut longest) = (0.0_f64, 0.0_f64);
    for nth in 0..PICKS {
        let pick = list.try_choose(&Request::new()).map_err(|error| error.to_string())?;
        let at: usize = pick.identifier().parse().map_err(|_| "not a number")?;
        pick.finish(Outcome::Success);
        let share = f64::from(weights[at]) / sum;
        counts[at] += 1.0;
        let due = (nth + 1) as f64 * share;
        furthest = furthest.max((counts[at] - due).abs()).max((counts[at] - 1.0 - due).abs() - 1.0);
        if let Some(before) = last[at].replace(nth) {
            longest = longest.max((nth - before) as f64 * share);
        }
    }
    Ok((furthest, longest))
}

/// Percent of choices after which a server has more than ⌈1.25 × its share⌉, by these weights in turn.
fn above_bound(rule: &str, in_flight: usize, weights: &[u16]) -> Result<f64, String> {
    const SERVERS: usize = 20;
    let weights: Vec<u16> = weights.iter().copied().cycle().take(SERVERS).collect();
    let member = |(at, weight): (usize, &u16)| {
        Member::new(at.to_string(), Attributes::new().with_weight(*weight))
    };
    let list = list(rule, weights.iter().enumerate().map(member))?;
    let sum: u16 = weights.iter().sum();
    let (keys, mut dice) = (Zipf::new(10_000, 1.0), Dice::new(1, Purpose::Clients));
    let mut picks = VecDeque::new();
    let mut pending = [0_usize; SERVERS];
    let mut above = 0;
    for _ in 0..PICKS {
        if picks.len() == in_flight {
            // Any of those under way may end first.
            let swapped = dice.below(picks.len());
            picks.swap(0, swapped);
            if let Some((at, pick)) = picks.pop_front() {
                let (at, pick): (usize, peerage::Pick) = (at, pick);
                pending[at] -= 1;
                pick.finish(Outcome::Success);
            }
        }
        let key = keys.draw(&mut dice).to_le_bytes();
        let request = Request::new().with_shard_key(&key);
        let pick = list.try_choose(&request).map_err(|error| error.to_string())?;
        let at: usize = pick.identifier().parse().map_err(|_| "not a number")?;
        pending[at] += 1;
        picks.push_back((at, pick));
        let bound = 1.25 * picks.len() as f64 * f64::from(weights[at]) / f64::from(sum);
        above += usize::from(pending[at] as f64 > bound.ceil());
    }
    Ok(100.0 * above as f64 / PICKS as f64)
}
