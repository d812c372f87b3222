//! What a list learns once for all its peers, and how a finish learns.

use std::ptr::NonNull;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use crossbeam_utils::CachePadded;

use super::known::PeerCost;
use super::log::Log;
use super::memory::{GROUP, GROUPS, Group, Memory, groups_for};
use super::price::{FLOOR, Factors, Kind, View};
use super::tick::{Clock, PER_SECOND, Tick};
use super::typical::Typical;
use super::word::{CostWord, Heard};
use crate::sync::{AtomicU32, AtomicUsize, Ordering};

/// Ticks between two sweeps at least: 250 ms.
const SWEEP: u32 = PER_SECOND / 4;

/// More than failures is learnt.
const LEARNS: u32 = 1;
/// Peers' weights differ.
const WEIGHTED: u32 = 2;
/// A word of a peer may tell of failures.
const FAILING: u32 = 4;

/// What a policy asks to be learnt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Settings {
    pub(crate) kind: Kind,
    /// Whether failures make a peer dearer.
    pub(crate) errors: bool,
    /// The most peers that are remembered; 0: none.
    pub(crate) memory: usize,
}

/// What a list learns. `S` is the slot, which builds on this.
#[derive(Debug)]
pub(crate) struct Learner<S> {
    /// Read by every choice and finish, written four times a second at most.
    front: CachePadded<Front>,
    memory: Memory<S>,
}

#[derive(Debug)]
struct Front {
    settings: Settings,
    /// Where the counts of the slots begin: see `slot/word.rs`.
    base: AtomicU32,
    /// Instead of the system's.
    clock: OnceLock<Arc<dyn Clock>>,
    // Numbers, each on its own: relaxed, all of them. One that is read late is a little out of date.
    tick: AtomicU32,
    typical: AtomicU32,
    floor: AtomicU32,
    others: AtomicU32,
    groups: AtomicUsize,
    /// Bits of why a count alone is no price.
    mode: AtomicU32,
    /// When the next sweep is due.
    due: AtomicU32,
    /// Of the first peer that joined; 0 before.
    weight: AtomicU32,
}

/// One that is not asked to learn anything.
impl<S> Default for Learner<S> {
    fn default() -> Self {
        Self::new(Settings { kind: Kind::Pending, errors: false, memory: 0 })
    }
}

impl<S> Learner<S> {
    pub(crate) fn new(settings: Settings) -> Self {
        let front = Front {
            settings,
            base: AtomicU32::new(0),
            tick: AtomicU32::new(0),
            clock: OnceLock::new(),
            typical: AtomicU32::new(0),
            floor: AtomicU32::new(FLOOR),
            others: AtomicU32::new(1.0_f32.to_bits()),
            groups: AtomicUsize::new(settings.memory.min(1)),
            mode: AtomicU32::new(0),
            due: AtomicU32::new(0),
            weight: AtomicU32::new(0),
        };
        Self { front: CachePadded::new(front), memory: Memory::new() }
    }

    /// A list will have its finishes teach this, and takes the time from `clock` if there is one.
    /// Before that, and in a policy of the user's that has no use for it, counts alone are prices.
    pub(crate) fn attach(&self, clock: Option<&Arc<dyn Clock>>) {
        if let Some(clock) = clock {
            // The first list that the policy serves sets it; it serves no other.
            let _ = self.front.clock.set(Arc::clone(clock));
        }
        let now = self.advance();
        // Now, as a moment of half a round ago would seem to be one to come.
        self.front.due.store(now.0, Ordering::Relaxed);
        if self.front.settings.kind != Kind::Pending {
            self.front.mode.fetch_or(LEARNS, Ordering::Relaxed);
        }
    }

    /// The counts of the slots begin here from now on. Before there are any.
    pub(crate) fn set_base(&self, base: u32) {
        self.front.base.store(base, Ordering::Relaxed);
    }

    /// Where the counts of the slots begin.
    #[inline]
    pub(crate) fn base(&self) -> u32 {
        self.front.base.load(Ordering::Relaxed)
    }

    pub(crate) fn settings(&self) -> &Settings {
        &self.front.settings
    }

    /// Whether a success of a peer that has not failed teaches nothing.
    pub(crate) fn learns_failures_alone(&self) -> bool {
        let settings = &self.front.settings;
        settings.kind == Kind::Pending && settings.memory == 0
    }

    /// What is known of a peer, as `PeerCost` shows it.
    pub(crate) fn known(&self, word: CostWord, factors: Factors, pending: u32) -> PeerCost {
        PeerCost::new(&self.view(), word, factors, pending)
    }

    /// What factors are worked out against now.
    #[inline]
    pub(crate) fn view(&self) -> View {
        let front = &*self.front;
        View {
            kind: front.settings.kind,
            now: Tick(front.tick.load(Ordering::Relaxed)),
            typical: Log(front.typical.load(Ordering::Relaxed) as u16),
            floor: front.floor.load(Ordering::Relaxed),
            others: f32::from_bits(front.others.load(Ordering::Relaxed)),
        }
    }

    /// How many groups of remembered peers are in use: 0, or a power of two.
    #[inline]
    pub(crate) fn groups(&self) -> usize {
        self.front.groups.load(Ordering::Relaxed)
    }

    /// One of the groups.
    #[inline]
    pub(crate) fn group(&self, number: usize) -> &Group<S> {
        self.memory.group(number)
    }

