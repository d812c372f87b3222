//! Peers that all weighed the same, and do not any more.

use std::collections::VecDeque;

use peerage::ConnectionStatus::{Available, Unavailable};
use peerage::{Chooser, List, ListUpdates, Outcome, Request};

use crate::weights::weighing;
use crate::{list, policy};

/// What is drawn from while all weigh the same knows no weights. A peer that was away when they first
/// differed has its part when it is back, and those that were there have theirs.
#[test]
#[cfg_attr(miri, ignore = "counts only")]
fn a_peer_that_was_away_when_weights_first_differed_is_drawn_as_it_weighs() {
    const CHOICES: u32 = 6_000;
    let (list, transport) = list(policy("least-loaded:memory=0"), 0);
    let additions = (0..10).map(|peer| weighing(peer, 1)).collect();
    list.update(ListUpdates { additions, removals: vec![] }).unwrap();
    transport.set_status("p3", Unavailable);
    let same = weighing(5, 2);
    let updates = ListUpdates { additions: vec![same.clone()], removals: vec![same] };
    list.update(updates).unwrap();
    transport.set_status("p3", Available);
    let (mut had, mut held) = ([0_u32; 10], VecDeque::new());
    for _ in 0..CHOICES {
        let pick = list.try_choose(&Request::new()).unwrap();
        had[pick.identifier()[1..].parse::<usize>().unwrap()] += 1;
        held.push_back(pick);
        // So many are in flight that every peer has what it can take.
        if held.len() > 110 {
            held.pop_front().unwrap().finish(Outcome::Success);
        }
    }
    for (peer, had) in had.into_iter().enumerate() {
        // One or two of eleven: 545 or 1,091.
        let due = if peer == 5 { 890..1_300 } else { 400..690 };
        assert!(due.contains(&had), "p{peer} had {had} of {CHOICES}");
    }
}
