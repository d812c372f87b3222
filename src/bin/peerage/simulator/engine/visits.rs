//! What happens at servers.

use peerage::Outcome;

use super::events::Event;
use super::run::Run;
use super::window::Id;
use crate::simulator::clients::Report;
use crate::simulator::time::MILLI;
use crate::simulator::world::Change;

/// A retry may be lucky where the first attempt was not: each has a luck of its own, the same for
/// all rules.
const NEXT_LUCK: f64 = 0.618_034;
/// How soon a server refuses what is too much.
const REFUSES_AFTER: u64 = MILLI;

impl Run<'_> {
    pub(super) fn reach(&mut self, id: Id) {
        let Some(attempt) = self.attempts.get(id) else { return };
        let server = &mut self.servers[attempt.server as usize];
        let conditions = server.conditions;
        let luck = (attempt.luck + NEXT_LUCK * f64::from(attempt.nth)).fract();
        let refused = if conditions.is_down {
            Some((Outcome::Failure, 0))
        } else if luck < conditions.fail {
            Some((Outcome::Failure, conditions.fail_after))
        } else if luck > 1.0 - self.world.fail_everywhere {
            Some((Outcome::Failure, MILLI))
        } else if self.world.queue_limit.is_some_and(|limit| server.queued() >= limit) {
            Some((Outcome::Overloaded, REFUSES_AFTER))
        } else {
            None
        };
        if let Some((outcome, after)) = refused {
            attempt.outcome = outcome;
            self.events.add(self.now + after + self.world.network.0, Event::Answer(id));
            return;
        }
        attempt.reached = self.now;
        server.take(self.now, id, attempt.demand);
        attempt.met = server.in_flight();
        self.tally.in_flight(self.now, attempt.server, attempt.met);
        let server = attempt.server;
        self.expect_end(server);
    }

    pub(super) fn done(&mut self, server: u32, epoch: u32) {
        let at = &mut self.servers[server as usize];
        if at.epoch != epoch {
            return;
        }
        let (attempts, drops) = (&mut self.attempts, self.world.drops_given_up);
        let is_wanted = |id| {
            let given_up = drops && attempts.get(id).is_none_or(|attempt| attempt.is_given_up);
            if given_up {
                attempts.remove(id);
            }
            !given_up
        };
        let done = at.finish(self.now, is_wanted);
        let (meter, in_flight) = (at.meter, at.in_flight());
        if let Some(attempt) = done.and_then(|id| self.attempts.get(id)) {
            attempt.outcome = Outcome::Success;
            attempt.report = Some(Report {
                in_flight,
                service: meter.service,
                rate: meter.rate,
                utilisation: meter.utilisation,
            });
            let took = (self.now - attempt.reached) as f64;
            self.estimates[server as usize].add(attempt.met, took);
        }
        if let Some(id) = done {
            self.events.add(self.now + self.world.network.0, Event::Answer(id));
        }
        self.expect_end(server);
    }

    pub(super) fn probe(&mut self, client: u32, server: u32) {
        let at = &self.servers[server as usize];
        if at.conditions.is_down {
            return;
        }
        let in_flight = at.in_flight();
        let known = self.estimates[server as usize].at(in_flight);
        let latency = known.unwrap_or(self.world.service.mean.0 as f64) as f32;
        let event = Event::Probed { client, server, in_flight, latency };
        self.events.add(self.now + self.world.network.0, event);
    }

    /// Puts a server's new conditions in place.
    pub(super) fn apply(&mut self, change: &Change) {
        let server = &mut self.servers[change.server];
        let was_up = server.conditions.is_up_for_clients;
        server.change(self.now, change.conditions, change.cold, &mut self.lost);
        for id in std::mem::take(&mut self.lost) {
            if let Some(attempt) = self.attempts.get(id) {
                attempt.outcome = Outcome::Failure;
            }
            self.events.add(self.now + self.world.network.0, Event::Answer(id));
        }
        self.expect_end(change.server as u32);
        let is_up = change.conditions.is_up_for_clients;
        if is_up != was_up {
            let server = change.server as u32;
            self.shared.set_up(server, is_up);
            for client in &mut self.clients {
                client.status(server, is_up, self.now);
            }
        }
    }

    fn expect_end(&mut self, server: u32) {
        let at = &mut self.servers[server as usize];
        if let Some(end) = at.next_end() {
            let epoch = at.epoch;
            self.events.add(end, Event::Done { server, epoch });
        }
    }
}
