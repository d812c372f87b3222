//! Messages that a server sends.

use domain::base::iana::{Class, Rcode};
use domain::base::message_builder::StaticCompressor;
use domain::base::{Message, MessageBuilder, Rtype, Ttl};
use domain::rdata::{A, Aaaa, AllRecordData, Cname, Soa, Srv};

use super::super::name::DnsName;
use super::query::Query;

type Data = AllRecordData<Vec<u8>, DnsName>;
type Record = (DnsName, Class, Ttl, Data);

/// An answer that is made record by record.
#[derive(Clone)]
pub(super) struct Said {
    query: Vec<u8>,
    code: Rcode,
    is_truncated: bool,
    is_recursive: bool,
    answer: Vec<Record>,
    authority: Vec<Record>,
    additional: Vec<Record>,
}

fn name(text: &str) -> DnsName {
    text.parse().expect("a name")
}

fn record(owner: &str, ttl: u32, data: Data) -> Record {
    (name(owner), Class::IN, Ttl::from_secs(ttl), data)
}

fn address(text: &str) -> Data {
    match text.parse().expect("an address") {
        std::net::IpAddr::V4(address) => Data::A(A::new(address)),
        std::net::IpAddr::V6(address) => Data::Aaaa(Aaaa::new(address)),
    }
}

impl Query {
    pub(super) fn says(&self, code: Rcode) -> Said {
        Said {
            query: self.bytes.clone(),
            code,
            is_truncated: false,
            is_recursive: true,
            answer: vec![],
            authority: vec![],
            additional: vec![],
        }
    }

    /// No records, and for how long there are none.
    pub(super) fn none(&self, ttl: u32) -> Said {
        let mut said = self.says(Rcode::NOERROR);
        let times = [1, 1, 1, ttl].map(Ttl::from_secs);
        let [refresh, retry, expire, minimum] = times;
        let soa =
            Soa::new(name("ns.test"), name("a.test"), 1.into(), refresh, retry, expire, minimum);
        said.authority.push(record("test", 3600, Data::Soa(soa)));
        said
    }

    /// Those of these addresses that are of the kind that is asked for, or that there are none.
    pub(super) fn addresses(&self, ttl: u32, addresses: &[&str]) -> Said {
        self.addresses_of(&self.name, ttl, addresses)
    }

    pub(super) fn addresses_of(&self, owner: &str, ttl: u32, addresses: &[&str]) -> Said {
        let mut said = self.says(Rcode::NOERROR);
        for text in addresses {
            if text.contains(':') == (self.kind == Rtype::AAAA) {
                said.answer.push(record(owner, ttl, address(text)));
            }
        }
        if said.answer.is_empty() { self.none(ttl) } else { said }
    }
}

impl Said {
    pub(super) fn alias(mut self, owner: &str, ttl: u32, of: &str) -> Self {
        self.answer.insert(0, record(owner, ttl, Data::Cname(Cname::new(name(of)))));
        self
    }

    /// An SRV record of the name that is asked for: priority, weight, port.
    pub(super) fn service(self, ttl: u32, of: [u16; 3], target: &str) -> Self {
        let owner = Message::from_octets(self.query.clone()).unwrap();
        let owner = owner.sole_question().unwrap().qname().to_string();
        self.service_of(&owner, ttl, of, target)
    }

    pub(super) fn service_of(mut self, owner: &str, ttl: u32, of: [u16; 3], target: &str) -> Self {
        let data = Srv::new(of[0], of[1], of[2], name(target));
        self.answer.push(record(owner, ttl, Data::Srv(data)));
        self
    }

    pub(super) fn with(mut self, owner: &str, ttl: u32, text: &str) -> Self {
        self.additional.push(record(owner, ttl, address(text)));
        self
    }

    /// A record that the question is not about.
    pub(super) fn stray(mut self, owner: &str, text: &str) -> Self {
        self.answer.insert(0, record(owner, 1, address(text)));
        self
    }

    pub(super) fn truncated(mut self) -> Self {
        self.is_truncated = true;
        self
    }

    pub(super) fn not_recursive(mut self) -> Self {
        self.is_recursive = false;
        self
    }

    /// The message, with names made short as servers do.
    pub(super) fn bytes(self) -> Vec<u8> {
        let query = Message::from_octets(self.query).unwrap();
        let target = StaticCompressor::new(Vec::new());
        let builder = MessageBuilder::from_target(target).unwrap();
        let mut builder = builder.start_answer(&query, self.code).unwrap();
        builder.header_mut().set_tc(self.is_truncated);
        builder.header_mut().set_ra(self.is_recursive);
        for record in self.answer {
            builder.push(record).unwrap();
        }
        let mut builder = builder.authority();
        for record in self.authority {
            builder.push(record).unwrap();
        }
        let mut builder = builder.additional();
        for record in self.additional {
            builder.push(record).unwrap();
        }
        if query.opt().is_some() {
            builder.opt(|_| Ok(())).unwrap();
        }
        builder.finish().into_target()
    }
}