    /// Notes that the peer of this slot has answered.
    #[inline]
    pub(crate) fn note(&self, index: u32, slot: NonNull<S>) {
        let groups = self.groups();
        if groups > 0 {
            // Neighbours in number come and go together: the multiplication takes them apart.
            let hash = (u64::from(index).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32) as usize;
            let group = self.group(hash & (groups - 1));
            if !group.remembers(slot) {
                group.note(hash >> 8, slot);
            }
        }
    }

    /// Whether a count alone is a price: no peer fails, weights are alike, and nothing else is learnt.
    #[inline]
    pub(crate) fn is_calm(&self) -> bool {
        self.front.mode.load(Ordering::Relaxed) == 0
    }

    /// A peer of this weight joins. Returns what its count is made a price with.
    pub(crate) fn joined(&self, weight: u16) -> Factors {
        let (first, relaxed) = (&self.front.weight, Ordering::Relaxed);
        let own = u32::from(weight.max(1));
        let known = first.compare_exchange(0, own, relaxed, relaxed);
        // If all weights are the same, counts alone order the peers.
        if known.is_err_and(|first| first != own) {
            self.front.mode.fetch_or(WEIGHTED, relaxed);
        }
        self.view().factors(CostWord::default(), weight)
    }

    /// Whether a success may be left out: its peer has one in this tick already, has not failed, and
    /// 15 in 16 are left out then. (A peer that answers a hundred times a second would be learnt from
    /// six times a tick: its mean would go back for less than the second that it is to go back, and a
    /// finish would cost twice as much.)
    #[inline]
    pub(crate) fn may_skip(&self, word: CostWord, latency: Option<Duration>) -> bool {
        let now = self.front.tick.load(Ordering::Relaxed);
        // The upper bits of a product: latencies may be whole microseconds.
        let nanos = latency.map_or(0, |latency| latency.subsec_nanos());
        let chance = nanos.wrapping_mul(0x9e37_79b9) >> 28;
        chance != 0 && word.is_quiet_since(Tick(now))
    }

    /// The time, if there is anything to be learnt of a request's end.
    #[inline]
    pub(crate) fn learns(&self, word: CostWord, failed: bool) -> Option<Tick> {
        let settings = &self.front.settings;
        let learns =
            settings.kind != Kind::Pending || settings.errors && (failed || word.failures() != 0);
        learns.then(|| self.advance())
    }

    /// What is known of a peer after a request of it has ended.
    pub(crate) fn learn(&self, word: CostWord, mut heard: Heard, now: Tick) -> CostWord {
        let front = &*self.front;
        if !front.settings.errors {
            heard.failed = None;
        }
        if heard.failed == Some(true) && front.mode.load(Ordering::Relaxed) & FAILING == 0 {
            front.mode.fetch_or(FAILING, Ordering::Relaxed);
        }
        if front.settings.kind == Kind::Reported {
            // What one request took there, of those that were in flight.
            let requests = u64::from(heard.in_flight.unwrap_or(0)) + 1;
            heard.nanos = heard.nanos.map(|nanos| nanos / requests);
        }
        let word = word.after(&heard, now);
        if front.typical.load(Ordering::Relaxed) == 0 && word.latency().is_known() {
            // The first latency of all is what is typical until the next sweep.
            front.typical.store(word.latency().0.into(), Ordering::Relaxed);
        }
        word
    }

    /// Moves the tick to now.
    pub(crate) fn advance(&self) -> Tick {
        let front = &*self.front;
        let now = match front.clock.get() {
            Some(clock) => Tick::of(clock.now()),
            None => Tick::now(),
        };
        // Written once a tick, as every choice reads the line.
        if front.tick.load(Ordering::Relaxed) != now.0 {
            front.tick.store(now.0, Ordering::Relaxed);
        }
        now
    }

    /// Whether a sweep is due by the last tick that was seen, which is then this thread's to make.
    #[inline]
    pub(crate) fn takes_sweep(&self) -> bool {
        let (now, due) = (self.front.tick.load(Ordering::Relaxed), &self.front.due);
        let then = due.load(Ordering::Relaxed);
        if now.wrapping_sub(then) > u32::MAX / 2 {
            return false;
        }
        let next = now.wrapping_add(SWEEP);
        due.compare_exchange(then, next, Ordering::Relaxed, Ordering::Relaxed).is_ok()
    }

    /// Takes over what a sweep has found.
    pub(crate) fn swept(&self, typical: &Typical) {
        let (front, relaxed) = (&*self.front, Ordering::Relaxed);
        let latency = typical.latency();
        if latency.is_known() {
            front.typical.store(latency.0.into(), relaxed);
        }
        front.floor.store(typical.floor(), relaxed);
        front.others.store(typical.others().to_bits(), relaxed);
        if !typical.any_failing() {
            front.mode.fetch_and(!FAILING, relaxed);
        }
        if front.settings.memory > 0 {
            let before = front.groups.load(relaxed);
            let groups =
                groups_for(typical.peers as usize, typical.in_flight, front.settings.memory);
            front.groups.store(groups.min(GROUPS), relaxed);
            if groups < before {
                self.memory.forget_from(groups);
            }
        }
    }
}

const _: () = assert!(GROUPS.is_power_of_two() && GROUP == 4);
