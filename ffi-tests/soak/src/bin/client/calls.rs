//! A call: choose, send, finish, and again elsewhere until it is answered or its time is over.

use std::time::{Duration, Instant};

use peerage::{ChooseErrorKind, Chooser, Finish, Outcome, Pick, Request, Wait};

use crate::link::{Answer, Links};
use crate::tally::{Missed, Tally};
use crate::{Fed, Work};

/// How long a call may take, with all its attempts.
const DEADLINE: Duration = Duration::from_millis(250);
const ATTEMPTS: usize = 3;

/// One thread's calls.
pub(crate) struct Caller<'a> {
    work: &'a Work,
    links: Links,
    tally: Tally,
    dice: u64,
    number: u64,
    /// What a planted fault keeps.
    kept: Vec<std::fs::File>,
}

/// What a caller does to its request, besides waiting for the answer.
enum Whim {
    None,
    /// It finds that it has nothing to send.
    NotSent,
    /// It loses interest once it has sent.
    Cancelled,
    /// It forgets the pick.
    Abandoned,
}

impl<'a> Caller<'a> {
    pub(crate) fn new(work: &'a Work, thread: u32) -> Self {
        let dice = (work.seed ^ (u64::from(thread) + 1) << 32) | 1;
        let tally = Tally::new(work.choosers.len());
        Self { work, links: Links::default(), tally, dice, number: 0, kept: Vec::new() }
    }

    /// Closes the connections, and returns what was counted since the last time.
    pub(crate) fn pause(&mut self) -> Tally {
        self.links = Links::default();
        std::mem::replace(&mut self.tally, Tally::new(self.work.choosers.len()))
    }

    fn draw(&mut self, below: u64) -> u64 {
        self.dice ^= self.dice << 13;
        self.dice ^= self.dice >> 7;
        self.dice ^= self.dice << 17;
        self.dice % below
    }

    pub(crate) fn call(&mut self) {
        self.number += 1;
        self.misbehave();
        let begun = Instant::now();
        let chooser = self.draw(self.work.choosers.len() as u64) as usize;
        let key = self.draw(1000).to_string();
        let mut tried: Vec<String> = Vec::new();
        let mut good = false;
        while !good && tried.len() < ATTEMPTS {
            let Some(left) = DEADLINE.checked_sub(begun.elapsed()) else { break };
            let avoid: Vec<&str> = tried.iter().map(String::as_str).collect();
            let request = Request::new().with_shard_key(&key).with_avoid(&avoid);
            let list: &Fed = &self.work.choosers[chooser];
            match list.list().choose(&request, Wait::timeout(left)) {
                Ok(pick) => {
                    let peer = pick.identifier().to_owned();
                    self.tally.choosers[chooser].picks += 1;
                    good = self.attempt(chooser, pick);
                    tried.push(peer);
                }
                Err(error) => {
                    let missed = match error.kind() {
                        ChooseErrorKind::NoPeer | ChooseErrorKind::FailFast => Missed::NoPeer,
                        ChooseErrorKind::TimedOut(_) => Missed::TimedOut,
                        ChooseErrorKind::QueueFull(_) => Missed::QueueFull,
                        _ => Missed::Other,
                    };
                    self.tally.choosers[chooser].missed[missed as usize] += 1;
                    break;
                }
            }
        }
        self.tally.called(good, begun.elapsed());
    }

    /// Returns whether there is nothing more to do for the call.
    fn attempt(&mut self, chooser: usize, pick: Pick) -> bool {
        if self.plants("leak-pick", 100) {
            std::mem::forget(pick);
            return false;
        }
        let whim = match self.draw(1000) {
            0..2 => Whim::NotSent,
            2..5 => Whim::Cancelled,
            5..7 => Whim::Abandoned,
            _ => Whim::None,
        };
        let begun = Instant::now();
        let (outcome, in_flight) = match whim {
            Whim::NotSent => (Outcome::NotSent, None),
            Whim::Abandoned => {
                drop(pick);
                self.count(chooser, Outcome::Abandoned);
                return true;
            }
            Whim::Cancelled => {
                self.links.give_up(pick.identifier(), self.work.client);
                (Outcome::Cancelled, None)
            }
            Whim::None => match self.links.ask(pick.identifier(), self.work.client) {
                Answer::Well(in_flight) => (Outcome::Success, Some(in_flight)),
                Answer::Busy => (Outcome::Overloaded, None),
                Answer::Lost | Answer::Error => (Outcome::Failure, None),
            },
        };
        pick.finish(Finish { outcome, latency: Some(begun.elapsed()), in_flight });
        self.count(chooser, outcome);
        !matches!(outcome, Outcome::Failure | Outcome::Overloaded)
    }

    fn count(&mut self, chooser: usize, outcome: Outcome) {
        if !self.plants("lost-count", 100) {
            self.tally.choosers[chooser].outcomes[outcome as usize] += 1;
        }
    }

    /// Whether the planted fault is this one, and is due.
    fn plants(&self, plant: &str, each: u64) -> bool {
        self.work.plant == plant && self.number.is_multiple_of(each)
    }

    fn misbehave(&mut self) {
        if self.plants("leak-memory", 1) {
            std::mem::forget(vec![1_u8; 4096]);
        }
        if self.plants("leak-fd", 20) {
            self.kept.extend(std::fs::File::open("/dev/null"));
        }
    }
}
