//! SRV records as peers (RFC 2782).

use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, SocketAddr};

use domain::base::Rtype;

use super::exchange::{Exchange, Told};
use super::lookup::{Addresses, Kept, Outcome, combine, earlier};
use super::name::DnsName;
use super::question::Question;
use super::records::{Records, Service, lesser};
use crate::attributes::Attributes;

/// Each service has all the addresses of its target, so that a short answer may say very many.
const MOST_PEERS: usize = 1 << 16;

/// Peers, and how long they hold.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Peers {
    pub(super) peers: BTreeMap<SocketAddr, Attributes>,
    pub(super) ttl: Option<u32>,
    pub(super) faults: Vec<String>,
    /// Some of it is not known now: it is worth asking again soon.
    pub(super) is_in_doubt: bool,
}

/// Finds the addresses of all targets. `None`: it is stopped. The error says why none has any.
pub(super) fn peers(
    mut records: Records,
    exchange: &Exchange<'_>,
    kept: &mut Kept,
) -> Option<Result<Peers, String>> {
    let mut peers = Peers { ttl: records.ttl, ..Peers::default() };
    // A record that is there twice is one, and the root as a target says that there is no service.
    records.services.sort_unstable();
    records.services.dedup();
    records.services.retain(|service| !service.target.is_root());
    let targets: BTreeSet<_> = records.services.iter().map(|service| &service.target).collect();
    let mut addresses = BTreeMap::new();
    for (target, families) in ask(&targets, &records, exchange)? {
        match combine(target, &families, kept) {
            Outcome::Found(Addresses { addresses: found, ttl, stale }) => {
                peers.ttl = ttl.map_or(peers.ttl, |seconds| lesser(peers.ttl, seconds));
                peers.is_in_doubt |= stale.is_some();
                peers.faults.extend(stale.map(|error| format!("{error}; its earlier ones stay")));
                addresses.insert(target, found);
            }
            Outcome::Empty(_) => peers.faults.push(format!("{target} has no addresses")),
            Outcome::Nothing(error) => peers.faults.push(error),
            Outcome::Failed(error) => {
                let before = earlier(target, exchange.setup.families, kept);
                let stay = if before.is_empty() { "" } else { "; its earlier addresses stay" };
                peers.faults.push(format!("{error}{stay}"));
                peers.is_in_doubt = true;
                addresses.insert(target, before);
            }
        }
    }
    if !targets.is_empty() && addresses.values().all(Vec::is_empty) {
        return Some(Err(peers.faults.join("; ")));
    }
    let of_target = |service: &Service| addresses.get(&service.target).map_or(0, Vec::len);
    let count: usize = records.services.iter().map(of_target).sum();
    if count > MOST_PEERS {
        let error = format!("{count} peers: more than the {MOST_PEERS} that a service may have");
        return Some(Err(error));
    }
    for (service, tier) in with_tiers(&records.services) {
        if service.port == 0 {
            peers.faults.push(format!("{} has port 0", service.target));
            continue;
        }
        for address in addresses.get(&service.target).into_iter().flatten() {
            peers.add(SocketAddr::new(*address, service.port), service.weight, tier);
        }
    }
    Some(Ok(peers))
}

/// A target, and what became of the question for each family.
type OfTarget<'t> = (&'t DnsName, Vec<(Rtype, Told)>);

/// What each target has by family: what the server has added to its answer, and what it is asked for
/// beside that.
fn ask<'t>(
    targets: &BTreeSet<&'t DnsName>,
    records: &'t Records,
    exchange: &Exchange<'_>,
) -> Option<Vec<OfTarget<'t>>> {
    let mut added: BTreeMap<_, Records> = BTreeMap::new();
    for (name, address, ttl) in &records.added {
        let kind = if address.is_ipv4() { Rtype::A } else { Rtype::AAAA };
        let of_name = added.entry((name, kind.to_int())).or_default();
        of_name.addresses.push(*address);
        of_name.ttl = lesser(of_name.ttl, *ttl);
    }
    let pairs = targets
        .iter()
        .flat_map(|target| exchange.setup.families.iter().map(move |kind| (*target, *kind)));
    let (known, open): (Vec<_>, Vec<_>) =
        pairs.partition(|(target, kind)| added.contains_key(&(*target, kind.to_int())));
    let questions: Vec<_> = open.iter().map(|(name, kind)| Question::new(name, *kind)).collect();
    let told = exchange.ask(&questions)?;
    let mut all: BTreeMap<&DnsName, Vec<(Rtype, Told)>> = BTreeMap::new();
    for (target, kind) in known {
        let records = added.remove(&(target, kind.to_int())).unwrap_or_default();
        all.entry(target).or_default().push((kind, Ok(records)));
    }
    for ((target, kind), told) in open.into_iter().zip(told) {
        all.entry(target).or_default().push((kind, told));
    }
    Some(all.into_iter().collect())
}

