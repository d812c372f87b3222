//! Draws by weight, while the sums change under the chooser's hands.

use std::sync::Arc;

use loom::thread;

use super::fakes::{Host, Probe, remove_with, seat_with};
use crate::attributes::Attributes;
use crate::outcome::Outcome;
use crate::policy::{Drawn, Rng};
use crate::roster::{About, Index};
use crate::slot::SlotRef;

fn weigh(host: &Host, drawn: &Drawn, peer: SlotRef, weight: u16) {
    let attributes = Arc::new(Attributes::new().with_weight(weight));
    let about = About { id: &Arc::from("probe"), attributes: &attributes };
    assert!(host.roster.reattribute(peer, &about, Some(drawn)));
}

/// Draws two distinct peers and chooses those that it can. Returns how many.
fn choose_two(host: &Host, drawn: &Drawn, rng: &Rng) -> usize {
    let Some(peers) = drawn.by_weight(&host.roster) else { return 0 };
    let first = peers.any(rng);
    let entries = [first.peer, peers.other_than(&first, rng)];
    let pinned = entries.into_iter().flatten().filter_map(|entry| entry.pin());
    let picks: Vec<_> = pinned.map(|pinned| pinned.into_pick()).collect();
    let chosen = picks.len();
    for pick in picks {
        assert_eq!(pick.identifier(), "probe");
        pick.finish(Outcome::Success);
    }
    chosen
}

/// A third peer joins, for which sums and table grow, and the first leaves.
#[test]
fn sums_that_grow_lead_to_whole_slots() {
    loom::model(|| {
        let (host, drawn) = (Host::new(), Arc::new(Drawn::default()));
        assert!(drawn.attach(&host.roster));
        let probes = [Probe::new(), Probe::new(), Probe::new()];
        let join = |probe| seat_with(&host, probe, Some(&*drawn), 0);
        let (first, second) = (join(&probes[0]), join(&probes[1]));
        weigh(&host, &drawn, second, 2);
        let chooser = thread::spawn({
            let (host, drawn) = (Arc::clone(&host), Arc::clone(&drawn));
            move || assert!(choose_two(&host, &drawn, &Rng::seeded(3)) <= 2)
        });
        let third = join(&probes[2]);
        remove_with(&host, first, Some(&*drawn));
        chooser.join().unwrap();

        assert_eq!(choose_two(&host, &drawn, &Rng::seeded(3)), 2, "the two that are left");
        for peer in [second, third] {
            remove_with(&host, peer, Some(&*drawn));
        }
        assert_eq!(choose_two(&host, &drawn, &Rng::seeded(3)), 0);
        assert!(probes.iter().all(|probe| probe.released() == 1));
    });
}
