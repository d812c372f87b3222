//! Thousands of random changes, and after each batch the same answers, peer by peer.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use super::super::layers::Start;
use super::naive::Twin;
use crate::rng::Rng;
use crate::slot::Key;

/// What is drawn from.
struct Plan {
    replicas: u32,
    delimiter: &'static str,
    /// Names are numbers below this, after the prefix.
    names: usize,
    prefix: &'static str,
    batches: usize,
    /// The largest batch.
    largest: usize,
}

/// What a run has gone through, so that a plan that tests nothing is noticed.
#[derive(Debug, Default)]
struct Seen {
    with_overlay: usize,
    without_building: usize,
    new_main: usize,
    /// Points with the same hash in both layers.
    collisions: usize,
    shared: usize,
    empty: usize,
}

struct Run<'p> {
    plan: &'p Plan,
    rng: Rng,
    twin: Twin,
    seen: Seen,
}

impl Run<'_> {
    fn name(&self) -> String {
        format!("{}{}", self.plan.prefix, self.rng.below(self.plan.names))
    }

    /// A place: mostly one's own, at times one of a few that are shared.
    fn shard(&self, id: &str) -> String {
        if self.rng.below(4) == 0 { format!("{}", self.rng.below(9)) } else { id.into() }
    }

    fn member(&self) -> Option<String> {
        let members = &self.twin.members;
        let count = members.len();
        (count > 0).then(|| members.keys().nth(self.rng.below(count)).expect("one").to_string())
    }

    /// One change; `grow` is the chance in ten that it is a new member.
    fn change(&mut self, grow: usize) {
        let fresh = self.name();
        if self.rng.below(10) < grow && !self.twin.members.contains_key(&*fresh) {
            let shard = self.shard(&fresh);
            self.twin.add(&fresh, &shard);
            if self.rng.below(20) == 0 {
                self.twin.remove(&fresh);
            }
            return;
        }
        let Some(id) = self.member() else { return };
        let shard = self.twin.members[&*id].shard.clone();
        match self.rng.below(8) {
            0..=2 => drop(self.twin.remove(&id)),
            // The same name again: another peer.
            3 => {
                self.twin.remove(&id);
                self.twin.add(&id, &shard);
            }
            4 => {
                let shard = self.shard(&id);
                self.twin.move_to(&id, &shard);
            }
            5 => {
                let elsewhere = self.shard(&id);
                self.twin.move_to(&id, &elsewhere);
                self.twin.move_to(&id, &shard);
            }
            _ => self.twin.flap(&id),
        }
    }

    fn batch(&mut self, grow: usize) {
        let seats: HashSet<_> = self.twin.seats().into_iter().collect();
        let version = self.twin.bed.version();
        let main = self.twin.bed.ring.layers(|layers| Arc::as_ptr(&layers.main.points));
        for _ in 0..=self.rng.below(self.plan.largest) {
            self.change(grow);
        }
        let arrived = self.twin.bed.end_batch();
        let mut now = self.twin.seats().into_iter();
        assert_eq!(arrived, now.any(|seat| !seats.contains(&seat)), "who came");

        self.seen.without_building += usize::from(self.twin.bed.version() == version);
        self.seen.new_main += usize::from(
            self.twin.bed.ring.layers(|layers| Arc::as_ptr(&layers.main.points) != main),
        );
        self.look_inside();
        self.compare();
    }

    /// What is true of the layers after every batch.
    fn look_inside(&mut self) {
        let books = self.twin.bed.ring.books.lock();
        let layers = &books.layers;
        let overlay = layers.overlay.iter();
        let names = layers.main.names.iter().chain(overlay.clone().flat_map(|o| o.names.iter()));
        let seats = layers.main.seats.iter().chain(overlay.clone().flat_map(|o| o.seats.iter()));
        let places: Vec<_> = names.zip(seats).collect();
        let members: HashSet<_> = self.twin.seats().into_iter().collect();
        let mut seated: Vec<(Key, Arc<str>)> = vec![];
        let mut empty = 0;
        for (name, seats) in &places {
            let before = seated.len();
            let peers = seats.peers().iter().map(|peer| (peer.key, Arc::clone(name)));
            seated.extend(peers.filter(|seat| members.contains(seat)));
            self.seen.shared += usize::from(seated.len() > before + 1);
            empty += usize::from(seated.len() == before);
        }
        assert_eq!(seated.len(), members.len(), "each peer sits in its place, once");
        assert!(members.is_subset(&seated.into_iter().collect()), "each peer sits in its place");
        let names: BTreeSet<_> = places.iter().map(|place| place.0).collect();
        assert_eq!(names.len(), places.len(), "a name has one place");
        assert_eq!(books.empty, empty);
        assert!(empty == 0 || empty * 8 < places.len(), "{empty} of {} are empty", places.len());
        self.seen.empty += usize::from(empty > 0);
        for overlay in overlay {
            self.seen.with_overlay += 1;
            assert!(overlay.points.len() * 16 <= layers.main.points.len());
            let hashes = (0..overlay.points.len()).filter_map(|n| overlay.points.get(n));
            self.seen.collisions += hashes
                .filter(|point| {
                    let first = layers.main.points.first_from(point.hash());
                    layers.main.points.get(first).is_some_and(|main| main.hash() == point.hash())
                })
                .count();
        }
    }

    /// Keys on points and between them, with offsets, with peers to avoid.
    fn compare(&mut self) {
        let naive = self.twin.ring();
        let points = &naive.points;
        let on_points = (0..points.len().min(4)).map(|_| points[self.rng.below(points.len())].0);
        let hashes: Vec<u32> = on_points.chain((0..4).map(|_| self.rng.next() as u32)).collect();
        for hash in hashes {
            let start = points.partition_point(|point| point.0 < hash);
            for offset in 0..=5 {
                let mut except = vec![];
                for _ in 0..3 {
                    let expected = naive.walk(start, offset, &except);
                    let found = self.twin.bed.find(Start::Hash(hash), offset, &except);
                    assert_eq!(found, expected, "{hash:08x} + {offset} except {except:?}");
                    except.extend(found);
                }
            }
        }
        let name = self.shard(&self.name());
        let expected = naive.places.get(&*name).and_then(|peers| peers.first().copied());
        assert_eq!(self.twin.bed.named(name.as_bytes()), expected);
    }
}

