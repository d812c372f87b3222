//! A question that a server was asked.

use std::net::SocketAddr;

use domain::base::{Message, Rtype};

/// A question as the server has it.
pub(super) struct Query {
    pub(super) bytes: Vec<u8>,
    pub(super) name: String,
    pub(super) kind: Rtype,
    pub(super) from: SocketAddr,
    pub(super) by_tcp: bool,
    pub(super) has_edns: bool,
}

impl Query {
    pub(super) fn new(bytes: &[u8], from: SocketAddr, by_tcp: bool) -> Self {
        let message = Message::from_octets(bytes.to_vec()).expect("a message");
        let question = message.sole_question().expect("one question");
        let (name, kind) = (question.qname().to_string(), question.qtype());
        Self { bytes: bytes.to_vec(), name, kind, from, by_tcp, has_edns: message.opt().is_some() }
    }
}
