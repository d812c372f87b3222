//! A question that a server was asked.

use std::net::SocketAddr;

use domain::base::Rtype;

/// A question as the server has it.
pub(super) struct Query {
    pub(super) bytes: Vec<u8>,
    pub(super) name: String,
    pub(super) kind: Rtype,
    pub(super) from: SocketAddr,
    pub(super) by_tcp: bool,
    pub(super) has_edns: bool,
}
