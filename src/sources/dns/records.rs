//! What an answer says.

use std::net::IpAddr;

use domain::base::iana::Rcode;
use domain::base::message::RecordSection;
use domain::base::name::{ParsedName, ToName};
use domain::base::rdata::ParseRecordData;
use domain::base::wire::ParseError;
use domain::base::{Message, Record, Rtype};
use domain::rdata::{A, Aaaa, Cname, Soa, Srv};

use super::failure::Failure;
use super::name::DnsName;

/// Most aliases one after the other.
const MOST_ALIASES: usize = 16;

/// The records of one answer that its question is about. None at all: the name has none of this kind.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Records {
    pub(super) addresses: Vec<IpAddr>,
    pub(super) services: Vec<Service>,
    /// Addresses of services' targets that the server has added.
    pub(super) added: Vec<Owned>,
    /// For how many seconds all of it holds; `None`: the server does not say.
    pub(super) ttl: Option<u32>,
}

/// One SRV record (RFC 2782).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Service {
    pub(super) priority: u16,
    pub(super) weight: u16,
    pub(super) port: u16,
    pub(super) target: DnsName,
}

/// An address, of which name, and for how many seconds.
type Owned = (DnsName, IpAddr, u32);

type Parsed<'a> = ParsedName<&'a [u8]>;
type Section<'a> = RecordSection<'a, &'a [u8]>;

impl Records {
    /// Reads a message that answers what records of `kind` the name `asked` has. What cannot be read
    /// makes all of it unreadable: a part would be taken for the whole.
    pub(super) fn read(
        message: &Message<&[u8]>,
        asked: &DnsName,
        kind: Rtype,
    ) -> Result<Self, Failure> {
        if message.header().rcode() == Rcode::NXDOMAIN {
            return Err(Failure::Code(Rcode::NXDOMAIN.into()));
        }
        let mut ttl = None;
        let name = alias_of(message, asked, &mut ttl)?;
        let mut records = Self { ttl, ..Self::default() };
        match kind {
            Rtype::A => records.take(of_a(message.answer()?)?, &name),
            Rtype::AAAA => records.take(of_aaaa(message.answer()?)?, &name),
            _ => records.read_services(message, &name)?,
        }
        if records.addresses.is_empty() && records.services.is_empty() {
            records.says_none(message, asked, &name)?;
        }
        Ok(records)
    }

    /// Takes over the addresses of `name`.
    fn take(&mut self, found: Vec<Owned>, name: &DnsName) {
        for (owner, address, ttl) in found {
            if owner == *name {
                self.holds_for(ttl);
                self.addresses.push(address);
            }
        }
    }

    fn read_services(&mut self, message: &Message<&[u8]>, name: &DnsName) -> Result<(), Failure> {
        for record in message.answer()?.limit_to_in::<Srv<Parsed<'_>>>() {
            let record = record?;
            if *record.owner() != *name {
                continue;
            }
            self.holds_for(record.ttl().as_secs());
            let data = record.data();
            self.services.push(Service {
                priority: data.priority(),
                weight: data.weight(),
                port: data.port(),
                target: data.target().to_canonical_name(),
            });
        }
        self.added = of_a(message.additional()?)?;
        self.added.append(&mut of_aaaa(message.additional()?)?);
        Ok(())
    }

    /// Checks that an answer without records means that there are none, and for how long.
    fn says_none(
        &mut self,
        message: &Message<&[u8]>,
        asked: &DnsName,
        name: &DnsName,
    ) -> Result<(), Failure> {
        let mut soa = message.authority()?.limit_to_in::<Soa<Parsed<'_>>>();
        if let Some(record) = soa.next() {
            // For how long nothing is known to be there (RFC 2308, 5).
            let record = record?;
            self.holds_for(record.ttl().as_secs().min(record.data().minimum().as_secs()));
            return Ok(());
        }
        if name != asked {
            return Err(Failure::Alias(name.to_string()));
        }
        if !message.header().aa() && !message.header().ra() {
            return Err(Failure::Lame);
        }
        Ok(())
    }

    fn holds_for(&mut self, seconds: u32) {
        self.ttl = lesser(self.ttl, seconds);
    }
}

fn of_a(section: Section<'_>) -> Result<Vec<Owned>, Failure> {
    owned(section, |data: A| data.addr().into())
}

fn of_aaaa(section: Section<'_>) -> Result<Vec<Owned>, Failure> {
    owned(section, |data: Aaaa| data.addr().into())
}

fn owned<'a, D: ParseRecordData<'a, &'a [u8]>>(
    section: Section<'a>,
    address: impl Fn(D) -> IpAddr,
) -> Result<Vec<Owned>, Failure> {
    let read = |record: Result<Record<Parsed<'a>, D>, ParseError>| {
        let record = record?;
        let (owner, ttl) = (record.owner().to_canonical_name(), record.ttl().as_secs());
        Ok((owner, address(record.into_data()), ttl))
    };
    let mut all: Vec<_> = section.limit_to_in::<D>().map(read).collect::<Result<_, Failure>>()?;
    // Knot adds an address once for each SRV record that leads to it. The first is the least TTL.
    all.sort_unstable();
    all.dedup_by(|later, first| (&later.0, later.1) == (&first.0, first.1));
    Ok(all)
}

impl From<ParseError> for Failure {
    fn from(_: ParseError) -> Self {
        Self::Malformed
    }
}

/// The least time to live. One with its highest bit set is none (RFC 2181, 8).
pub(super) fn lesser(ttl: Option<u32>, seconds: u32) -> Option<u32> {
    let seconds = if i32::try_from(seconds).is_ok() { seconds } else { 0 };
    Some(ttl.map_or(seconds, |ttl| ttl.min(seconds)))
}

/// Follows the aliases of a name to the name at their end.
fn alias_of(
    message: &Message<&[u8]>,
    name: &DnsName,
    ttl: &mut Option<u32>,
) -> Result<DnsName, Failure> {
    let mut name = name.clone();
    for _ in 0..=MOST_ALIASES {
        let mut next = None;
        for record in message.answer()?.limit_to_in::<Cname<Parsed<'_>>>() {
            let record = record?;
            if *record.owner() == name {
                *ttl = lesser(*ttl, record.ttl().as_secs());
                next = Some(record.data().cname().to_canonical_name());
                break;
            }
        }
        match next {
            None => return Ok(name),
            Some(next) => name = next,
        }
    }
    Err(Failure::Aliases)
}
