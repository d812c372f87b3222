//! The operations, and how often each comes up.
//!
//! There are few peers, so that removals meet picks, and additions meet the same name again. A stop
//! is for good, so it is rare.

use peerage::ConnectionStatus;
use proptest::prelude::*;
use proptest::sample::Index;

#[derive(Debug, Clone)]
pub(crate) enum Op {
    Start,
    Stop,
    Update { remove: Vec<u8>, add: Vec<u8> },
    SetStatus(u8, ConnectionStatus),
    SetQuietly(u8, ConnectionStatus),
    Notify(u8),
    Choose(String),
    Finish(Index),
    Drop(Index),
    FailRetain(u8, bool),
    FailRelease(u8, bool),
}

pub(crate) fn name(peer: u8) -> String {
    format!("p{peer}")
}

fn op() -> impl Strategy<Value = Op> {
    let peer = 0..6_u8;
    let peers = prop::collection::vec(0..6_u8, 0..4);
    let status = prop_oneof![
        1 => Just(ConnectionStatus::Unavailable),
        1 => Just(ConnectionStatus::Connecting),
        2 => Just(ConnectionStatus::Available),
    ];
    prop_oneof![
        6 => Just(Op::Start),
        1 => Just(Op::Stop),
        12 => (peers.clone(), peers).prop_map(|(remove, add)| Op::Update { remove, add }),
        10 => (peer.clone(), status.clone()).prop_map(|(peer, status)| Op::SetStatus(peer, status)),
        3 => (peer.clone(), status).prop_map(|(peer, status)| Op::SetQuietly(peer, status)),
        3 => peer.clone().prop_map(Op::Notify),
        30 => "[a-z]{1,3}".prop_map(Op::Choose),
        12 => any::<Index>().prop_map(Op::Finish),
        4 => any::<Index>().prop_map(Op::Drop),
        2 => (peer.clone(), prop::bool::weighted(0.3)).prop_map(|(peer, on)| Op::FailRetain(peer, on)),
        2 => (peer, prop::bool::weighted(0.3)).prop_map(|(peer, on)| Op::FailRelease(peer, on)),
    ]
}

pub(crate) fn ops() -> impl Strategy<Value = Vec<Op>> {
    prop::collection::vec(op(), 1..80)
}
