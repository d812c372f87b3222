//! A peer, as the probing thread has it.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Instant;

use super::address::Place;
use super::attempt::Attempt;
use super::http;
use super::options::ProbeOptions;
use super::peer::ProbedPeer;
use super::verdict::Judge;

pub(super) struct Entry {
    pub(super) peer: Arc<ProbedPeer>,
    pub(super) judge: Judge,
    place: Place,
    /// What is asked by HTTP.
    pub(super) request: Option<Box<[u8]>>,
    /// The addresses of its place; none: its name has not been resolved.
    addresses: Vec<SocketAddr>,
    /// Which of them is tried.
    at: usize,
    /// How many of them this probe has tried.
    pub(super) tried: usize,
    pub(super) is_resolving: bool,
    /// When its next probe begins; while one is under way, when that was to begin.
    pub(super) due: Instant,
    /// It is in the table.
    pub(super) is_waiting: bool,
    /// When its last probe began.
    pub(super) began: Option<Instant>,
    pub(super) flight: Option<Flight>,
}

/// A probe under way.
pub(super) struct Flight {
    pub(super) attempt: Attempt,
    /// Tells it from those of before.
    pub(super) serial: u64,
}

impl Entry {
    pub(super) fn new(
        peer: Arc<ProbedPeer>,
        place: Place,
        options: &ProbeOptions,
        now: Instant,
    ) -> Self {
        let host = || options.host.clone().unwrap_or_else(|| place.host());
        let request = options.is_http.then(|| http::request(&options.path, &host()));
        let addresses = match &place {
            Place::Address(address) => vec![*address],
            Place::Name(..) => vec![],
        };
        Self {
            peer,
            judge: Judge::NEW,
            place,
            request,
            addresses,
            at: 0,
            tried: 0,
            is_resolving: false,
            due: now,
            is_waiting: false,
            began: None,
            flight: None,
        }
    }

    /// Where the next attempt goes to.
    pub(super) fn address(&self) -> Option<SocketAddr> {
        self.addresses.get(self.at).copied()
    }

    /// The name to resolve, if it has one and is not being resolved.
    pub(super) fn question(&self) -> Option<(&str, u16)> {
        match &self.place {
            Place::Name(host, port) if !self.is_resolving => Some((host, *port)),
            _ => None,
        }
    }

    /// Takes the addresses of its name. Returns whether they are others.
    pub(super) fn resolved(&mut self, addresses: Vec<SocketAddr>) -> bool {
        let is_known = |address| self.addresses.contains(address);
        if addresses.len() == self.addresses.len() && addresses.iter().all(is_known) {
            return false; // name servers answer in a new order each time
        }
        (self.addresses, self.at) = (addresses, 0);
        true
    }

    /// Goes on to the next address. Returns whether this probe has not tried it.
    pub(super) fn turn(&mut self) -> bool {
        self.at = (self.at + 1) % self.addresses.len().max(1);
        self.tried < self.addresses.len()
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;
    use crate::registry::StatusReporter;

    fn entry(name: &str) -> Entry {
        let (reporter, mail) = (StatusReporter::default(), Arc::default());
        let peer = Arc::new(ProbedPeer::new(name, 0, reporter, mail, false));
        let place = Place::parse(name).unwrap();
        Entry::new(peer, place, &ProbeOptions::tcp(), Instant::now())
    }

    fn addresses(hosts: &[u8]) -> Vec<SocketAddr> {
        hosts.iter().map(|host| SocketAddr::from(([10, 0, 0, *host], 80))).collect()
    }

    #[test]
    fn the_addresses_of_a_name_are_tried_in_turn_once_each() {
        let mut entry = entry("users:80");
        assert_eq!((entry.address(), entry.question()), (None, Some(("users", 80))));
        assert!(entry.resolved(addresses(&[1, 2, 3])));
        let mut tried = vec![];
        loop {
            tried.push(entry.address().unwrap());
            entry.tried += 1;
            if !entry.turn() {
                break;
            }
        }
        assert_eq!(tried, addresses(&[1, 2, 3]));
        assert_eq!(entry.address(), Some(addresses(&[1])[0]));
    }

    #[test]
    fn the_same_addresses_in_another_order_are_no_news() {
        let mut entry = entry("users:80");
        assert!(entry.resolved(addresses(&[1, 2])));
        entry.tried = 1;
        assert!(entry.turn());
        assert!(!entry.resolved(addresses(&[2, 1])));
        assert_eq!(entry.address(), Some(addresses(&[2])[0]), "the one that is being tried");
        assert!(entry.resolved(addresses(&[2, 3])));
        assert_eq!(entry.address(), Some(addresses(&[2])[0]));
        assert!(entry.resolved(addresses(&[4])));
        assert_eq!(entry.address(), Some(addresses(&[4])[0]));
    }

    #[test]
    fn an_address_is_not_resolved() {
        let mut entry = entry("10.0.0.1:80");
        assert_eq!((entry.address(), entry.question()), (Some(addresses(&[1])[0]), None));
        entry.tried = 1;
        assert!(!entry.turn());
    }
}
