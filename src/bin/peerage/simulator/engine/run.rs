//! One run: a world, a rule, a seed.

use super::estimates::Estimates;
use super::events::{Event, Events};
use super::server::Server;
use super::window::{Id, Window};
use crate::simulator::clients::{Client, Probed, Report, Rule, Shared, Told};
use crate::simulator::measures::{Measures, Tally};
use crate::simulator::time::Time;
use crate::simulator::world::{Arrival, Arrivals, Change, World, changes};
use peerage::{Outcome, Pick};

/// Everything that is there while a run goes on.
pub(super) struct Run<'w> {
    pub(super) world: &'w World,
    pub(super) now: Time,
    pub(super) events: Events,
    arrivals: Arrivals<'w>,
    next_arrival: Option<Arrival>,
    changes: std::iter::Peekable<std::vec::IntoIter<Change>>,
    pub(super) servers: Vec<Server>,
    pub(super) estimates: Vec<Estimates>,
    pub(super) clients: Vec<Box<dyn Client>>,
    pub(super) shared: Shared,
    pub(super) told: Told,
    pub(super) calls: Window<Call>,
    pub(super) attempts: Window<Attempt>,
    /// Calls that have not ended.
    pub(super) open: usize,
    pub(super) tally: Tally,
    /// Why the run cannot go on.
    pub(super) wrong: Option<String>,
    targets: Vec<u32>,
    pub(super) lost: Vec<Id>,
}

/// A request of a client.
#[derive(Debug)]
pub(super) struct Call {
    pub(super) arrival: Arrival,
    /// It came after the warm-up.
    pub(super) counts: bool,
    pub(super) attempts: u32,
    pub(super) failures: u32,
    /// Servers that it has been to, if there may be another attempt.
    pub(super) tried: Vec<u32>,
    /// The attempts that are under way; two if it is hedged.
    pub(super) live: [Option<Id>; 2],
    pub(super) is_waiting: bool,
}

/// A request on its way to a server and back.
#[derive(Debug)]
pub(super) struct Attempt {
    pub(super) call: Id,
    pub(super) client: u32,
    pub(super) server: u32,
    pub(super) nth: u32,
    pub(super) demand: f64,
    pub(super) luck: f64,
    pub(super) sent: Time,
    pub(super) reached: Time,
    /// In flight at the server when it came.
    pub(super) met: u32,
    pub(super) pick: Option<Pick>,
    /// Its client waits for it no longer, and has finished its pick.
    pub(super) is_given_up: bool,
    pub(super) outcome: Outcome,
    pub(super) report: Option<Report>,
}

/// Runs `world` by `rule`. `traces`: also keeps what plots over time need.
pub(crate) fn run(world: &World, rule: &Rule, seed: u64, traces: bool) -> Result<Measures, String> {
    let told = Told::default();
    let shared = Shared::new(world.servers, told.clone());
    let client = |k| rule.client(world, k, seed, &shared);
    let clients = (0..world.clients).map(client).collect::<Result<_, _>>()?;
    let servers = (0..world.servers).map(|_| Server::new(world.workers, world.discipline));
    let mut run = Run {
        world,
        now: 0,
        events: Events::default(),
        arrivals: Arrivals::new(world, seed),
        next_arrival: None,
        changes: changes(world, seed).into_iter().peekable(),
        servers: servers.collect(),
        estimates: (0..world.servers).map(|_| Estimates::default()).collect(),
        clients,
        shared,
        told,
        calls: Window::default(),
        attempts: Window::default(),
        open: 0,
        tally: Tally::new(world, traces),
        wrong: None,
        targets: vec![],
        lost: vec![],
    };
    run.change();
    run.expect_arrival();
    while let Some((now, event)) = run.events.next() {
        run.now = now;
        run.shared.set_time(now);
        run.happen(event);
        run.try_again();
        if let Some(wrong) = run.wrong {
            return Err(wrong);
        }
        if run.open == 0 && run.next_arrival.is_none() {
            break;
        }
    }
    Ok(run.tally.close())
}

impl Run<'_> {
    fn happen(&mut self, event: Event) {
        match event {
            Event::Arrive => self.arrive(),
            Event::Reach(attempt) => self.reach(attempt),
            Event::Done { server, epoch } => self.done(server, epoch),
            Event::Answer(attempt) => self.answer(attempt),
            Event::Change => self.change(),
            Event::Deadline(call) => self.deadline(call),
            Event::Hedge(call) => self.hedge(call),
            Event::Probe { client, server } => self.probe(client, server),
            Event::Probed { client, server, in_flight, latency } => {
                let (in_flight, latency) = (f64::from(in_flight), f64::from(latency));
                let probe = Probed { now: self.now, server, in_flight, latency };
                self.clients[client as usize].probed(probe);
            }
        }
    }

    fn expect_arrival(&mut self) {
        self.next_arrival = self.arrivals.next();
        if let Some(next) = &self.next_arrival {
            self.events.add(next.at, Event::Arrive);
        }
    }

    fn arrive(&mut self) {
        let Some(arrival) = self.next_arrival.take() else { return };
        self.expect_arrival();
        let counts = self.tally.arrived(self.now, &self.servers);
        self.open += 1;
        let call = self.calls.add(Call {
            arrival,
            counts,
            attempts: 0,
            failures: 0,
            tried: vec![],
            live: [None; 2],
            is_waiting: false,
        });
        if let Some(deadline) = self.world.deadline {
            self.events.add(self.now + deadline.0, Event::Deadline(call));
        }
        if let Some(hedge) = self.world.hedge {
            self.events.add(self.now + hedge.0, Event::Hedge(call));
        }
        self.send(call);
        let client = arrival.client;
        self.clients[client as usize].probes(&mut self.targets);
        for server in self.targets.drain(..) {
            self.events.add(self.now + self.world.network.0, Event::Probe { client, server });
        }
    }

    /// Puts the changes that are due in place, and waits for the next.
    fn change(&mut self) {
        while let Some(change) = self.changes.next_if(|change| change.at <= self.now) {
            self.apply(&change);
        }
        if let Some(next) = self.changes.peek().filter(|next| next.at < Time::MAX) {
            self.events.add(next.at, Event::Change);
        }
    }
}
