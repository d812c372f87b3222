//! A world: clients, servers, what they have to do and what goes wrong. One file, no code.
//!
//! `docs/simulator.md` says what each key means. A file is read (`load.rs`) into one [`World`], or
//! into several if it has `[[each]]` tables; what goes wrong is laid out in time (`troubles.rs`) and
//! the requests are drawn (`arrivals.rs`), both from the seed alone.

mod arrivals;
mod check;
mod load;
mod servers;
mod service;
mod troubles;

use serde::Deserialize;

pub(crate) use self::arrivals::{Arrival, Arrivals};
pub(crate) use self::load::{read, read_all, read_file};
pub(crate) use self::servers::Servers;
pub(crate) use self::service::Service;
pub(crate) use self::troubles::{Change, Conditions, Trouble, changes};

use crate::simulator::time::{SECOND, Span, Time};

/// One world, as its file describes it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct World {
    /// The name of its file, and what its `[[each]]` table changed.
    #[serde(skip)]
    pub(crate) name: String,
    pub(crate) title: String,
    /// Requests of all clients together.
    pub(crate) calls: usize,
    /// The share of the first ones that are not counted.
    #[serde(default = "tenth")]
    pub(crate) warm: f64,

    pub(crate) clients: usize,
    /// How unequal the clients are: Zipf's exponent.
    #[serde(default)]
    pub(crate) client_skew: f64,
    /// How many servers each client has, by slices; 0: all.
    #[serde(default)]
    pub(crate) subset: usize,
    #[serde(default)]
    pub(crate) retries: u32,
    /// Whether a retry names the servers that the request has been to.
    #[serde(default = "yes")]
    pub(crate) avoid: bool,
    /// After this long without an answer a second server is asked.
    pub(crate) hedge: Option<Span>,
    pub(crate) deadline: Option<Span>,
    pub(crate) keys: Option<Keys>,

    pub(crate) servers: usize,
    #[serde(default = "one")]
    pub(crate) workers: usize,
    #[serde(default)]
    pub(crate) discipline: Discipline,
    /// A server with so many requests in its queue refuses more.
    pub(crate) queue_limit: Option<usize>,
    /// Whether a server leaves out queued requests whose caller has given up.
    #[serde(default)]
    pub(crate) drops_given_up: bool,
    /// The weights of the servers in turn.
    #[serde(default)]
    pub(crate) weights: Vec<u16>,
    #[serde(default)]
    pub(crate) service: Service,

    /// Requests per second, as a share of what the servers can do ..
    pub(crate) load: Option<f64>,
    /// .. or as a number.
    pub(crate) rate: Option<f64>,
    pub(crate) bursts: Option<Bursts>,
    /// One way.
    #[serde(default = "network")]
    pub(crate) network: Span,
    /// The share of requests that fail wherever they are sent.
    #[serde(default)]
    pub(crate) fail_everywhere: f64,

    /// The rules to compare, in place of all.
    #[serde(default)]
    pub(crate) rules: Vec<String>,
    /// The servers whose share is shown.
    #[serde(default)]
    pub(crate) bad: Servers,
    /// When the bad servers are well again: shows how soon they have their share again.
    pub(crate) well: Option<Span>,
    pub(crate) watch: Option<Watch>,
    #[serde(default, rename = "trouble")]
    pub(crate) troubles: Vec<Trouble>,
}

/// How a server shares its time between requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Discipline {
    /// Each worker has one request; the others wait in order.
    #[default]
    Queue,
    /// All requests are worked on at once, each at its part of the workers' speed.
    Sharing,
}

/// Keys of requests, of which some are asked for more often.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Keys {
    pub(crate) count: usize,
    /// Zipf's exponent.
    pub(crate) skew: f64,
}

/// More requests for a while, again and again.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Bursts {
    pub(crate) every: Span,
    pub(crate) length: Span,
    pub(crate) factor: f64,
}

impl Bursts {
    pub(crate) fn factor_at(&self, at: Time) -> f64 {
        if at % self.every.0 < self.length.0 { self.factor } else { 1.0 }
    }

    fn mean_factor(&self) -> f64 {
        let share = self.length.0 as f64 / self.every.0 as f64;
        1.0 + share * (self.factor - 1.0)
    }
}

/// The server whose requests in flight are compared with the others', and when.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Watch {
    pub(crate) server: usize,
    pub(crate) from: Span,
    pub(crate) until: Span,
}

impl World {
    /// Requests per second that all servers can do.
    pub(crate) fn capacity(&self) -> f64 {
        let speeds = (0..self.servers).map(|server| self.speed(server)).sum::<f64>();
        speeds * self.workers as f64 / self.service.mean.0 as f64 * SECOND as f64
    }

    /// Requests per second outside bursts.
    pub(crate) fn rate(&self) -> f64 {
        self.rate.unwrap_or_else(|| self.load.unwrap_or(0.0) * self.capacity())
    }

    /// How long the requests keep coming.
    pub(crate) fn length(&self) -> Time {
        let bursts = self.bursts.as_ref().map_or(1.0, Bursts::mean_factor);
        (self.calls as f64 / (self.rate() * bursts) * SECOND as f64) as Time
    }

    /// The servers of client `k`: a slice of the circle of servers, as even as can be (Finagle's).
    pub(crate) fn slice(&self, client: usize) -> Vec<u32> {
        let n = self.servers;
        if self.subset == 0 || self.subset >= n {
            return (0..n as u32).collect();
        }
        let first = client * n / self.clients;
        (0..self.subset).map(|step| ((first + step) % n) as u32).collect()
    }
}

/// [`World::shorten`] leaves one call of so many ..
const QUICK: usize = 50;
/// .. and at least so many calls.
const LEAST: usize = 2_000;

impl World {
    /// Fewer calls, for a look.
    pub(crate) fn shorten(&mut self) {
        self.calls = (self.calls / QUICK).max(LEAST).min(self.calls);
    }
}

fn tenth() -> f64 {
    0.1
}

fn one() -> usize {
    1
}

fn yes() -> bool {
    true
}

fn network() -> Span {
    Span(100_000)
}
