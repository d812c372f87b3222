//! The source: looks a name up, and says for how long that holds.

use std::net::SocketAddr;
use std::time::Duration;

use domain::base::Rtype;

use super::exchange::Exchange;
use super::lookup::{self, Addresses, Kept, Outcome};
use super::name::{DnsName, HostName};
use super::question::Question;
use super::records::Records;
use super::servers::Servers;
use super::services::{self, Peers};
use super::target::{self, Target};
use crate::attributes::Attributes;
use crate::error::SpecError;
use crate::member::Member;
use crate::sources::parts::Parts;
use crate::sources::{Answer, Source, SourceError, Stop};

/// Where the machine says who is asked.
const RESOLV_CONF: &str = "/etc/resolv.conf";

/// Checks the rest of a `dns:` URI, and makes its source.
pub(in crate::sources) fn open(uri: &Parts) -> Result<Box<dyn Source>, SpecError> {
    Dns::open(uri, Target::parse(uri.rest()).map_err(|(at, fault)| uri.wrong_at(at, fault))?)
}

/// Checks the rest of a `dns+srv:` URI, and makes its source.
pub(in crate::sources) fn open_services(uri: &Parts) -> Result<Box<dyn Source>, SpecError> {
    Dns::open(uri, Target::service(uri.rest()).map_err(|(at, fault)| uri.wrong_at(at, fault))?)
}

struct Dns {
    uri: String,
    target: Target,
    servers: Servers,
    timeout: Duration,
    ttls: (Duration, Duration),
    turn: usize,
    kept: Kept,
}

impl Dns {
    fn open(uri: &Parts, target: Target) -> Result<Box<dyn Source>, SpecError> {
        let options = &uri.options;
        target::check(options).map_err(|fault| uri.wrong(fault))?;
        let servers = match &options.servers {
            Some(servers) => Servers::parse(servers).map_err(|fault| uri.wrong(fault))?,
            None => Servers::File(RESOLV_CONF.into()),
        };
        Ok(Box::new(Self {
            uri: uri.to_string(),
            target,
            servers,
            timeout: options.timeout,
            ttls: (options.min_ttl, options.max_ttl),
            turn: 0,
            kept: Kept::default(),
        }))
    }

    /// Looks up once. `None`: it is stopped.
    fn look_up(&mut self, stop: &Stop) -> Option<Result<Peers, String>> {
        let setup = match self.servers.setup(self.timeout) {
            Ok(setup) => setup,
            Err(error) => return Some(Err(error)),
        };
        let exchange = Exchange { setup: &setup, turn: self.turn, stop };
        self.turn = self.turn.wrapping_add(1);
        self.kept.begin();
        let names = |name: &HostName| name.candidates(&setup.search, setup.ndots);
        let peers = match &self.target {
            Target::Address(address) => Ok(of_address(*address)),
            Target::Name(name, port) => of_name(&names(name), *port, &exchange, &mut self.kept)?,
            Target::Services(name) => of_services(&names(name), &exchange, &mut self.kept)?,
        };
        if peers.is_ok() {
            self.kept.commit();
        }
        Some(peers)
    }

    /// When to ask again about these peers.
    fn again(&self, peers: &Peers) -> Duration {
        let (min, max) = self.ttls;
        match (&self.target, peers.ttl) {
            (Target::Address(_), _) => Duration::MAX,
            (_, Some(ttl)) if !peers.is_in_doubt => Duration::from_secs(ttl.into()).clamp(min, max),
            _ => min,
        }
    }
}

impl Source for Dns {
    fn name(&self) -> &str {
        &self.uri
    }

    fn next(&mut self, stop: &Stop) -> Result<Answer, SourceError> {
        let peers = self.look_up(stop).ok_or("stopped")??;
        let again = self.again(&peers);
        let members = peers.peers.into_iter();
        let members = members.map(|(address, has)| Member::new(address.to_string(), has));
        Ok(Answer::new(members).asked_again_in(again).with_faults(peers.faults))
    }

    fn answers_at_once(&self) -> bool {
        matches!(self.target, Target::Address(_))
    }
}

fn of_address(address: SocketAddr) -> Peers {
    let peers = [(address, Attributes::new())].into();
    Peers { peers, ..Peers::default() }
}

fn of_name(
    names: &[DnsName],
    port: u16,
    exchange: &Exchange<'_>,
    kept: &mut Kept,
) -> Option<Result<Peers, String>> {
    let outcome = lookup::search(names, |name| lookup::addresses(name, exchange, kept))?;
    let nothing = |ttl| Addresses { ttl, ..Addresses::default() };
    Some(outcome.known(nothing).map(|Addresses { addresses, ttl, stale }| {
        let mut peers = Peers { ttl, is_in_doubt: stale.is_some(), ..Peers::default() };
        peers.faults.extend(stale.map(|error| format!("{error}; its earlier ones stay")));
        for address in addresses {
            peers.add(SocketAddr::new(address, port), 1, 0);
        }
        peers
    }))
}

fn of_services(
    names: &[DnsName],
    exchange: &Exchange<'_>,
    kept: &mut Kept,
) -> Option<Result<Peers, String>> {
    let outcome = lookup::search(names, |name| {
        let told = exchange.ask(&[Question::new(name, Rtype::SRV)])?.pop()?;
        Some(match told {
            Ok(records) if records.services.is_empty() => Outcome::Empty(records.ttl),
            Ok(records) => Outcome::Found(records),
            Err(why) if why.is_nothing() => Outcome::Nothing(format!("{name}: SRV: {why}")),
            Err(why) => Outcome::Failed(format!("{name}: SRV: {why}")),
        })
    })?;
    match outcome.known(|ttl| Records { ttl, ..Records::default() }) {
        Ok(records) => services::peers(records, exchange, kept),
        Err(error) => Some(Err(error)),
    }
}
