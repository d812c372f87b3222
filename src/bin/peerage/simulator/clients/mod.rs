//! Clients: how one of them picks a server for each of its requests.
//!
//! [`Client`] is all that the engine knows of them. Behind it is a list of this crate with a real
//! policy (`real.rs`), or a rule of another library, written here from its description (`rivals/`).
//! A text names either: `rule.rs`.

mod clock;
mod real;
mod rivals;
mod rule;
mod told;
mod transport;

use peerage::{Outcome, Pick};

pub(crate) use self::real::Shared;
pub(crate) use self::rule::{Rule, rivals, split};
pub(crate) use self::told::Told;

use crate::simulator::engine::Id;
use crate::simulator::time::Time;

/// A client that picks servers.
pub(crate) trait Client {
    /// Picks a server; `None` if there is none to be had now. An error ends the run: the rule is not
    /// for requests like these.
    fn choose(&mut self, ask: &Ask<'_>) -> Result<Option<Choice>, String>;

    /// An attempt has ended.
    fn finish(&mut self, pick: Option<Pick>, ended: &Ended);

    /// Has the engine told when it is worth trying again for `ask.call`.
    fn wait(&mut self, ask: &Ask<'_>);

    /// The call waits no longer.
    fn give_up(&mut self, call: Id);

    /// The transport says that `server` is there, or is not.
    fn status(&mut self, server: u32, is_up: bool, now: Time);

    /// Adds the servers to be probed for the request that has just come.
    fn probes(&mut self, targets: &mut Vec<u32>) {
        let _ = targets;
    }

    /// What a probe has brought.
    fn probed(&mut self, probe: Probed) {
        let _ = probe;
    }
}

/// A request for a server.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ask<'a> {
    pub(crate) now: Time,
    pub(crate) call: Id,
    pub(crate) key: u64,
    /// Servers that the call has been to.
    pub(crate) avoid: &'a [u32],
}

/// The server that was picked.
#[derive(Debug)]
pub(crate) struct Choice {
    pub(crate) server: u32,
    /// What a real list has handed out.
    pub(crate) pick: Option<Pick>,
}

/// How an attempt has ended.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ended {
    pub(crate) now: Time,
    pub(crate) server: u32,
    pub(crate) sent: Time,
    pub(crate) outcome: Outcome,
    /// What the server said of itself with the answer.
    pub(crate) report: Option<Report>,
}

impl Ended {
    /// Nanoseconds since it was sent.
    pub(crate) fn latency(&self) -> f64 {
        (self.now - self.sent) as f64
    }

    pub(crate) fn is_ok(&self) -> bool {
        self.outcome == Outcome::Success
    }

    /// Whether the server is to blame.
    pub(crate) fn is_failure(&self) -> bool {
        matches!(self.outcome, Outcome::Failure | Outcome::Overloaded)
    }
}

/// What a server says of itself.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Report {
    pub(crate) in_flight: u32,
    /// Nanoseconds of work of this request.
    pub(crate) service: f64,
    /// Requests per second, of the last second.
    pub(crate) rate: f64,
    /// Busy share of its workers, of the last second.
    pub(crate) utilisation: f64,
}

/// What a probe has brought.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Probed {
    pub(crate) now: Time,
    pub(crate) server: u32,
    pub(crate) in_flight: f64,
    /// Nanoseconds that a request takes at that many in flight.
    pub(crate) latency: f64,
}
