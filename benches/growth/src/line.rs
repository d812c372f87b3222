//! A cache line that goes from core to core, and what each of its ways costs: see `model.rs`.

/// For how long a core that has written a line is likely to be at it still.
const NEAR: u64 = 100 * 1_000;

/// The costs, in ticks.
#[derive(Clone, Copy)]
pub(crate) struct Prices {
    pub(crate) pin: u64,
    pub(crate) read: u64,
    pub(crate) upgrade: u64,
    pub(crate) add: u64,
    /// What an exchange that fails adds.
    pub(crate) failed: u64,
    /// For what part of a transfer a line stays, in hundredths.
    pub(crate) stays: u64,
}

#[derive(Clone, Default)]
pub(crate) struct Line {
    /// The core that wrote it last or is about to.
    holder: usize,
    /// Who had it before, and until when.
    before: usize,
    until: u64,
    /// From when on another core can have it.
    free: u64,
    /// Cores that have read it since it was written.
    pub(crate) readers: u128,
    /// When it was written last, and how often it was.
    written: u64,
    pub(crate) writes: u32,
    pub(crate) is_new: bool,
}

impl Line {
    /// One that no core has been at.
    pub(crate) fn new() -> Self {
        Self { is_new: true, ..Self::default() }
    }

    pub(crate) fn has(&self, core: usize, now: u64) -> bool {
        self.is_new || self.holder == core || (self.before == core && now < self.until)
    }

    /// What a core pays that asks for it: one that another core is at costs more.
    pub(crate) fn price(&self, now: u64, cost: u64, prices: &Prices) -> u64 {
        if now < self.written + NEAR { prices.upgrade.max(cost) } else { cost }
    }

    /// The moment at which `core` has it to write.
    pub(crate) fn write(&mut self, core: usize, now: u64, cost: u64, prices: &Prices) -> u64 {
        self.writes += 1;
        let others = self.readers & !(1 << core);
        if self.has(core, now) && others == 0 {
            if self.is_new {
                (self.holder, self.is_new) = (core, false);
            }
            if self.holder == core {
                self.written = now;
            }
            return now;
        }
        let knows = self.has(core, now) || self.readers >> core & 1 == 1;
        let cost = self.price(now, if knows { prices.upgrade } else { cost }, prices);
        let begun = now.max(self.free);
        (self.before, self.until) = (self.holder, begun + cost * prices.stays / 100);
        (self.holder, self.free, self.readers) = (core, begun + cost, 0);
        self.written = self.free;
        self.free
    }

    /// The moment at which it has it to read.
    pub(crate) fn read(&mut self, core: usize, now: u64, prices: &Prices) -> u64 {
        if self.has(core, now) || self.readers >> core & 1 == 1 {
            return now;
        }
        let begun = now.max(self.free);
        let cost = self.price(now, prices.read, prices);
        self.readers |= 1 << core;
        self.free = begun;
        begun + cost
    }
}
