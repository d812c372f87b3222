//! How the ring changes: what a batch of joins and leaves makes of its layers.
//!
//! | what happens | what it costs |
//! |---|---|
//! | a peer leaves | a search for its place; nothing is built |
//! | a peer comes to a place that exists | a copy of the seats of its layer |
//! | a new place on a small ring | a new main table |
//! | a new place on a large ring | a new overlay: see below |
//! | the overlay is full, or 1/8 of the places are empty | a new main table, without the empty ones |
//!
//! A departure costs a table of n points every n/8th point that leaves: a constant for each on average.
//! Where places come in batches of m points, an overlay of at most r points is copied by each, half full
//! on average, and the main table is built by each r/m-th: r/2 + nm/r points, the least at r = √(2nm).
//! So that is how many it may have, and no more than n/16, which keeps lookups in it quick.
//!
//! When weights differ, places have points by weight, and each batch builds the whole ring.
//!
//! Changes count in their order, and only where they lead: a peer that joins and leaves in one
//! batch was never there, and one that moves away and back has not moved. Two peers of different
//! keys are different peers, also under one name.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::layer::Layer;
use super::layers::{Layers, Spot};
use super::peers::Peers;
use super::points::Replicas;
use crate::policy::engine::keyed::{Build, Change, Effect, Seats};
use crate::slot::SlotRef;

/// A main table with fewer points has no overlay: to build it anew takes about as long as other
/// parts of an update, and lookups are quickest in one table.
const LEAST: usize = if cfg!(any(test, loom)) { 1 } else { 1 << 16 };

/// The overlay has at most this part of the main table's points.
const OVERLAY: usize = if cfg!(loom) { 1 } else { 16 };

/// When this part of the places is empty they are removed. In a place that peers share, the seats
/// of those who have left.
const EMPTY: usize = 8;

/// How many points an overlay may have over a main table of `points` points, if `joining` points join with
/// each batch.
fn room(points: usize, joining: usize) -> usize {
    let least_work = points.saturating_mul(joining).saturating_mul(2).isqrt();
    if points < LEAST { 0 } else { least_work.min(points / OVERLAY) }
}

/// The ring as the one thread that changes it knows it.
#[derive(Debug)]
pub(crate) struct Books {
    replicas: Replicas,
    pub(super) layers: Layers,
    peers: Peers,
    /// Places in which no peer of the list sits.
    pub(super) empty: usize,
    /// Places have points by weight.
    weighted: bool,
}

impl Build for Books {
    type Table = Layers;

    fn apply(&mut self, changes: Vec<Change>) -> Effect {
        let (touched, reweighted) = self.record(changes);
        if self.weighted || self.peers.weights_differ() {
            if touched.is_empty() && !reweighted {
                return Effect::default();
            }
            self.build_by_weight();
            let arrived = touched.values().any(|touched| !touched.came.is_empty());
            return Effect { changed: true, arrived };
        }
        let mut effect = Effect::default();
        let mut new = vec![];
        for (name, touched) in touched {
            match touched.spot {
                Some(spot) => self.reseat(spot, &name, &touched, &mut effect),
                None => {
                    let peers = self.peers.of_place(touched.came.into_iter(), &name);
                    if !peers.is_empty() {
                        new.push((name, Seats::of(&peers)));
                    }
                }
            }
        }
        effect.arrived |= !new.is_empty();
        effect.changed |= self.build(new);
        effect
    }

    fn table(&self) -> &Layers {
        &self.layers
    }
}

/// A place that a batch of changes is about.
#[derive(Debug)]
struct Touched {
    /// Where it is, as yet.
    spot: Option<Spot>,
    was_empty: bool,
    /// A peer that is still in the list went to another place.
    left_for_another: bool,
    came: Vec<SlotRef>,
}

impl Books {
    pub(super) fn new(replicas: Replicas) -> Self {
        let (layers, peers) = (Layers::default(), Peers::default());
        Self { replicas, layers, peers, empty: 0, weighted: false }
    }

    /// Records who sits where after the changes. Returns the places they are about, in the order of
    /// their names, and whether a peer has another weight.
    fn record(&mut self, changes: Vec<Change>) -> (BTreeMap<Arc<str>, Touched>, bool) {
        let (mut touched, mut reweighted) = (BTreeMap::new(), false);
        for change in changes {
            match change {
                Change::Seated(seated) => {
                    let before = self.peers.get(seated.peer.key);
                    if let Some(before) = before.filter(|before| before.place == seated.place) {
                        if before.weight != seated.weight {
                            reweighted = true;
                            self.peers.insert(seated);
                        }
                        continue;
                    }
                    if let Some(before) = before {
                        self.touch(&mut touched, &before.place).left_for_another = true;
                    }
                    self.touch(&mut touched, &seated.place).came.push(seated.peer);
                    self.peers.insert(seated);
                }
                Change::Left(key) => {
                    if let Some(seated) = self.peers.get(key) {
                        self.touch(&mut touched, &seated.place);
                        self.peers.remove(key);
                    }
                }
            }
        }
        (touched, reweighted)
    }

