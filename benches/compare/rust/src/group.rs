//! What a side must do to have its members changed.

use std::collections::HashMap;
use std::ops::Range;

use crate::peers::name;
use crate::side::Name;

/// A list whose peers come and go. The nth peer has the nth name.
pub(crate) trait Group {
    /// Adds them, all in one update.
    fn add(&mut self, which: Range<usize>);

    /// Called once, before peers flap and while all are members; its time does not count.
    fn before_flaps(&mut self) {}

    /// Has one go and come back: two changes of its status.
    fn flap(&mut self, nth: usize);

    /// Removes them, all in one update.
    fn remove(&mut self, which: Range<usize>);

    /// How many members can be chosen.
    fn len(&self) -> usize;

    /// The part of its memory that is copies of so many names, each in an allocation of its own.
    fn bytes_of_names(&self, _peers: usize) -> i64 {
        0
    }
}

/// Makes empty ones.
pub(crate) struct Maker {
    pub(crate) name: Name,
    /// How many members there can be.
    pub(crate) most: usize,
    /// How many are removed and added one by one, where all the others are there: fewer than all if
    /// one costs time in proportion to those that are there.
    pub(crate) few: usize,
    /// Is told how many names there are.
    pub(crate) make: Box<dyn Fn(usize) -> Box<dyn Group>>,
}

/// A map of the names: the least that a list could do, without a status or an order.
pub(crate) fn map() -> Maker {
    let make = |most| {
        let names = (0..most).map(name).collect();
        Box::new(Map { names, map: HashMap::new() }) as Box<dyn Group>
    };
    let name = Name { side: "hashmap", policy: "names", counts: false };
    Maker { name, most: usize::MAX, few: usize::MAX, make: Box::new(make) }
}

struct Map {
    names: Vec<String>,
    map: HashMap<String, ()>,
}

impl Group for Map {
    /// With room for all at once, as the maps in C++ and Go have it.
    fn add(&mut self, which: Range<usize>) {
        self.map.reserve(which.len());
        for name in &self.names[which] {
            self.map.insert(name.clone(), ());
        }
    }

    /// It has no status: it is asked twice for the name.
    fn flap(&mut self, nth: usize) {
        for _ in 0..2 {
            assert!(self.map.contains_key(&self.names[nth]));
        }
    }

    fn remove(&mut self, which: Range<usize>) {
        for name in &self.names[which] {
            self.map.remove(name);
        }
    }

    fn len(&self) -> usize {
        self.map.len()
    }

    fn bytes_of_names(&self, peers: usize) -> i64 {
        self.names[..peers].iter().map(|name| name.len() as i64).sum()
    }
}
