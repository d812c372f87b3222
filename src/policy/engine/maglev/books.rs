//! How the table changes: what a batch of changes makes of it.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::table::{self, Place, Table};
use crate::policy::engine::keyed::{Build, Change, Effect, Seated, Seats};

/// The table as the one thread that changes it knows it.
#[derive(Debug, Default)]
pub(crate) struct Books {
    /// By [`Key::index`](crate::slot::Key::index).
    members: BTreeMap<usize, Seated>,
    /// What the table was built for.
    places: Vec<Place>,
    table: Table,
}

impl Build for Books {
    type Table = Table;

    fn apply(&mut self, changes: Vec<Change>) -> Effect {
        let mut effect = Effect::default();
        for change in changes {
            match change {
                Change::Seated(seated) => {
                    let index = seated.peer.key.index();
                    if !self.members.get(&index).is_some_and(|known| is_same(known, &seated)) {
                        effect = Effect { changed: true, arrived: true };
                        self.members.insert(index, seated);
                    }
                }
                Change::Left(key) => {
                    let seated = self.members.get(&key.index());
                    if seated.is_some_and(|seated| seated.peer.key == key) {
                        effect.changed = true;
                        self.members.remove(&key.index());
                    }
                }
            }
        }
        if effect.changed {
            self.build();
        }
        effect
    }

    fn table(&self) -> &Table {
        &self.table
    }
}

/// Whether it is the same peer, and sits there with the same weight.
fn is_same(a: &Seated, b: &Seated) -> bool {
    a.peer.key == b.peer.key && (&a.place, a.weight) == (&b.place, b.weight)
}

impl Books {
    fn build(&mut self) {
        let mut members: Vec<_> = self.members.values().collect();
        members.sort_by(|a, b| (&a.place, &a.id).cmp(&(&b.place, &b.id)));
        let shared: Vec<_> = members.chunk_by(|a, b| a.place == b.place).collect();
        // Peers of one place stand in for each other: together they weigh what the heaviest does.
        let place = |peers: &&[&Seated]| Place {
            name: Arc::clone(&peers[0].place),
            weight: peers.iter().map(|peer| peer.weight).max().unwrap_or(1),
        };
        let places: Vec<_> = shared.iter().map(place).collect();
        let seats = |peers: &[&Seated]| -> Vec<_> { peers.iter().map(|peer| peer.peer).collect() };
        self.table.seats = shared.iter().map(|peers| Seats::of(&seats(peers))).collect();
        if places != self.places {
            self.table.slots = table::build(&places).into();
            self.places = places;
        }
    }
}
