//! A question as bytes, and which bytes answer it.

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::sync::atomic::{AtomicU64, Ordering};

use domain::base::iana::Rcode;
use domain::base::name::ToName;
use domain::base::{Message, MessageBuilder, Rtype};

use super::failure::Failure;
use super::name::DnsName;
use super::records::Records;

/// The longest answer that servers are asked to send in one datagram: what passes through every
/// network without being taken apart (DNS Flag Day 2020).
const DATAGRAM: u16 = 1232;
const HEADER: usize = 12;

/// What is asked: a name, and the kind of its records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Question {
    pub(super) name: DnsName,
    pub(super) kind: Rtype,
}

/// A question as it was sent.
#[derive(Debug, Clone)]
pub(super) struct Asked {
    pub(super) question: Question,
    pub(super) bytes: Vec<u8>,
    has_edns: bool,
}

/// What bytes are to a question.
#[derive(Debug)]
pub(super) enum Reply {
    /// Nothing: another question's answer, or no message at all.
    Stray,
    /// It is to be asked again by TCP.
    Truncated,
    /// It is to be asked again without EDNS, which the server does not know.
    Plainer,
    Records(Records),
    Failure(Failure),
}

impl Question {
    pub(super) fn new(name: &DnsName, kind: Rtype) -> Self {
        // In lower case, which a server that changes the case leaves as it is.
        Self { name: name.to_canonical_name(), kind }
    }

    /// The question with a number of its own.
    pub(super) fn asked(&self, has_edns: bool) -> Asked {
        let mut builder = MessageBuilder::new_vec();
        builder.header_mut().set_id(unforeseen());
        builder.header_mut().set_rd(true);
        let mut builder = builder.question();
        // A vector has room.
        let _ = builder.push((&self.name, self.kind));
        let mut builder = builder.additional();
        if has_edns {
            let _ = builder.opt(|opt| {
                opt.set_udp_payload_size(DATAGRAM);
                Ok(())
            });
        }
        Asked { question: self.clone(), bytes: builder.finish(), has_edns }
    }
}

impl Asked {
    /// The part that an answer repeats.
    fn repeated(&self) -> &[u8] {
        let end = HEADER + self.question.name.len() + 4;
        &self.bytes[HEADER..end]
    }

    /// What these bytes are to it.
    pub(super) fn reply(&self, bytes: &[u8]) -> Reply {
        let Ok(message) = Message::from_octets(bytes) else { return Reply::Stray };
        let header = message.header();
        if !header.qr() || bytes[..2] != self.bytes[..2] {
            return Reply::Stray;
        }
        let code = message.opt_rcode();
        let is_error = code != Rcode::NOERROR.into() && code != Rcode::NXDOMAIN.into();
        let repeats =
            message.header_counts().qdcount() == 1 && bytes[HEADER..].starts_with(self.repeated());
        // Servers that cannot read a question do not repeat it.
        let is_bare = is_error && message.header_counts().qdcount() == 0;
        if !repeats && !is_bare {
            return Reply::Stray;
        }
        if is_error {
            let unknown = [Rcode::FORMERR, Rcode::NOTIMP].map(Into::into).contains(&code);
            return match self.has_edns && unknown {
                true => Reply::Plainer,
                false => Reply::Failure(Failure::Code(code)),
            };
        }
        if header.tc() {
            return Reply::Truncated;
        }
        match Records::read(&message, &self.question.name, self.question.kind) {
            Ok(records) => Reply::Records(records),
            Err(failure) => Reply::Failure(failure),
        }
    }
}

/// A number that others cannot foresee: a keyed hash, whose key the system drew, of how many there have
/// been.
fn unforeseen() -> u16 {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    // What is hashed differs each time, and so does the key.
    RandomState::new().hash_one(COUNT.fetch_add(1, Ordering::Relaxed)) as u16
}

#[cfg(all(test, not(loom)))]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn a_question_is_one_question_with_a_number_of_its_own() {
        let question = Question::new(&"Users.Test".parse().unwrap(), Rtype::SRV);
        let asked = question.asked(true);
        let message = Message::from_octets(asked.bytes.as_slice()).unwrap();
        assert_eq!(message.sole_question().unwrap().qname().to_string(), "users.test");
        assert_eq!(message.opt().unwrap().udp_payload_size(), 1232);
        assert!(message.header().rd() && !message.header().qr());
        assert!(question.asked(false).bytes.len() < asked.bytes.len());
        let numbers: HashSet<_> = (0..1000).map(|_| unforeseen()).collect();
        assert!(numbers.len() > 950, "{}", numbers.len());
    }
}
