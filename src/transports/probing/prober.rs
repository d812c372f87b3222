//! The loop of the probing thread.
//!
//! ```text
//!  ┌─▶ orders ─▶ begin what is due ─▶ wait for sockets ─▶ what they say ─▶ what has timed out ─┐
//!  └──────────────────────────────────────────────────────────────────────────────────────────┘
//! ```
//!
//! Everything here is the thread's own: others leave orders, and read the notes of a peer.

use std::collections::{HashMap, VecDeque};
use std::io::{self, ErrorKind};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use mio::{Events, Poll, Token, Waker};

use super::attempt::{Attempt, Finding, Question};
use super::entry::{Entry, Flight};
use super::mail::{Order, Read};
use super::options::ProbeOptions;
use super::peer::{ProbeMail, ProbedPeer};
use super::resolver::Resolver;
use super::table::Table;
use crate::rng::Rng;

mod conclude;

/// The mail's token; a peer's is its key.
const MAIL: Token = Token(usize::MAX);
/// How many sockets one wait reports.
const EVENTS: usize = 1024;
/// How long nothing is begun when this process lacks something: at first, and at most.
const SHORT: Duration = Duration::from_millis(10);
const LONG: Duration = Duration::from_secs(1);

pub(super) struct Prober {
    poll: Poll,
    mail: Arc<ProbeMail>,
    options: ProbeOptions,
    entries: HashMap<usize, Entry>,
    table: Table,
    /// Deadlines of probes, with the probes' serials, in order: they all take as long.
    deadlines: VecDeque<(Instant, usize, u64)>,
    serial: u64,
    in_flight: usize,
    /// How many peers are up, one that is kept included.
    available: usize,
    kept: Option<usize>,
    /// Until when nothing is begun, and for how long next time.
    held: Option<Instant>,
    hold: Duration,
    resolver: Resolver,
    rng: Rng,
}

impl Prober {
    /// What the thread needs, and what wakes it.
    pub(super) fn new(mail: Arc<ProbeMail>, options: ProbeOptions) -> io::Result<(Self, Waker)> {
        let poll = Poll::new()?;
        let waker = Waker::new(poll.registry(), MAIL)?;
        let prober = Self {
            poll,
            mail,
            options,
            entries: HashMap::new(),
            table: Table::default(),
            deadlines: VecDeque::new(),
            serial: 0,
            in_flight: 0,
            available: 0,
            kept: None,
            held: None,
            hold: SHORT,
            resolver: Resolver::default(),
            rng: Rng::unseeded(),
        };
        Ok((prober, waker))
    }

    pub(super) fn run(mut self) {
        self.mail.begun();
        let mut events = Events::with_capacity(EVENTS);
        while let Read::Orders(orders) = self.mail.read() {
            for order in orders {
                self.obey(order);
            }
            self.begin_due(Instant::now());
            let asked = Instant::now();
            match self.poll.poll(&mut events, self.patience(asked)) {
                Ok(()) => {}
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(_) => {
                    // Out of memory at worst; it must not spin meanwhile.
                    thread::sleep(SHORT);
                    continue;
                }
            }
            for event in &events {
                self.go_on(event.token().0);
            }
            // A probe has timed out if a wait that began after its deadline had nothing to say of it:
            // also when this thread did not run for a while, and unless there was no room to say it.
            if events.iter().count() < EVENTS {
                self.time_out(asked);
            }
            self.tidy();
        }
    }

    fn obey(&mut self, order: Order<ProbedPeer>) {
        match order {
            Order::Add(peer, place) => {
                let (key, now) = (peer.key, Instant::now());
                let entry = Entry::new(peer, place, &self.options, now);
                self.entries.insert(key, entry);
                self.put(key, now);
            }
            Order::Remove(key) => self.remove(key),
            Order::Doubt(key) => self.doubt(key),
            Order::Resolved(key, resolved) => self.resolved(key, resolved),
        }
    }

