//! Draws from a table whose writer moves to a larger array, and closes the gaps that peers leave.
//!
//! Under the checker the first array has room for one entry and the first chunk for one slot, so
//! both grow here.

use std::sync::Arc;

use loom::thread;

use super::fakes::{Host, Probe, push_with, remove_with, seat_with};
use crate::outcome::Outcome;
use crate::peer::ConnectionStatus;
use crate::policy::{Dense, Nothing};

/// A host whose available peers are in a table.
fn host() -> (Arc<Host>, Arc<Dense>) {
    let (host, dense) = (Host::new(), Arc::new(Dense::new()));
    assert!(dense.index().get().attach(&host.roster));
    (host, dense)
}

/// Draws every entry that a chooser finds, as a policy that scans the table would. Returns how many
/// could be chosen.
fn choose_all(host: &Host, dense: &Dense) -> usize {
    let pinned = dense.available(&host.roster).iter().filter_map(|entry| entry.pin());
    let picks: Vec<_> = pinned.map(|pinned| pinned.into_pick()).collect();
    let chosen = picks.len();
    for pick in picks {
        assert_eq!(pick.identifier(), "probe");
        pick.finish(Outcome::Success);
    }
    chosen
}

/// To so many peers another one joins, in a slot that is new, and takes the place of the first,
/// which leaves.
fn replace_the_first_of(peers: usize) {
    loom::model(move || {
        let (host, dense) = host();
        let probes: Vec<_> = (0..=peers).map(|_| Probe::new()).collect();
        let index = || Some(dense.index().get());
        let join = |probe| seat_with(&host, probe, index(), 0);
        let mut slots: Vec<_> = probes[..peers].iter().map(join).collect();
        let chooser = thread::spawn({
            let (host, dense) = (Arc::clone(&host), Arc::clone(&dense));
            move || assert!(choose_all(&host, &dense) <= peers + 1)
        });

        slots.push(join(&probes[peers]));
        remove_with(&host, slots.remove(0), index());
        chooser.join().unwrap();

        assert_eq!(choose_all(&host, &dense), peers);
        for slot in slots {
            remove_with(&host, slot, index());
        }
        assert_eq!(choose_all(&host, &dense), 0);
        assert!(probes.iter().all(|probe| probe.released() == 1));
    });
}

/// There is room for two.
#[test]
fn an_entry_of_a_growing_table_is_a_whole_slot() {
    replace_the_first_of(2);
}

/// There is room for four: that the slot is whole is known from its entry alone.
#[test]
fn an_entry_that_is_moved_is_a_whole_slot() {
    replace_the_first_of(3);
}

/// Of two peers one is available at every moment: a draw where nothing moves finds it.
#[test]
fn a_peer_that_takes_over_is_found() {
    loom::model(|| {
        let (host, dense) = host();
        let (probe, index) = (Probe::new(), Some(dense.index().get()));
        let first = seat_with(&host, &probe, index, 0);
        let second = seat_with(&host, &probe, index, 0);
        push_with(&host, second, ConnectionStatus::Unavailable, index);
        let chooser = thread::spawn({
            let (host, dense) = (Arc::clone(&host), Arc::clone(&dense));
            move || {
                let pinned = dense.pin_still(&host.roster, 0, &[]);
                pinned.expect("one is available").into_pick().finish(Outcome::Success);
            }
        });
        push_with(&host, second, ConnectionStatus::Available, index);
        push_with(&host, first, ConnectionStatus::Unavailable, index);
        chooser.join().unwrap();

        push_with(&host, second, ConnectionStatus::Unavailable, index);
        let none = dense.pin_still(&host.roster, 0, &[]);
        assert_eq!(none.map(drop).unwrap_err(), Nothing::Unavailable);
        for slot in [first, second] {
            remove_with(&host, slot, index);
        }
    });
}
