//! The queue of a gate: who waits for what, in order.
//!
//! One ordered map holds all parties, by lane, then by what they need within the lane, then by
//! arrival. Each kind of news is a range of it, so what a piece of news costs is what it wakes, and
//! not how many wait for something else.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use super::order::Turn;

/// What a waiter waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wants {
    /// Not known yet: any news may be the one.
    Anything,
    /// That so many peers are available.
    Peers(usize),
    /// That the peer of this name is available; the name's [hash](name_hash).
    Name(u64),
    /// A place on a peer.
    Place,
    /// To be asked again by its policy, or that the list starts.
    Word,
}

/// Where a party stands: lane, need within the lane, arrival.
type Position = (u8, u64, u64);

impl Wants {
    const ANYTHING: u8 = 0;
    const PEERS: u8 = 1;
    const NAME: u8 = 2;
    const PLACE: u8 = 3;
    const WORD: u8 = 4;

    fn lane(self) -> (u8, u64) {
        match self {
            Self::Anything => (Self::ANYTHING, 0),
            Self::Peers(needed) => (Self::PEERS, needed as u64),
            Self::Name(hash) => (Self::NAME, hash),
            Self::Place => (Self::PLACE, 0),
            Self::Word => (Self::WORD, 0),
        }
    }
}

/// The hash by which waiters for a name are found. Two names with one hash wake each other's
/// waiters, which then look and wait on.
pub(crate) fn name_hash(name: &[u8]) -> u64 {
    use std::hash::Hasher;
    let mut hasher = std::hash::DefaultHasher::new();
    hasher.write(name);
    hasher.finish()
}

/// The parties in the queue.
#[derive(Debug)]
pub(super) struct Lanes<P> {
    parties: BTreeMap<Position, P>,
    /// The lane and the need of each, by arrival.
    lanes: HashMap<u64, (u8, u64)>,
    next: u64,
    /// Since when there was always one that waits for a place.
    busy_since: Duration,
    /// The latest arrival of those that have waited for a place since then.
    busy_until: Option<u64>,
}

impl<P> Default for Lanes<P> {
    fn default() -> Self {
        Self {
            parties: BTreeMap::new(),
            lanes: HashMap::new(),
            next: 0,
            busy_since: Duration::ZERO,
            busy_until: None,
        }
    }
}

impl<P> Lanes<P> {
    pub(super) fn len(&self) -> usize {
        self.parties.len()
    }

    /// A number for the next party; smaller is earlier.
    pub(super) fn arrive(&mut self) -> u64 {
        self.next += 1;
        self.next - 1
    }

    pub(super) fn insert(&mut self, arrival: u64, wants: Wants, party: P) {
        let (lane, need) = wants.lane();
        self.lanes.insert(arrival, (lane, need));
        self.parties.insert((lane, need, arrival), party);
    }

    pub(super) fn get_mut(&mut self, arrival: u64) -> Option<&mut P> {
        let (lane, need) = *self.lanes.get(&arrival)?;
        self.parties.get_mut(&(lane, need, arrival))
    }

    pub(super) fn remove(&mut self, arrival: u64) -> Option<P> {
        let (lane, need) = self.lanes.remove(&arrival)?;
        self.parties.remove(&(lane, need, arrival))
    }

    /// Moves a party to another lane, if it is still in the queue.
    pub(super) fn narrow(&mut self, arrival: u64, wants: Wants, now: Duration) {
        if let Some(party) = self.remove(arrival) {
            if wants == Wants::Place {
                self.one_more_for_a_place(arrival, now);
            }
            self.insert(arrival, wants, party);
        }
    }

    fn one_more_for_a_place(&mut self, arrival: u64, now: Duration) {
        // One that was here before, and looks in vain, has waited all the time.
        let is_back = self.busy_until.is_some_and(|latest| arrival <= latest);
        if !is_back && self.first_for_a_place(Turn::Oldest).is_none() {
            self.busy_since = now;
        }
        self.busy_until = self.busy_until.max(Some(arrival));
    }

