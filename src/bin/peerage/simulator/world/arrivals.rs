//! The requests that the clients have to make: the same for all rules.

use super::World;
use crate::simulator::dice::{Dice, Purpose, Zipf};
use crate::simulator::time::{SECOND, Time};

/// A request that a client has to make, and everything about it that is left to chance.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Arrival {
    pub(crate) at: Time,
    pub(crate) client: u32,
    /// Nanoseconds of work.
    pub(crate) demand: f64,
    /// Between 0 and 1: whether a server that fails some requests fails this one.
    pub(crate) luck: f64,
    pub(crate) key: u64,
}

/// All arrivals of a run, in order: a Poisson process.
#[derive(Debug)]
pub(crate) struct Arrivals<'w> {
    world: &'w World,
    dice: Dice,
    at: Time,
    left: usize,
    rate: f64,
    clients: Zipf,
    keys: Option<Zipf>,
}

impl<'w> Arrivals<'w> {
    pub(crate) fn new(world: &'w World, seed: u64) -> Self {
        Self {
            world,
            dice: Dice::new(seed, Purpose::Arrivals),
            at: 0,
            left: world.calls,
            rate: world.rate(),
            clients: Zipf::new(world.clients, world.client_skew),
            keys: world.keys.as_ref().map(|keys| Zipf::new(keys.count, keys.skew)),
        }
    }
}

impl Iterator for Arrivals<'_> {
    type Item = Arrival;

    fn next(&mut self) -> Option<Arrival> {
        self.left = self.left.checked_sub(1)?;
        let (dice, at) = (&mut self.dice, self.at);
        let client = self.clients.draw(dice) as u32;
        let demand = self.world.service.draw(dice);
        let luck = dice.unit();
        let key = self.keys.as_ref().map_or(0, |keys| keys.draw(dice) as u64);
        let factor = self.world.bursts.as_ref().map_or(1.0, |bursts| bursts.factor_at(at));
        let gap = dice.exponential() / (self.rate * factor) * SECOND as f64;
        self.at += gap as Time + 1;
        Some(Arrival { at, client, demand, luck, key })
    }
}
