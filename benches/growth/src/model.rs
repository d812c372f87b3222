//! Cores that make requests, and lines that go from one to the other.
//!
//! A line is where it was written last, or with all who have read it since. A core that has it pays
//! nothing for it; another one asks, has it after a while, and the one that had it keeps it for a part of
//! that. Those who ask for one line at one time get it one after the other. A line that no other core is
//! at is fetched ahead, as a processor looks at the next requests while it waits, so it costs little; one
//! that another core is at costs what a line costs that cannot be fetched so. With a line that comes, its
//! neighbour is fetched too, to be read: processors fetch lines by two. All else that a request takes is
//! what it takes on one thread, which is measured. So the model says what sharing adds.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

use crate::costs::Costs;
use crate::line::Prices;
use crate::machine::{Core, Machine};
use crate::shared::{Shares, Step};

/// Steps of time in a nanosecond: whole numbers, for the queue.
const TICKS: f64 = 1_000.0;

/// What each exchange that fails adds, as those of one line that two cores write tell.
fn of_a_failure(costs: &Costs) -> f64 {
    let failures_for_each = costs.failures / (1.0 - costs.failures);
    let each = (costs.contended_exchange - costs.contended_add) / failures_for_each;
    if each.is_finite() { each.max(0.0) } else { 0.0 }
}

/// Nanoseconds of a core for each request, if so many cores make requests and one takes `alone` for it.
pub(crate) fn cost(
    shares: &Shares,
    costs: &Costs,
    peers: usize,
    cores: usize,
    alone: f64,
    requests: u64,
) -> f64 {
    if alone.is_nan() {
        // It could not be measured, and as a number of ticks it would be 0.
        return f64::NAN;
    }
    let ticks = |nanoseconds: f64| (nanoseconds * TICKS) as u64;
    let prices = Prices {
        pin: ticks(costs.pin),
        read: ticks(costs.read),
        upgrade: ticks(costs.upgrade),
        add: ticks(costs.add),
        failed: ticks(of_a_failure(costs)),
        stays: (costs.stays * 100.0) as u64,
    };
    let alone = ticks(if cores > 1 { alone * costs.together } else { alone });
    let mut machine = Machine::new(shares, prices, alone, costs.pairs, peers);
    // For the lock.
    let mut waiting = VecDeque::new();
    let mut all: Vec<Core> = (0..cores).map(Core::new).collect();
    // Not all at the same moment.
    let mut queue: BinaryHeap<Reverse<(u64, usize)>> =
        (0..cores).map(|nth| Reverse((nth as u64 * 777, nth))).collect();
    // The first requests find lines that no core has.
    let (warm, wanted) = (peers as u64 * 4, peers as u64 * 4 + requests * cores as u64);
    let (mut done, mut begun) = (0, 0);
    while let Some(Reverse((now, nth))) = queue.pop() {
        let core = &mut all[nth];
        if core.step == shares.steps.len() {
            core.step = 0;
            done += 1;
            if done == warm {
                begun = now;
            }
            if done == wanted {
                return (now - begun) as f64 / TICKS * cores as f64 / (wanted - warm) as f64;
            }
        }
        let step = shares.steps[core.step];
        match machine.step(step, core, nth, now) {
            Some(later) => {
                core.step += 1;
                queue.push(Reverse((later, nth)));
            }
            None => waiting.push_back(nth),
        }
        if step == Step::Unlock
            && let Some(next) = waiting.pop_front()
        {
            // It has to see that the lock is free; the core that gave it back may be faster.
            queue.push(Reverse((now + prices.upgrade, next)));
        }
    }
    unreachable!("a core that waits is woken")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shared::POLICIES;

    const COSTS: Costs = Costs {
        pin: 50.0,
        read: 50.0,
        upgrade: 50.0,
        add: 50.0,
        contended_add: 0.0,
        contended_exchange: 0.0,
        failures: 0.0,
        together: 1.0,
        stays: 0.4,
        pairs: false,
    };
    const ALONE: f64 = 10.0;

    fn of(name: &str, peers: usize, cores: usize) -> f64 {
        let shares = POLICIES.iter().find(|shares| shares.name == name).expect("it is there");
        cost(shares, &COSTS, peers, cores, ALONE, 2_000)
    }

    #[test]
    fn one_core_pays_for_no_other() {
        for shares in POLICIES {
            let cost = of(shares.name, 1_000, 1);
            assert!((cost - ALONE).abs() < 0.1, "{}: {cost}", shares.name);
        }
    }

    #[test]
    fn every_other_line_is_the_other_cores() {
        let added = of("random", 10_000, 2) - ALONE;
        assert!((22.0..28.0).contains(&added), "{added}, and half of 50 is 25");
        let added = of("random", 10_000, 64) - ALONE;
        assert!((46.0..53.0).contains(&added), "{added}, and 63 of 64 times 50 is 49");
    }

    #[test]
    fn a_cursor_and_a_lock_are_no_faster_for_more_cores() {
        for name in ["round-robin", "fewest-pending-requests"] {
            let rate = |cores| cores as f64 / of(name, 1_000, cores);
            assert!(rate(64) < 1.1 * rate(8), "{name}: {} and {}", rate(8), rate(64));
        }
        let rate = |cores| cores as f64 / of("random", 10_000, cores);
        assert!(rate(64) > 6.0 * rate(8));
    }
}