    /// Since when there was always one that waits for a place, if there is one.
    pub(super) fn busy_since(&self) -> Duration {
        self.busy_since
    }

    pub(super) fn take_all(&mut self) -> Vec<P> {
        self.lanes.clear();
        std::mem::take(&mut self.parties).into_values().collect()
    }

    /// Those whose wants are not known yet.
    pub(super) fn take_undecided(&mut self, out: &mut Vec<P>) {
        self.take_range((Wants::ANYTHING, 0), (Wants::ANYTHING, u64::MAX), out);
    }

    /// Those for whom so many available peers are enough.
    pub(super) fn take_for_peers(&mut self, available: usize, out: &mut Vec<P>) {
        self.take_range((Wants::PEERS, 0), (Wants::PEERS, available as u64), out);
    }

    pub(super) fn take_for_name(&mut self, hash: u64, out: &mut Vec<P>) {
        self.take_range((Wants::NAME, hash), (Wants::NAME, hash), out);
    }

    pub(super) fn has_names(&self) -> bool {
        let names = (Wants::NAME, 0, 0)..=(Wants::NAME, u64::MAX, u64::MAX);
        self.parties.range(names).next().is_some()
    }

    pub(super) fn take_for_places(&mut self, out: &mut Vec<P>) {
        self.take_range((Wants::PLACE, 0), (Wants::PLACE, u64::MAX), out);
    }

    /// Those that wait for a place and for which `which` holds.
    pub(super) fn take_for_places_if(&mut self, which: impl Fn(&P) -> bool, out: &mut Vec<P>) {
        let places = self.places(0, u64::MAX).filter(|(_, party)| which(party));
        let arrivals: Vec<u64> = places.map(|(arrival, _)| arrival).collect();
        out.extend(arrivals.into_iter().filter_map(|arrival| self.remove(arrival)));
    }

    /// The one that waits for a place whose turn it is.
    pub(super) fn first_for_a_place(&self, turn: Turn) -> Option<&P> {
        self.next_for_a_place(turn, None).map(|(_, party)| party)
    }

    /// Takes the one that waits for a place whose turn it is, of those that come after `after`.
    pub(super) fn take_first_for_a_place(&mut self, turn: Turn, after: Option<u64>) -> Option<P> {
        let (arrival, _) = self.next_for_a_place(turn, after)?;
        self.remove(arrival)
    }

    /// What decides the order.
    fn next_for_a_place(&self, turn: Turn, after: Option<u64>) -> Option<(u64, &P)> {
        match (turn, after) {
            (Turn::Oldest, None) => self.places(0, u64::MAX).next(),
            (Turn::Oldest, Some(after)) => self.places(after + 1, u64::MAX).next(),
            (Turn::Newest, None) => self.places(0, u64::MAX).next_back(),
            (Turn::Newest, Some(0)) => None,
            (Turn::Newest, Some(after)) => self.places(0, after - 1).next_back(),
        }
    }

    /// Those that wait for a place, of arrivals in this range.
    fn places(&self, from: u64, to: u64) -> impl DoubleEndedIterator<Item = (u64, &P)> {
        let range = (Wants::PLACE, 0, from)..=(Wants::PLACE, 0, to);
        self.parties.range(range).map(|(position, party)| (position.2, party))
    }

    fn take_range(&mut self, from: (u8, u64), to: (u8, u64), out: &mut Vec<P>) {
        let range = (from.0, from.1, 0)..=(to.0, to.1, u64::MAX);
        let ends = [self.parties.first_key_value(), self.parties.last_key_value()];
        if ends.iter().flatten().all(|(position, _)| range.contains(position)) {
            // Mostly all wait for the same: then nothing is looked up.
            out.append(&mut self.take_all());
            return;
        }
        while let Some((&(.., arrival), _)) = self.parties.range(range.clone()).next() {
            let Some(party) = self.remove(arrival) else {
                debug_assert!(false, "each party has its lane written down");
                break;
            };
            out.push(party);
        }
    }
}
