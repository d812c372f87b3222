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
use crate::line::{Line, Prices};
use crate::shared::{Shares, Step};

/// Steps of time in a nanosecond: whole numbers, for the queue.
const TICKS: f64 = 1_000.0;

/// One core, in the middle of a request.
#[derive(Clone, Default)]
struct Core {
    step: usize,
    /// Slots, and how often each had been written.
    looked: Vec<(usize, u32)>,
    slot: usize,
    random: u64,
}

impl Core {
    fn draw(&mut self, below: usize) -> usize {
        self.random = self.random.wrapping_add(0xa076_1d64_78bd_642f);
        let product = u128::from(self.random) * u128::from(self.random ^ 0xe703_7ed1_a0b4_28db);
        let bits = ((product >> 64) as u64 ^ product as u64) >> 32;
        ((bits * below as u64) >> 32) as usize
    }
}

/// How many lines are between those of the slots and the peers' lines in the books.
const FIXED: usize = 8;

/// What they are; books are several.
#[derive(Clone, Copy)]
enum Fixed {
    Cursor,
    Lock,
    Books,
}

struct Model<'a> {
    shares: &'a Shares,
    prices: Prices,
    alone: u64,
    /// Whether lines are fetched by two.
    pairs: bool,
    peers: usize,
    lines: Vec<Line>,
    cursor: usize,
    taken: bool,
    waiting: VecDeque<usize>,
}

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
    let mut model = Model {
        shares,
        prices: Prices {
            pin: ticks(costs.pin),
            read: ticks(costs.read),
            upgrade: ticks(costs.upgrade),
            add: ticks(costs.add),
            failed: ticks(of_a_failure(costs)),
            stays: (costs.stays * 100.0) as u64,
        },
        alone: ticks(if cores > 1 { alone * costs.together } else { alone }),
        pairs: costs.pairs,
        peers,
        lines: vec![Line::new(); 2 * peers + FIXED],
        cursor: 0,
        taken: false,
        waiting: VecDeque::new(),
    };
    let seed = |nth: usize| Core { random: (nth as u64) << 32 | 7, ..Core::default() };
    let mut all: Vec<Core> = (0..cores).map(seed).collect();
    // Not all at the same moment.
    let mut queue: BinaryHeap<Reverse<(u64, usize)>> =
        (0..cores).map(|nth| Reverse((nth as u64 * 777, nth))).collect();
    // The first requests find lines that no core has.
    let (warm, wanted) = (peers as u64 * 4, peers as u64 * 4 + requests * cores as u64);
    let (mut done, mut begun) = (0, 0);
    while let Some(Reverse((now, nth))) = queue.pop() {
        let core = &mut all[nth];
        if core.step == model.shares.steps.len() {
            core.step = 0;
            done += 1;
            if done == warm {
                begun = now;
            }
            if done == wanted {
                return (now - begun) as f64 / TICKS * cores as f64 / (wanted - warm) as f64;
            }
        }
        let step = model.shares.steps[core.step];
        match model.step(step, core, nth, now) {
            Some(later) => {
                core.step += 1;
                queue.push(Reverse((later, nth)));
            }
            None => model.waiting.push_back(nth),
        }
        if step == Step::Unlock
            && let Some(next) = model.waiting.pop_front()
        {
            // It has to see that the lock is free; the core that gave it back may be faster.
            queue.push(Reverse((now + model.prices.upgrade, next)));
        }
    }
    unreachable!("a core that waits is woken")
}

impl Model<'_> {
    fn fixed(&self, line: Fixed, nth: usize) -> usize {
        self.peers + line as usize + nth
    }

    fn write(&mut self, line: usize, core: usize, now: u64, cost: u64) -> u64 {
        let had = self.lines[line].has(core, now);
        let later = self.lines[line].write(core, now, cost, &self.prices);
        if !had {
            self.fetch_neighbour(line, core);
        }
        later
    }

    /// A slot that comes brings the other one of its 128 bytes.
    fn fetch_neighbour(&mut self, line: usize, core: usize) {
        let neighbour = line ^ 1;
        if self.pairs && line < self.peers && neighbour < self.peers {
            let neighbour = &mut self.lines[neighbour];
            if !neighbour.is_new {
                neighbour.readers |= 1 << core;
            }
        }
    }

    /// When the step is over. `None`: the core waits for the lock.
    fn step(&mut self, step: Step, core: &mut Core, nth: usize, now: u64) -> Option<u64> {
        let Prices { pin, add, upgrade, .. } = self.prices;
        // A line is fetched ahead if it is known before the lock, or the cursor, has come.
        let pin = if self.shares.steps.contains(&Step::Lock) { upgrade } else { pin };
        let add = if self.shares.steps.contains(&Step::Lock) { upgrade } else { add };
        Some(match step {
            Step::Work(hundredths) => now + self.alone * u64::from(hundredths) / 100,
            Step::Look(wanted) => {
                let slots: Vec<_> = (0..wanted).map(|_| core.draw(self.peers)).collect();
                core.looked = slots.iter().map(|&nth| (nth, self.lines[nth].writes)).collect();
                let prices = self.prices;
                // A slot that is alone is read and written in one go, which `Pin` pays for.
                let looks = core.looked.iter().filter(|_| wanted > 1);
                let mut later = now;
                for &(slot, _) in looks {
                    let had = self.lines[slot].has(nth, now);
                    later = later.max(self.lines[slot].read(nth, now, &prices));
                    if !had {
                        self.fetch_neighbour(slot, nth);
                    }
                }
                later
            }
            Step::Pin => {
                let which = core.draw(core.looked.len());
                let (slot, writes) = core.looked[which];
                // Another core wrote it since: the exchange fails, and the next one has the line.
                let is_late = self.lines[slot].writes != writes;
                core.slot = slot;
                self.write(slot, nth, now, pin) + u64::from(is_late) * self.prices.failed
            }
            Step::Turn => {
                let now = self.write(self.fixed(Fixed::Cursor, 0), nth, now, add);
                core.slot = self.cursor % self.peers;
                self.cursor += 1;
                self.write(core.slot, nth, now, upgrade)
            }
            Step::Unpin => self.write(core.slot, nth, now, pin),
            Step::Lock => {
                if self.taken {
                    return None;
                }
                self.taken = true;
                self.write(self.fixed(Fixed::Lock, 0), nth, now, pin)
            }
            Step::Unlock => {
                self.taken = false;
                self.write(self.fixed(Fixed::Lock, 0), nth, now, pin)
            }
            Step::Note => self.write(self.fixed(Fixed::Lock, 0), nth, now, pin),
            // Several at one time.
            Step::Nodes(lines) => (0..lines).fold(now, |later, _| {
                let line = self.peers + FIXED + core.draw(self.peers);
                later.max(self.write(line, nth, now, pin))
            }),
            Step::Write(lines) => (0..lines)
                .fold(now, |now, line| self.write(self.fixed(Fixed::Books, line), nth, now, add)),
        })
    }
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
