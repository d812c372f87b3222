//! A server: requests in a queue before its workers, or all at once.
//!
//! Work is measured on a clock of the server's own, which runs at the speed that each request in
//! service gets: 1 when all is well, less when the server is slow or shared, 0 while it pauses. A
//! request that begins when that clock shows `t` and needs `d` is done when it shows `t + d`. So a
//! change of speed moves all ends at once, and one event per server is enough: the next end. It
//! carries the server's epoch, and the events of earlier epochs mean nothing.

use std::cmp::{Ordering, Reverse};
use std::collections::{BinaryHeap, VecDeque};

use super::meter::Meter;
use super::window::Id;
use crate::simulator::time::Time;
use crate::simulator::world::{Conditions, Discipline};

/// A server and the requests that are with it.
pub(crate) struct Server {
    workers: usize,
    discipline: Discipline,
    pub(crate) conditions: Conditions,
    cold: f64,
    /// How many it has served since it was cold.
    served: f64,
    running: BinaryHeap<Reverse<End>>,
    waiting: VecDeque<(Id, f64)>,
    /// What its clock shows, and when it was read.
    work: f64,
    read: Time,
    pub(crate) epoch: u32,
    pub(super) meter: Meter,
}

/// When a request in service ends, by the server's clock.
struct End {
    at: f64,
    request: Id,
    demand: f64,
}

/// After so many requests a cold server is warm but for a third, after three times as many all but.
const WARMS_AFTER: f64 = 100.0;

impl Server {
    pub(crate) fn new(workers: usize, discipline: Discipline) -> Self {
        Self {
            workers,
            discipline,
            conditions: Conditions::WELL,
            cold: 0.0,
            served: 0.0,
            running: BinaryHeap::new(),
            waiting: VecDeque::new(),
            work: 0.0,
            read: 0,
            epoch: 0,
            meter: Meter::default(),
        }
    }

    /// Requests that are with it.
    pub(crate) fn in_flight(&self) -> u32 {
        (self.running.len() + self.waiting.len()) as u32
    }

    pub(crate) fn queued(&self) -> usize {
        self.waiting.len()
    }

    /// Takes a request that needs `demand` nanoseconds of work.
    pub(crate) fn take(&mut self, now: Time, request: Id, demand: f64) {
        self.advance(now);
        if self.has_room() {
            self.begin(request, demand);
        } else {
            self.waiting.push_back((request, demand));
        }
    }

    /// Ends the request that is due, and begins the next one for which `is_wanted`.
    pub(crate) fn finish(&mut self, now: Time, is_wanted: impl FnMut(Id) -> bool) -> Option<Id> {
        self.advance(now);
        let Reverse(end) = self.running.pop()?;
        self.served += 1.0;
        let took = end.demand / self.conditions.speed.max(1e-3);
        self.meter.count(now, took, self.workers);
        self.fill(is_wanted);
        Some(end.request)
    }

    fn fill(&mut self, mut is_wanted: impl FnMut(Id) -> bool) {
        while self.has_room() {
            let Some((request, demand)) = self.waiting.pop_front() else { break };
            if is_wanted(request) {
                self.begin(request, demand);
            }
        }
    }

    /// Puts other conditions in place. What is lost by that is told to `lost`.
    pub(crate) fn change(
        &mut self,
        now: Time,
        conditions: Conditions,
        cold: f64,
        lost: &mut Vec<Id>,
    ) {
        self.advance(now);
        self.conditions = conditions;
        if cold > 0.0 {
            (self.cold, self.served) = (cold, 0.0);
        }
        if conditions.is_down {
            lost.extend(self.running.drain().map(|Reverse(end)| end.request));
            lost.extend(self.waiting.drain(..).map(|(request, _)| request));
        }
    }

    /// When the next request is done, as things are; a new epoch begins.
    pub(crate) fn next_end(&mut self) -> Option<Time> {
        self.epoch += 1;
        let Reverse(end) = self.running.peek()?;
        let speed = self.speed();
        (speed > 0.0).then(|| self.read + ((end.at - self.work).max(0.0) / speed) as Time + 1)
    }

    fn begin(&mut self, request: Id, demand: f64) {
        let cold = 1.0 + (self.cold - 1.0).max(0.0) * (-self.served / WARMS_AFTER).exp();
        let demand = demand * cold + self.conditions.add as f64;
        self.running.push(Reverse(End { at: self.work + demand, request, demand }));
    }

    fn has_room(&self) -> bool {
        self.discipline == Discipline::Sharing || self.running.len() < self.workers
    }

    /// Of each request in service.
    fn speed(&self) -> f64 {
        let part = match self.discipline {
            Discipline::Queue => 1.0,
            Discipline::Sharing => (self.workers as f64 / self.running.len() as f64).min(1.0),
        };
        self.conditions.speed * part
    }

    fn advance(&mut self, now: Time) {
        if !self.running.is_empty() {
            self.work += (now - self.read) as f64 * self.speed();
        }
        self.read = now;
    }
}

impl Ord for End {
    fn cmp(&self, other: &Self) -> Ordering {
        self.at.total_cmp(&other.at).then(self.request.cmp(&other.request))
    }
}

impl PartialOrd for End {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for End {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for End {}

#[cfg(test)]
mod tests {
    use super::*;

    fn server(workers: usize, discipline: Discipline) -> Server {
        Server::new(workers, discipline)
    }

    #[test]
    fn a_queue_serves_in_order() {
        let mut server = server(1, Discipline::Queue);
        server.take(0, 7, 100.0);
        server.take(10, 8, 100.0);
        assert_eq!((server.in_flight(), server.queued()), (2, 1));
        assert_eq!(server.next_end(), Some(101));
        assert_eq!(server.finish(101, |_| true), Some(7));
        assert_eq!(server.next_end(), Some(202));
    }

    #[test]
    fn sharing_halves_the_speed_of_two() {
        let mut server = server(1, Discipline::Sharing);
        server.take(0, 7, 100.0);
        server.take(50, 8, 100.0);
        assert_eq!(server.next_end(), Some(151)); // 50 left at half the speed
    }

    #[test]
    fn a_pause_delays_what_is_in_service() {
        let mut server = server(1, Discipline::Queue);
        server.take(0, 7, 100.0);
        let paused = Conditions { speed: 0.0, ..Conditions::WELL };
        let mut lost = vec![];
        server.change(40, paused, 0.0, &mut lost);
        assert_eq!(server.next_end(), None);
        server.change(1040, Conditions::WELL, 0.0, &mut lost);
        assert_eq!((server.next_end(), lost), (Some(1101), vec![]));
    }

    #[test]
    fn a_server_that_goes_down_loses_its_requests() {
        let mut server = server(1, Discipline::Queue);
        (7..9).for_each(|request| server.take(0, request, 100.0));
        let mut lost = vec![];
        let down = Conditions { is_down: true, ..Conditions::WELL };
        server.change(40, down, 0.0, &mut lost);
        assert_eq!((lost, server.in_flight()), (vec![7, 8], 0));
    }

    #[test]
    fn given_up_work_is_left_out() {
        let mut server = server(1, Discipline::Queue);
        (7..10).for_each(|request| server.take(0, request, 100.0));
        assert_eq!(server.finish(101, |request| request != 8), Some(7));
        assert_eq!((server.in_flight(), server.queued()), (1, 0));
    }
}
