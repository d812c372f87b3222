//! What each policy may choose, from its description and nothing else.

use peerage::State;
use peerage::policy::fingerprint32;

use crate::plain::{Plain, Seat};

impl Plain {
    /// The names of the peers that the policy may choose now; none: nothing can be chosen.
    pub(crate) fn allowed(&self, key: &str) -> Vec<String> {
        if self.state() != State::Running {
            return vec![];
        }
        let available: Vec<&Seat> = self.seats.iter().filter(|seat| seat.is_available()).collect();
        let allowed = match self.policy {
            "round-robin" => self.rotation.next(&available),
            "random" => available,
            "two-random-choices" => not_the_busier_of_two(available),
            "fewest-pending-requests" => least_loaded(&available),
            "hashring32" => owner(&available, key),
            other => panic!("{other}"),
        };
        allowed.into_iter().map(|seat| seat.name.clone()).collect()
    }
}

fn not_the_busier_of_two(available: Vec<&Seat>) -> Vec<&Seat> {
    // The busiest loses every comparison, unless others are as busy.
    let most = available.iter().map(|seat| seat.pending).max();
    let busiest = available.iter().filter(|seat| Some(seat.pending) == most).count();
    let alone = available.len() == 1;
    let wins = |seat: &&Seat| alone || busiest > 1 || Some(seat.pending) != most;
    available.into_iter().filter(wins).collect()
}

/// Among equals the one that was chosen, or became available, the longest ago.
fn least_loaded<'s>(available: &[&'s Seat]) -> Vec<&'s Seat> {
    let rank = |seat: &&&Seat| (seat.pending, seat.stamp);
    available.iter().min_by_key(rank).copied().into_iter().collect()
}

/// The first point at or after the key's own, on a ring of 10 points per available peer.
fn owner<'s>(available: &[&'s Seat], key: &str) -> Vec<&'s Seat> {
    let point = |seat: &Seat, n: u32| fingerprint32(format!("{}#{n}", seat.name).as_bytes());
    let points = available.iter().flat_map(|seat| (0..10).map(|n| (point(seat, n), *seat)));
    let key = fingerprint32(key.as_bytes());
    points
        .min_by_key(|(point, _)| point.wrapping_sub(key))
        .map(|(_, seat)| seat)
        .into_iter()
        .collect()
}

/// Whose turn it is: members in the order in which they were retained.
#[derive(Default)]
pub(crate) struct Rotation {
    order: Vec<u64>,
    /// How many of them have had their turn in this pass, or were passed over.
    served: usize,
}

impl Rotation {
    /// The last of the pass under way, or of the next one if that is over.
    pub(crate) fn joined(&mut self, number: u64) {
        self.begin_if_over();
        self.order.push(number);
    }

    pub(crate) fn left(&mut self, number: u64) {
        let position = self.order.iter().position(|&known| known == number).unwrap();
        self.order.remove(position);
        self.served -= usize::from(position < self.served);
        self.begin_if_over();
    }

    fn begin_if_over(&mut self) {
        if self.served == self.order.len() {
            self.served = 0;
        }
    }

    /// The first that is available of those whose turn is still to come, or of all.
    fn next<'s>(&self, available: &[&'s Seat]) -> Vec<&'s Seat> {
        let (served, waiting) = self.order.split_at(self.served);
        let seat = |number: &u64| available.iter().find(|seat| seat.number == *number).copied();
        waiting.iter().chain(served).find_map(seat).into_iter().collect()
    }

    pub(crate) fn chosen(&mut self, number: u64) {
        self.served = 1 + self.order.iter().position(|&known| known == number).unwrap();
    }
}
