//! A call's life: a server is chosen, or it waits; an attempt ends; another is made, or it is over.

use peerage::Outcome;

use super::events::Event;
use super::run::{Attempt, Run};
use super::window::Id;
use crate::simulator::clients::{Ask, Ended};

/// More calls than wait at any moment.
const MOST_TOLD: u32 = 10_000_000;

impl Run<'_> {
    /// Sends a call to a server, or has it wait for one.
    pub(super) fn send(&mut self, id: Id) {
        let Some(call) = self.calls.get(id) else { return };
        let avoid: &[u32] = if self.world.avoid { &call.tried } else { &[] };
        let (now, key) = (self.now, call.arrival.key);
        let ask = Ask { now, call: id, key, avoid };
        let client = &mut self.clients[call.arrival.client as usize];
        let choice = match client.choose(&ask) {
            Ok(Some(choice)) => choice,
            Ok(None) => {
                client.wait(&ask);
                call.is_waiting = true;
                return;
            }
            Err(error) => {
                self.wrong = Some(error);
                return;
            }
        };
        let attempt = self.attempts.add(Attempt {
            call: id,
            client: call.arrival.client,
            server: choice.server,
            nth: call.attempts,
            demand: call.arrival.demand,
            luck: call.arrival.luck,
            sent: now,
            reached: now,
            met: 0,
            pick: choice.pick,
            is_given_up: false,
            outcome: Outcome::NotSent,
            report: None,
        });
        call.attempts += 1;
        if self.world.retries > 0 || self.world.hedge.is_some() {
            call.tried.push(choice.server);
        }
        let free = call.live.iter_mut().find(|live| live.is_none());
        *free.expect("at most two attempts at once") = Some(attempt);
        self.tally.sent(now, call.arrival.client, choice.server, call.counts);
        let further = self.servers[choice.server as usize].conditions.network;
        self.events.add(now + self.world.network.0 + further, Event::Reach(attempt));
    }

    /// The calls that were told to try again do.
    pub(super) fn try_again(&mut self) {
        let mut left = MOST_TOLD;
        while let Some(id) = self.told.next() {
            left -= 1;
            if left == 0 {
                let text = "a list tells calls to try again that get no server, without end";
                self.wrong = Some(text.into());
                return;
            }
            if let Some(call) = self.calls.get(id).filter(|call| call.is_waiting) {
                call.is_waiting = false;
                self.send(id);
            }
        }
    }

    pub(super) fn answer(&mut self, id: Id) {
        let Some(attempt) = self.attempts.remove(id) else { return };
        if attempt.is_given_up {
            return;
        }
        let (outcome, at) = (attempt.outcome, attempt.call);
        self.finish(attempt, outcome);
        let is_ok = outcome == Outcome::Success;
        let Some(call) = self.calls.get(at) else { return };
        call.live.iter_mut().filter(|live| **live == Some(id)).for_each(|live| *live = None);
        if is_ok {
            self.tally.answered(self.now, &call.arrival, call.counts);
            self.close(at, Outcome::Cancelled);
            return;
        }
        call.failures += 1;
        self.tally.failed(call.counts);
        if call.failures <= self.world.retries {
            self.send(at);
        } else if call.live == [None; 2] && !call.is_waiting {
            self.close(at, Outcome::Cancelled);
        }
    }

    pub(super) fn deadline(&mut self, id: Id) {
        let Some(call) = self.calls.get(id) else { return };
        if call.live != [None; 2] {
            self.tally.failed(call.counts);
        }
        // No answer in time is the server's failure.
        self.close(id, Outcome::Failure);
    }

    /// Asks a second server, if the first one has not answered.
    pub(super) fn hedge(&mut self, id: Id) {
        let Some(call) = self.calls.get(id) else { return };
        if !call.is_waiting && call.live.iter().flatten().count() == 1 {
            self.send(id);
        }
    }

    /// Ends a call. What is under way of it is given up, with this outcome.
    fn close(&mut self, id: Id, outcome: Outcome) {
        let Some(call) = self.calls.remove(id) else { return };
        self.open -= 1;
        if call.is_waiting {
            self.clients[call.arrival.client as usize].give_up(id);
        }
        for live in call.live.into_iter().flatten() {
            if let Some(attempt) = self.attempts.get(live) {
                attempt.is_given_up = true;
                let pick = attempt.pick.take();
                let (client, server, sent) = (attempt.client, attempt.server, attempt.sent);
                let ended = Ended { now: self.now, server, sent, outcome, report: None };
                self.clients[client as usize].finish(pick, &ended);
            }
        }
    }

    fn finish(&mut self, attempt: Attempt, outcome: Outcome) {
        let Attempt { client, server, sent, pick, report, .. } = attempt;
        let ended = Ended { now: self.now, server, sent, outcome, report };
        self.clients[client as usize].finish(pick, &ended);
    }
}
