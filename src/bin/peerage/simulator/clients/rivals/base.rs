//! A client of a rival: counts, filters and waits; its rule picks.

use std::collections::BTreeSet;

use peerage::Pick;

use super::super::{Ask, Choice, Client, Ended, Probed, Told};
use super::Choosing;
use super::ejection::Ejection;
use super::peers::Peers;
use crate::simulator::dice::{Dice, Purpose};
use crate::simulator::engine::Id;
use crate::simulator::time::Time;

pub(super) struct Rival {
    rule: Box<dyn Choosing>,
    peers: Peers,
    ejection: Option<Ejection>,
    dice: Dice,
    /// Calls that wait, the oldest first: numbers grow.
    waiting: BTreeSet<Id>,
    told: Told,
}

impl Rival {
    pub(super) fn new(
        rule: Box<dyn Choosing>,
        peers: Peers,
        ejection: Option<Ejection>,
        seed: u64,
        told: Told,
    ) -> Self {
        let dice = Dice::new(seed, Purpose::Clients);
        Self { rule, peers, ejection, dice, waiting: BTreeSet::new(), told }
    }

    /// Has the oldest waiting call try again. If it gets a server, the next one may.
    fn tell_oldest(&self) {
        if let Some(oldest) = self.waiting.first() {
            self.told.tell(*oldest);
        }
    }
}

impl Client for Rival {
    fn choose(&mut self, ask: &Ask<'_>) -> Result<Option<Choice>, String> {
        // Newcomers do not overtake those that wait.
        let is_newcomer = self.waiting.first().is_some_and(|oldest| *oldest < ask.call);
        if is_newcomer || !self.peers.find(ask.avoid, ask.now, self.ejection.is_some()) {
            return Ok(None);
        }
        let peer = self.rule.pick(&self.peers, ask.now, &mut self.dice);
        self.rule.sent(peer, ask.now);
        self.peers.get_mut(peer).pending += 1;
        if self.waiting.remove(&ask.call) {
            self.tell_oldest();
        }
        Ok(Some(Choice { server: self.peers.get(peer).server, pick: None }))
    }

    fn finish(&mut self, _pick: Option<Pick>, ended: &Ended) {
        let Some(peer) = self.peers.place(ended.server) else { return };
        self.peers.get_mut(peer).pending -= 1;
        self.rule.ended(&self.peers, peer, ended);
        if let Some(ejection) = &mut self.ejection {
            ejection.ended(&mut self.peers, peer, ended, &mut self.dice);
        }
        self.tell_oldest();
    }

    fn wait(&mut self, ask: &Ask<'_>) {
        self.waiting.insert(ask.call);
    }

    fn give_up(&mut self, call: Id) {
        self.waiting.remove(&call);
    }

    fn status(&mut self, server: u32, is_up: bool, _now: Time) {
        let Some(peer) = self.peers.place(server) else { return };
        self.peers.set_up(peer, is_up);
        if is_up {
            self.rule.back(peer);
            self.tell_oldest();
        }
    }

    fn probes(&mut self, targets: &mut Vec<u32>) {
        for _ in 0..self.rule.probes() {
            let peer = self.dice.below(self.peers.len());
            targets.push(self.peers.get(peer).server);
        }
    }

    fn probed(&mut self, probe: Probed) {
        if let Some(peer) = self.peers.place(probe.server) {
            self.rule.probed(peer, probe);
        }
    }
}
