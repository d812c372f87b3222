//! The least that a policy could do, as one more side: the bare loops of `benches/choose/floor.rs`.

use std::sync::Arc;

use crate::bare::Floor;
use crate::side::{Name, Requests, Side};

/// A loop for each policy that has one, over lines of its own.
pub(crate) fn sides(peers: usize) -> Vec<Side> {
    let side = |policy, requests: fn(&Floor, u64)| {
        let floor = Arc::new(Floor::new(peers));
        let requests: Requests = Box::new(move |rounds, _| requests(&floor, rounds));
        Side { name: Name { side: "floor", policy, counts: true }, requests, flip: None }
    };
    vec![
        side("random", Floor::one),
        side("two-random-choices", Floor::two),
        side("round-robin", Floor::in_turn),
    ]
}
