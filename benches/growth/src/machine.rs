//! What cores share at one moment, and what a step of a request does to it: see `model.rs`.

use crate::line::{Line, Prices};
use crate::shared::{Shares, Step};

/// One core, in the middle of a request.
#[derive(Clone, Default)]
pub(crate) struct Core {
    pub(crate) step: usize,
    /// Slots, and how often each had been written.
    looked: Vec<(usize, u32)>,
    slot: usize,
    random: u64,
}

impl Core {
    /// The `nth` core, which draws what no other one draws.
    pub(crate) fn new(nth: usize) -> Self {
        Self { random: (nth as u64) << 32 | 7, ..Self::default() }
    }

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

/// What the cores share.
pub(crate) struct Machine<'a> {
    shares: &'a Shares,
    prices: Prices,
    /// What a request takes of a core that shares nothing.
    alone: u64,
    /// Whether lines are fetched by two.
    pairs: bool,
    peers: usize,
    lines: Vec<Line>,
    cursor: usize,
    /// A core has the lock.
    taken: bool,
}

impl<'a> Machine<'a> {
    pub(crate) fn new(
        shares: &'a Shares,
        prices: Prices,
        alone: u64,
        pairs: bool,
        peers: usize,
    ) -> Self {
        let lines = vec![Line::new(); 2 * peers + FIXED];
        Self { shares, prices, alone, pairs, peers, lines, cursor: 0, taken: false }
    }

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
    pub(crate) fn step(
        &mut self,
        step: Step,
        core: &mut Core,
        nth: usize,
        now: u64,
    ) -> Option<u64> {
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