    /// Builds the whole ring with points by weight: the heaviest places have all replicas, and the
    /// others a part of theirs, at least one. So weights that are alike make the ring that it is
    /// without, and a place that becomes lighter loses points and gets no others.
    fn build_by_weight(&mut self) {
        let heaviest = u64::from(self.peers.heaviest());
        let (mut places, mut counts) = (vec![], vec![]);
        for (name, peers) in self.peers.by_place() {
            let weights = peers.iter().filter_map(|peer| self.peers.get(peer.key));
            let weight = weights.map(|seated| u64::from(seated.weight)).max().unwrap_or(1);
            let rounded = (2 * u64::from(self.replicas.count) * weight + heaviest) / (2 * heaviest);
            counts.push(rounded.max(1) as u32);
            let peers = self.peers.of_place(peers.into_iter(), &name);
            places.push((name, Seats::of(&peers)));
        }
        let main = Layer::of_each(places, &counts, &self.replicas);
        self.layers = Layers { main, overlay: None };
        self.empty = 0;
        self.weighted = self.peers.weights_differ();
    }

    /// To be called before a change of who sits in the place: whether it was empty is found out when
    /// it is first touched.
    fn touch<'t>(
        &self,
        touched: &'t mut BTreeMap<Arc<str>, Touched>,
        name: &Arc<str>,
    ) -> &'t mut Touched {
        touched.entry(Arc::clone(name)).or_insert_with(|| {
            let spot = self.layers.find(name.as_bytes());
            let was_empty = spot.is_some_and(|spot| {
                let seats = self.layers.seats(spot).peers();
                !seats.iter().any(|&peer| self.peers.sits(peer, name))
            });
            Touched { spot, was_empty, left_for_another: false, came: vec![] }
        })
    }

    /// Brings a place that exists up to date, where it must be.
    fn reseat(&mut self, spot: Spot, name: &Arc<str>, touched: &Touched, effect: &mut Effect) {
        let before = self.layers.seats(spot).peers();
        let stayed = before.iter().filter(|&&peer| self.peers.sits(peer, name)).count();
        let candidates = before.iter().chain(&touched.came).copied();
        let now = self.peers.of_place(candidates, name);
        // An empty place is counted, and keeps its points: its name may come back.
        self.empty += usize::from(now.is_empty());
        self.empty -= usize::from(touched.was_empty);

        let arrived = now.len() > stayed;
        // The seat of a peer that has left does no harm, but a lookup reads it: too many are
        // cleared away. That of a peer that went to another place must go, its key is still valid.
        let gone = before.len() - stayed;
        let many_gone = before.len() > 1 && gone * EMPTY >= before.len();
        let same = stayed == before.len() && !arrived;
        if !same && (arrived || touched.left_for_another || many_gone) {
            effect.changed = true;
            effect.arrived |= arrived;
            self.layers.set_seats(spot, Seats::of(&now));
        }
    }

    /// Puts new places on the ring, which come in the order of their names, and clears empty ones
    /// away when there are too many. Returns whether anything was built.
    fn build(&mut self, new: Vec<(Arc<str>, Seats)>) -> bool {
        let places = self.layers.len() + new.len();
        let many_empty = self.empty > 0 && self.empty * EMPTY >= places;
        if new.is_empty() && !many_empty {
            return false;
        }
        let keep = |name: &Arc<str>, seats: &Seats| self.peers.still_in(seats, name);
        let new = Layer::of(new, &self.replicas);
        let room = room(self.layers.main.points.len(), new.points.len());
        // What is to be over the main table: all that is not in it. Empty places of the overlay go
        // in passing.
        let overlay = match &self.layers.overlay {
            Some(overlay) => overlay.merge(&new, keep),
            None => new,
        };
        if many_empty || overlay.points.len() > room {
            let main = &self.layers.main;
            // The first places there are: they are all in it, and none is empty.
            let main = if main.len() == 0 { overlay } else { main.merge(&overlay, keep) };
            self.layers = Layers { main, overlay: None };
            self.empty = 0;
        } else {
            self.empty -= places - self.layers.main.len() - overlay.len();
            self.layers.overlay = Some(overlay);
        }
        true
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    /// How many points are copied if `batches` batches of `joining` points join a ring of `points` points, one
    /// after the other.
    fn work(points: usize, joining: usize, batches: usize, room: impl Fn(usize) -> usize) -> usize {
        let (mut main, mut overlay, mut work) = (points, 0, 0);
        for _ in 0..batches {
            overlay += joining;
            if overlay > room(main) {
                (main, overlay) = (main + overlay, 0);
                work += main;
            } else {
                work += overlay;
            }
        }
        work
    }

    #[test]
    fn the_overlay_has_the_room_that_makes_the_least_work() {
        for (points, joining) in [(10_000_000, 100), (1_000_000, 100), (10_000_000, 1_000)] {
            let best = work(points, joining, 10_000, |main| room(main, joining));
            for other in [room(points, joining) / 4, room(points, joining) * 4] {
                let other = work(points, joining, 10_000, |_| other);
                assert!(best * 3 / 2 < other, "{points} {joining}: {best} against {other}");
            }
        }
        assert_eq!(room(100, 1 << 40), 100 / OVERLAY, "lookups stay quick");
        assert_eq!(room(usize::MAX, usize::MAX), (usize::MAX.isqrt()).min(usize::MAX / OVERLAY));
    }
}