fn play(plan: &Plan, seed: u64) -> Seen {
    let twin = Twin::new(plan.replicas, plan.delimiter);
    let mut run = Run { plan, rng: Rng::seeded(seed), twin, seen: Seen::default() };
    for batch in 0..plan.batches {
        // It grows, stays about the same, and shrinks.
        run.batch([9, 5, 2][batch * 3 / plan.batches]);
    }
    run.seen
}

/// Batches from one change to many more than an overlay takes.
#[test]
#[cfg_attr(miri, ignore = "many lookups, of which others are enough")]
fn it_agrees_with_a_naive_ring() {
    for (seed, largest) in [(1, 1), (2, 3), (3, 12), (4, 150)] {
        let batches = if largest == 150 { 30 } else { 1000 / largest };
        let plan =
            Plan { replicas: 5, delimiter: "#", names: 400, prefix: "name-", batches, largest };
        let seen = play(&plan, seed);
        assert!(seen.new_main > 5 && seen.shared > 0, "{seen:?}");
        if largest < 100 {
            assert!(seen.with_overlay > 20 && seen.empty > 20, "{seen:?}");
            assert!(largest > 1 || seen.without_building > 100, "{seen:?}");
        }
    }
}

/// Names that are numbers, without a delimiter: "1" + "23" is "12" + "3". Points have up to three
/// owners, in both layers.
#[test]
#[cfg_attr(miri, ignore = "many lookups, of which others are enough")]
fn it_agrees_with_a_naive_ring_where_points_collide() {
    let plan =
        Plan { replicas: 130, delimiter: "", names: 60, prefix: "", batches: 250, largest: 2 };
    let seen = play(&plan, 5);
    assert!(seen.collisions > 500 && seen.with_overlay > 50 && seen.new_main > 10, "{seen:?}");
}

/// Few places: every change is more than a sixteenth, and there is never an overlay.
#[test]
fn it_agrees_with_a_naive_ring_while_it_is_small() {
    let batches = if cfg!(miri) { 20 } else { 600 };
    let plan = Plan { replicas: 3, delimiter: "#", names: 5, prefix: "", batches, largest: 2 };
    let seen = play(&plan, 6);
    assert!(seen.with_overlay == 0 && seen.new_main > batches / 20, "{seen:?}");
}

/// The n-th point is the n-th point of one table, also where the layers collide.
#[test]
#[cfg_attr(miri, ignore = "many lookups, of which others are enough")]
fn a_start_anywhere_is_that_of_one_table() {
    let mut twin = Twin::new(130, "");
    let mut with_overlay = 0;
    for n in 0..40 {
        let name = (n * 7 % 40).to_string();
        twin.add(&name, &name);
        twin.bed.end_batch();
        if twin.bed.lens().1 == 0 {
            continue;
        }
        with_overlay += 1;
        let naive = twin.ring();
        let points = &naive.points;
        // Points that are not alone, and those around them.
        let shared = (1..points.len()).filter(|&n| points[n - 1].0 == points[n].0);
        let starts = shared.flat_map(|n| n - 1..=n + 1).filter(|&n| n < points.len());
        for start in starts.step_by(5).chain([0, points.len() - 1]) {
            let bits = ((start as u64) << 32).div_ceil(points.len() as u64) as u32;
            for offset in [0, 1] {
                let expected = naive.walk(start, offset, &[]);
                assert_eq!(twin.bed.find(Start::Anywhere(bits), offset, &[]), expected);
            }
        }
    }
    assert!(with_overlay > 10, "{with_overlay}");
}
