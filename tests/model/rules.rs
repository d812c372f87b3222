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
            "round-robin" => {
                let turn = self.rotation.allowed();
                available.into_iter().filter(|seat| turn.contains(&seat.number)).collect()
            }
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

/// Among equals those never chosen come first, in the order in which they were retained; then
/// whoever was chosen the longest ago.
fn least_loaded<'s>(available: &[&'s Seat]) -> Vec<&'s Seat> {
    let rank = |seat: &&&Seat| (seat.pending, seat.last_choice, seat.number);
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

/// Whose turn it is: peers in the order in which they became available.
#[derive(Default)]
pub(crate) struct Rotation {
    order: Vec<u64>,
    /// How many of them have had their turn in this pass.
    served: usize,
    /// The pass may be over: whoever joins now is the last of it, or of the next one.
    between: bool,
}

impl Rotation {
    pub(crate) fn entered(&mut self, number: u64) {
        self.order.push(number);
    }

    pub(crate) fn left(&mut self, number: u64) {
        let Some(position) = self.order.iter().position(|&known| known == number) else { return };
        self.order.remove(position);
        self.served -= usize::from(position < self.served);
        self.between |= self.served == self.order.len();
    }

    pub(crate) fn allowed(&self) -> Vec<u64> {
        let next = self.order.get(self.served);
        let first = self.order.first().filter(|_| self.between);
        next.into_iter().chain(first).copied().collect()
    }

    pub(crate) fn chosen(&mut self, number: u64) {
        let position = self.order.iter().position(|&known| known == number).unwrap();
        self.served = position + 1;
        self.between = self.served == self.order.len();
    }
}