    /// How long to wait for sockets.
    fn patience(&self, now: Instant) -> Option<Duration> {
        let has_room = self.in_flight < self.options.at_once;
        let due = self.table.first().filter(|_| has_room);
        let due = due.map(|due| self.held.map_or(due, |held| held.max(due)));
        let deadline = self.deadlines.front().map(|(deadline, ..)| *deadline);
        let next = due.into_iter().chain(deadline).min();
        next.map(|next| next.saturating_duration_since(now))
    }

    /// Begins what is due by `now`, in order, while there is room.
    fn begin_due(&mut self, now: Instant) {
        if self.held.is_some_and(|held| held > now) {
            return;
        }
        self.held = None;
        while self.in_flight < self.options.at_once && self.held.is_none() {
            let Some((_, key)) = self.table.pop(now) else { return };
            let Some(entry) = self.entries.get_mut(&key) else { continue };
            entry.is_waiting = false;
            entry.tried = 0;
            entry.began = Some(Instant::now());
            entry.peer.note_next(None);
            entry.peer.settle_doubt();
            if entry.address().is_none() {
                self.resolve(key);
                continue;
            }
            self.serial += 1;
            self.deadlines.push_back((Instant::now() + self.options.timeout, key, self.serial));
            self.connect(key, self.serial);
        }
    }

    /// Connects to the address that is to be tried, for the probe with this serial.
    fn connect(&mut self, key: usize, serial: u64) {
        let Some(entry) = self.entries.get_mut(&key) else { return };
        let begun = loop {
            let Some(address) = entry.address() else { return };
            entry.tried += 1;
            let asks = entry.request.is_some();
            let begun = Attempt::begin(self.poll.registry(), Token(key), address, asks);
            if !matches!(begun, Err(Finding::Unreachable(_))) || !entry.turn() {
                break begun;
            }
        };
        match begun {
            Err(finding) => self.conclude(key, finding),
            Ok(attempt) => {
                entry.flight = Some(Flight { attempt, serial });
                self.in_flight += 1;
                self.hold = SHORT;
            }
        }
    }

    /// The socket of this peer has something to say.
    fn go_on(&mut self, key: usize) {
        let Some(entry) = self.entries.get_mut(&key) else { return };
        let Some(flight) = &mut entry.flight else { return };
        let expect = &self.options.expect;
        let question = entry.request.as_deref().map(|request| Question { request, expect });
        let Some(finding) = flight.attempt.go_on(question) else { return };
        let serial = flight.serial;
        self.land(key);
        let Some(entry) = self.entries.get_mut(&key) else { return };
        if matches!(finding, Finding::Unreachable(_)) && entry.turn() {
            self.connect(key, serial);
        } else {
            self.conclude(key, finding);
        }
    }

    /// Forgets the deadlines of probes that have ended, which would else stay until one before them has.
    fn tidy(&mut self) {
        if self.deadlines.len() > 4 * self.in_flight.max(EVENTS) {
            let entries = &self.entries;
            self.deadlines.retain(|(_, key, serial)| {
                let flight = entries.get(key).and_then(|entry| entry.flight.as_ref());
                flight.is_some_and(|flight| flight.serial == *serial)
            });
        }
    }

    /// Ends the probes whose deadline was over by `asked`.
    fn time_out(&mut self, asked: Instant) {
        while let Some((deadline, key, serial)) = self.deadlines.front().copied() {
            let flight = self.entries.get_mut(&key).and_then(|entry| entry.flight.as_ref());
            let flight = flight.filter(|flight| flight.serial == serial);
            if flight.is_some() && deadline > asked {
                return;
            }
            let finding = flight.map(|flight| flight.attempt.timed_out(self.options.timeout));
            self.deadlines.pop_front();
            let Some(finding) = finding else { continue };
            self.land(key);
            if let Some(entry) = self.entries.get_mut(&key) {
                entry.turn();
            }
            self.conclude(key, finding);
        }
    }

    /// A probe is not under way any more.
    fn land(&mut self, key: usize) {
        let entry = self.entries.get_mut(&key);
        // Its socket is closed with it, and is then not waited for.
        if entry.and_then(|entry| entry.flight.take()).is_some() {
            self.in_flight -= 1;
        }
    }
}