/// Priorities as tiers: the lowest is 0, the next one 1, and so on.
fn with_tiers(services: &[Service]) -> impl Iterator<Item = (&Service, u8)> {
    let priorities: BTreeSet<_> = services.iter().map(|service| service.priority).collect();
    services.iter().map(move |service| {
        let rank = priorities.range(..service.priority).count();
        (service, u8::try_from(rank).unwrap_or(u8::MAX))
    })
}

impl Peers {
    /// Adds a peer. One that is there already has the lower tier, and within that all the weight.
    pub(super) fn add(&mut self, address: SocketAddr, weight: u16, tier: u8) {
        if !is_of_a_server(address.ip()) {
            self.faults.push(format!("{} is no address of a server", address.ip()));
            return;
        }
        // Of the weights beside it 0 is to be "a very small" chance; a peer's weight is at least 1.
        let weight = weight.max(1);
        let new = Attributes::new().with_weight(weight).with_tier(tier);
        let has = self.peers.entry(address).or_insert_with(|| new.clone().with_weight(0));
        if has.tier == tier {
            has.weight = has.weight.saturating_add(weight);
        } else if has.tier > tier {
            *has = new;
        }
    }
}

/// Whether something can listen there. A filter that answers 0.0.0.0 for what it hides would have
/// connections made to this machine.
fn is_of_a_server(address: IpAddr) -> bool {
    let is_broadcast = matches!(address, IpAddr::V4(address) if address.is_broadcast());
    !address.is_unspecified() && !address.is_multicast() && !is_broadcast
}

#[cfg(all(test, not(loom)))]
mod tests {
    use std::time::Duration;

    use super::super::servers::Servers;
    use super::*;
    use crate::sources::Stop;

    #[test]
    fn priorities_are_tiers_by_rank() {
        let of =
            |priority| Service { priority, weight: 0, port: 1, target: "a.test".parse().unwrap() };
        let services: Vec<_> = [10, 10, 500, 65535].map(of).into();
        let tiers: Vec<_> = with_tiers(&services).map(|(_, tier)| tier).collect();
        assert_eq!(tiers, [0, 0, 1, 2]);
        let many: Vec<_> = (0..300).map(of).collect();
        assert_eq!(with_tiers(&many).last().unwrap().1, 255);
    }

    /// Of 64 KiB that a server sends, millions could be made.
    #[test]
    fn services_times_addresses_are_bounded() {
        let (setup, stop) = (Servers::parse("127.0.0.1:1").unwrap(), Stop::new());
        let setup = setup.setup(Duration::from_secs(1)).unwrap();
        let exchange = Exchange { setup: &setup, turn: 0, stop: &stop };
        let target: DnsName = "a.test".parse().unwrap();
        let of = |number: u16| {
            let service = |port| Service { priority: 0, weight: 1, port, target: target.clone() };
            let v4 = (0..number).map(|n| IpAddr::from([10, 0, (n >> 8) as u8, n as u8]));
            let added = v4.chain(["::1".parse().unwrap()]).map(|ip| (target.clone(), ip, 1));
            let services = (1..=number).map(service).collect();
            let records = Records { services, added: added.collect(), ..Records::default() };
            peers(records, &exchange, &mut Kept::default()).unwrap().map(|found| found.peers.len())
        };
        assert_eq!(of(200), Ok(200 * 201));
        let error = "90300 peers: more than the 65536 that a service may have";
        assert_eq!(of(300), Err(error.to_owned()));
    }

    #[test]
    fn a_peer_that_is_there_twice_is_one() {
        let mut peers = Peers::default();
        let [a, none] = ["10.0.0.1:80", "0.0.0.0:80"].map(|address| address.parse().unwrap());
        for (weight, tier) in [(3, 1), (0, 1)] {
            peers.add(a, weight, tier);
        }
        assert_eq!(peers.peers[&a], Attributes::new().with_weight(4).with_tier(1));
        for (weight, tier) in [(65535, 0), (7, 0), (9, 1)] {
            peers.add(a, weight, tier);
        }
        assert_eq!(peers.peers[&a], Attributes::new().with_weight(65535));
        peers.add(none, 1, 0);
        assert_eq!(peers.faults, ["0.0.0.0 is no address of a server"]);
    }
}
