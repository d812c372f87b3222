//! Which record has a name: the records in a row, and an index of their numbers.

use std::sync::Arc;

use super::reporter::Subscriptions;
use crate::names::{Hash, Names};

/// A peer, with those that want to hear of it, who know its name.
pub(super) struct Record<P> {
    pub(super) peer: Arc<P>,
    pub(super) subscriptions: Arc<Subscriptions>,
}

/// The records of a registry, by name. The only copy of a name is in its record.
pub(super) struct Records<P> {
    names: Names,
    /// By number. `None`: the number is not in use.
    records: Vec<Option<Record<P>>>,
    /// Numbers that are not in use.
    free: Vec<u32>,
}

impl<P> Records<P> {
    pub(super) fn new() -> Self {
        Self { names: Names::default(), records: vec![], free: vec![] }
    }

    pub(super) fn len(&self) -> usize {
        self.records.len() - self.free.len()
    }

    /// The hash by which a name is found, as long as the registry lives.
    pub(super) fn hash(&self, id: &str) -> Hash {
        self.names.hash(id)
    }

    pub(super) fn get(&self, id: &str, hash: Hash) -> Option<&Record<P>> {
        self.records[self.number(id, hash)? as usize].as_ref()
    }

    fn number(&self, id: &str, hash: Hash) -> Option<u32> {
        let record = |number: u32| self.records[number as usize].as_ref();
        self.names.find(hash, |number| record(number).is_some_and(|it| it.subscriptions.id() == id))
    }

    /// Adds a record, of whose name there is none.
    pub(super) fn insert(&mut self, record: Record<P>, hash: Hash) {
        let number = match self.free.pop() {
            Some(number) => {
                self.records[number as usize] = Some(record);
                number
            }
            None => {
                self.records.push(Some(record));
                (self.records.len() - 1) as u32
            }
        };
        self.names.insert(hash, number);
    }

    /// Removes the record of a name.
    pub(super) fn remove(&mut self, id: &str, hash: Hash) -> Option<Record<P>> {
        let number = self.number(id, hash)?;
        self.names.remove(hash, number);
        self.free.push(number);
        self.records[number as usize].take()
    }

    /// All records, in no order.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Record<P>> {
        self.records.iter().flatten()
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use std::collections::HashMap;

    use super::*;
    use crate::rng::Rng;

    /// Random records that come and go, against a map.
    #[test]
    fn a_record_is_found_by_its_name_until_it_is_removed() {
        let rng = Rng::seeded(1);
        let (mut records, mut plain) = (Records::new(), HashMap::new());
        for made in 0..if cfg!(miri) { 60 } else { 3000_usize } {
            let id = format!("peer {}", rng.below(40));
            let hash = records.hash(&id);
            if let Some(peer) = plain.remove(&id) {
                assert_eq!(*records.remove(&id, hash).unwrap().peer, peer);
            } else {
                let subscriptions = Subscriptions::new(id.as_str().into());
                records.insert(Record { peer: Arc::new(made), subscriptions }, hash);
                plain.insert(id.clone(), made);
            }
            let found = records.get(&id, hash).map(|record| *record.peer);
            assert_eq!(found, plain.get(&id).copied());
            assert_eq!(records.len(), plain.len());
            let of = |record: &Record<usize>| (record.subscriptions.id().to_owned(), *record.peer);
            assert_eq!(records.iter().map(of).collect::<HashMap<_, _>>(), plain);
            assert!(records.records.len() <= 40, "numbers are used again");
        }
    }
}
