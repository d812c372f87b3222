//! One table of the ring: places in the order of their names, their points, and their peers.
//!
//! Points and names never change once they are made. Who sits in a place is kept apart from them, so
//! that a peer which comes to a place that exists already costs a copy of the seats, 24 bytes a
//! place, and no point is moved or hashed.

use std::sync::Arc;

use super::named::Named;
use super::points::{GONE, Points, Replicas};
use crate::policy::engine::keyed::Seats;

/// Some places of the ring. Copies share their parts.
#[derive(Debug, Clone, Default)]
pub(super) struct Layer {
    pub(super) points: Arc<Points>,
    /// In order: the number of a place is its position.
    pub(super) names: Arc<[Arc<str>]>,
    named: Named,
    /// By the number of the place.
    pub(super) seats: Arc<[Seats]>,
}

impl Layer {
    /// Hashes new places, which come in the order of their names.
    pub(super) fn of(places: Vec<(Arc<str>, Seats)>, replicas: &Replicas) -> Self {
        let (names, seats): (Vec<_>, Vec<_>) = places.into_iter().unzip();
        Self::made(Points::of(&names, replicas), names, seats)
    }

    /// The same with a number of points for each.
    pub(super) fn of_each(
        places: Vec<(Arc<str>, Seats)>,
        counts: &[u32],
        replicas: &Replicas,
    ) -> Self {
        let (names, seats): (Vec<_>, Vec<_>) = places.into_iter().unzip();
        Self::made(Points::of_each(&names, counts, &replicas.delimiter), names, seats)
    }

    fn made(points: Points, names: Vec<Arc<str>>, seats: Vec<Seats>) -> Self {
        let named = Named::of(&names);
        Self { points: Arc::new(points), names: names.into(), named, seats: seats.into() }
    }

    /// How many places it has.
    pub(super) fn len(&self) -> usize {
        self.names.len()
    }

    /// The number of the place called `name`.
    pub(super) fn find(&self, name: &[u8]) -> Option<usize> {
        self.named.find(&self.names, name)
    }

    /// The places of both, which have no name in common. `keep` says who sits in a place now; `None`
    /// leaves it out.
    pub(super) fn merge(
        &self,
        other: &Self,
        keep: impl Fn(&Arc<str>, &Seats) -> Option<Seats>,
    ) -> Self {
        let mut numbers = [vec![GONE; self.len()], vec![GONE; other.len()]];
        let room = self.len() + other.len();
        let (mut names, mut seats) = (Vec::with_capacity(room), Vec::with_capacity(room));
        // Both sides are in the order of their names: the lesser of the two next ones is the next
        // of the result, and its number there is how many came before.
        let mut next = [0, 0];
        while next != [self.len(), other.len()] {
            let side = usize::from(match (self.names.get(next[0]), other.names.get(next[1])) {
                (Some(mine), Some(theirs)) => theirs < mine,
                (mine, _) => mine.is_none(),
            });
            let (layer, number) = ([self, other][side], next[side]);
            next[side] += 1;
            let name = &layer.names[number];
            if let Some(kept) = keep(name, &layer.seats[number]) {
                numbers[side][number] = names.len() as u32;
                names.push(Arc::clone(name));
                seats.push(kept);
            }
        }
        let points = self.points.merge(&numbers[0], &other.points, &numbers[1]);
        Self::made(points, names, seats)
    }
}
