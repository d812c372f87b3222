//! What goes wrong, laid out in time.
//!
//! A trouble changes the conditions of some servers for a span of time, once, again and again, or
//! at random. Troubles overlap: slowness multiplies, delays add up, the worst failure rate counts.

use serde::Deserialize;

use super::{Servers, World};
use crate::simulator::dice::{Dice, Purpose};
use crate::simulator::time::{MILLI, Span, Time};

/// One `[[trouble]]` of a file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub(crate) struct Trouble {
    pub(crate) servers: Servers,
    pub(crate) from: Span,
    /// `None`: to the end.
    pub(crate) until: Option<Span>,
    /// Begins again so long after it began.
    pub(crate) every: Option<Span>,
    /// Comes to each server by itself: lasts and stays away for random times of these means.
    pub(crate) random: Option<Random>,
    /// Comes to groups of so many neighbouring servers at once, one group after the other. With
    /// `every`, that is between one group and the next.
    pub(crate) rack: Option<usize>,

    /// Work takes so many times longer.
    pub(crate) slow: f64,
    /// Nothing is worked on.
    pub(crate) pause: bool,
    /// Each request takes so much longer.
    pub(crate) add: Span,
    /// Each request is so much longer on its way.
    pub(crate) network: Span,
    /// The share of requests that fail ..
    pub(crate) fail: f64,
    /// .. so soon.
    pub(crate) fail_after: Span,
    /// Requests are refused at once, and those that are there are lost.
    pub(crate) down: bool,
    /// Whether the transport tells the clients that it is down.
    pub(crate) told: bool,
    /// It begins cold when the trouble ends: `cold` times slower, until it has served some requests.
    pub(crate) then_cold: f64,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Random {
    /// Mean time that it lasts.
    pub(crate) lasts: Span,
    /// Mean time between.
    pub(crate) between: Span,
}

impl Default for Trouble {
    fn default() -> Self {
        Self {
            servers: Servers::default(),
            from: Span(0),
            until: None,
            every: None,
            random: None,
            rack: None,
            slow: 1.0,
            pause: false,
            add: Span(0),
            network: Span(0),
            fail: 0.0,
            fail_after: Span(MILLI),
            down: false,
            told: true,
            then_cold: 0.0,
        }
    }
}

/// How a server is for a while.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Conditions {
    /// Work done per time; 0 while it pauses.
    pub(crate) speed: f64,
    pub(crate) add: Time,
    pub(crate) network: Time,
    pub(crate) fail: f64,
    pub(crate) fail_after: Time,
    pub(crate) is_down: bool,
    /// The transport says that it is there.
    pub(crate) is_up_for_clients: bool,
}

/// A server's conditions from a moment on.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Change {
    pub(crate) at: Time,
    pub(crate) server: usize,
    pub(crate) conditions: Conditions,
    /// It is cold from now on: so many times slower.
    pub(crate) cold: f64,
}

impl Conditions {
    pub(crate) const WELL: Self = Self {
        speed: 1.0,
        add: 0,
        network: 0,
        fail: 0.0,
        fail_after: MILLI,
        is_down: false,
        is_up_for_clients: true,
    };

    fn with(mut self, trouble: &Trouble) -> Self {
        self.speed *= if trouble.pause { 0.0 } else { 1.0 / trouble.slow };
        self.add += trouble.add.0;
        self.network += trouble.network.0;
        if trouble.fail > self.fail {
            (self.fail, self.fail_after) = (trouble.fail, trouble.fail_after.0);
        }
        self.is_down |= trouble.down;
        self.is_up_for_clients &= !(trouble.down && trouble.told);
        self
    }
}

/// A trouble at a server.
struct Spell<'t> {
    from: Time,
    until: Time,
    trouble: &'t Trouble,
}

/// All changes of a run, in order; those of time 0 first.
pub(crate) fn changes(world: &World, seed: u64) -> Vec<Change> {
    // Requests that came last are still being served when the last has come.
    let end = world.length() / 10 * 12;
    let mut dice = Dice::new(seed, Purpose::Troubles);
    let mut spells: Vec<Vec<Spell<'_>>> = (0..world.servers).map(|_| vec![]).collect();
    for trouble in &world.troubles {
        for (nth, &server) in trouble.servers.list().iter().enumerate() {
            for (from, until) in trouble.spans(nth, end, &mut dice) {
                spells[server].push(Spell { from, until, trouble });
            }
        }
    }
    let each = spells.iter().enumerate();
    let mut changes: Vec<_> = each.flat_map(|(server, spells)| of_server(server, spells)).collect();
    changes.sort_by_key(|change| change.at);
    changes
}

fn of_server(server: usize, spells: &[Spell<'_>]) -> Vec<Change> {
    let mut moments: Vec<_> = spells.iter().flat_map(|spell| [spell.from, spell.until]).collect();
    moments.sort_unstable();
    moments.dedup();
    let change = |at: Time| {
        let now = spells.iter().filter(|spell| (spell.from..spell.until).contains(&at));
        let conditions = now.fold(Conditions::WELL, |all, spell| all.with(spell.trouble));
        let over = spells.iter().filter(|spell| spell.until == at);
        let cold = over.map(|spell| spell.trouble.then_cold).fold(0.0, f64::max);
        Change { at, server, conditions, cold }
    };
    moments.into_iter().map(change).collect()
}

impl Trouble {
    /// When it is at the `nth` of its servers.
    fn spans(&self, nth: usize, end: Time, dice: &mut Dice) -> Vec<(Time, Time)> {
        let mut spans = vec![];
        if let Some(random) = &self.random {
            let mut draw = |mean: Span| (dice.exponential() * mean.0 as f64) as Time + 1;
            let mut at = self.from.0 + draw(random.between);
            while at < end {
                let until = at + draw(random.lasts);
                spans.push((at, until));
                at = until + draw(random.between);
            }
            return spans;
        }
        let until = self.until.map_or(Time::MAX, |until| until.0);
        let Some(Span(every)) = self.every else { return vec![(self.from.0, until)] };
        let group = self.rack.map(|rack| nth / rack);
        for round in 0.. {
            let (from, until) = (self.from.0 + round * every, until + round * every);
            if from >= end {
                break;
            }
            // One group a round, in turn; all servers if there are no groups.
            let groups = self.rack_count();
            if group.is_none_or(|group| round as usize % groups == group) {
                spans.push((from, until));
            }
        }
        spans
    }

    /// How many groups its servers are.
    fn rack_count(&self) -> usize {
        self.rack.map_or(1, |rack| self.servers.list().len().div_ceil(rack).max(1))
    }

    /// The share of the time at which it is at a server, in the long run.
    fn share(&self) -> f64 {
        match (&self.random, self.every, self.until) {
            (Some(random), ..) => {
                let (on, off) = (random.lasts.0 as f64, random.between.0 as f64);
                on / (on + off)
            }
            (None, Some(every), Some(until)) => {
                let on = until.0.saturating_sub(self.from.0) as f64;
                on / every.0 as f64 / self.rack_count() as f64
            }
            (None, None, None) if self.from.0 == 0 => 1.0,
            _ => 0.0,
        }
    }
}

impl World {
    /// The part of its full speed that a server has in the long run.
    pub(super) fn speed(&self, server: usize) -> f64 {
        let has = |trouble: &&Trouble| trouble.servers.list().contains(&server);
        let factor = |trouble: &Trouble| {
            let speed = if trouble.pause { 0.0 } else { 1.0 / trouble.slow };
            1.0 - trouble.share() * (1.0 - speed)
        };
        self.troubles.iter().filter(has).map(factor).product()
    }
}
