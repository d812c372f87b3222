//! What became of the requests: counted by each client for itself, added up at the end.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fmt;
use std::time::Duration;

use hdrhistogram::{CreationError, Histogram};

/// Why a request was not served.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Cause {
    Lost,
    NoAnswer,
    OutOfTries,
    NoPeer,
    Refused,
}

impl Cause {
    /// Whether a server may have executed it all the same.
    pub(crate) fn is_uncertain(self) -> bool {
        matches!(self, Self::Lost | Self::NoAnswer)
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Lost => "sent, then the connection broke; it may have been executed: no retry",
            Self::NoAnswer => "sent, and no answer in time; it may have been executed: no retry",
            Self::OutOfTries => "no connection to any of the servers that were tried",
            Self::NoPeer => "no server was available within the list's choose timeout",
            Self::Refused => "the list did not give out a peer of this transport",
        })
    }
}

/// The tries that went to one peer.
pub(crate) struct PeerTally {
    pub(crate) answered: u64,
    /// Those that could be repeated elsewhere and those that could not.
    pub(crate) failed: u64,
    /// Microseconds from the pick to the answer.
    pub(crate) latency: Histogram<u64>,
}

#[derive(Default)]
pub(crate) struct Tally {
    pub(crate) made: u64,
    pub(crate) served: u64,
    /// Tries that a server cannot have seen and that were followed by another.
    pub(crate) retried: u64,
    pub(crate) failed: BTreeMap<Cause, u64>,
    pub(crate) peers: BTreeMap<String, PeerTally>,
}

impl PeerTally {
    pub(crate) fn new() -> Result<Self, CreationError> {
        let latency = Histogram::new_with_bounds(1, 60_000_000, 3)?;
        Ok(Self { answered: 0, failed: 0, latency })
    }

    pub(crate) fn tries(&self) -> u64 {
        self.answered + self.failed
    }

    pub(crate) fn answered(&mut self, took: Duration) {
        self.answered += 1;
        self.latency.saturating_record(u64::try_from(took.as_micros()).unwrap_or(u64::MAX));
    }

    pub(crate) fn merge(&mut self, other: &Self) {
        self.answered += other.answered;
        self.failed += other.failed;
        // The bounds are the same, so everything fits.
        let _ = self.latency.add(&other.latency);
    }
}

impl Tally {
    /// The tally of one peer.
    pub(crate) fn of(&mut self, peer: &str) -> Result<&mut PeerTally, CreationError> {
        Ok(match self.peers.entry(peer.to_owned()) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => new.insert(PeerTally::new()?),
        })
    }

    pub(crate) fn merge(&mut self, other: Self) {
        self.made += other.made;
        self.served += other.served;
        self.retried += other.retried;
        for (cause, count) in other.failed {
            *self.failed.entry(cause).or_default() += count;
        }
        for (peer, tally) in other.peers {
            match self.peers.get_mut(&peer) {
                Some(known) => known.merge(&tally),
                None => drop(self.peers.insert(peer, tally)),
            }
        }
    }

    pub(crate) fn failures(&self) -> u64 {
        self.failed.values().sum()
    }

    pub(crate) fn uncertain(&self) -> u64 {
        self.failed.iter().filter(|(cause, _)| cause.is_uncertain()).map(|(_, n)| n).sum()
    }

    /// Whether the numbers add up: with each other, and with what the servers have executed.
    pub(crate) fn check(&self, executed: u64) -> Result<(), String> {
        let answered: u64 = self.peers.values().map(|peer| peer.answered).sum();
        let failed: u64 = self.peers.values().map(|peer| peer.failed).sum();
        let out_of_tries = self.failed.get(&Cause::OutOfTries).copied().unwrap_or(0);
        let checks = [
            ("made = served + failed", self.made == self.served + self.failures()),
            ("served = answered by the servers", self.served == answered),
            (
                "failed tries = repeated + given up",
                failed == self.retried + self.uncertain() + out_of_tries,
            ),
            (
                "executed by the servers = served, or lost on the way back",
                (self.served..=self.served + self.uncertain()).contains(&executed),
            ),
        ];
        let wrong: Vec<_> =
            checks.iter().filter(|(_, holds)| !holds).map(|(what, _)| *what).collect();
        if wrong.is_empty() { Ok(()) } else { Err(wrong.join("; ")) }
    }
}
