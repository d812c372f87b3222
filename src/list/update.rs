//! How a list changes its members.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::membership::{Alike, Entry};
use super::peer_list::PeerList;
use crate::error::{PeerFailure, PeerFailureKind, UpdateError};
use crate::events::Event;
use crate::feeding::{List, ListUpdates};
use crate::peer::Identifier;
use crate::policy::Policy;

impl<P: Policy> PeerList<P> {
    /// Applies additions and removals whose identifiers were read, and returns what failed.
    fn apply(&self, mut additions: Vec<Entry>, removals: &[Arc<str>]) -> Vec<PeerFailure> {
        let shared = &self.core.shared;
        let (retains, at_once) = {
            let mut membership = shared.membership.lock();
            // Those that leave come first, and make room too.
            membership.reserve(additions.len().saturating_sub(removals.len()));
            (membership.phase().retains(), membership.retains_at_once())
        };
        // A name that is removed and added stays, with other attributes: one removal and one
        // addition of it are done. A second of either fails, as it would one after the other.
        let changed = self.change(&additions, removals);
        if !changed.is_empty() {
            let mut first = changed.clone();
            let (done, others): (Vec<_>, Vec<_>) =
                additions.into_iter().partition(|entry| first.remove(&entry.id));
            additions = others;
            self.drop_entries(done);
        }
        let mut first = changed.clone();
        let removed = removals.iter().filter_map(|id| {
            if first.remove(id) {
                None
            } else if changed.contains(id) {
                Some(PeerFailure { peer: Arc::clone(id), kind: PeerFailureKind::NotInList })
            } else {
                shared.remove(id).err()
            }
        });
        let mut failures: Vec<_> = removed.collect();
        if at_once && additions.len() > 1 {
            shared.roster.reserve(additions.len(), shared.index());
        }
        // A start puts them in order together with all others.
        if self.shuffle && retains {
            self.rng.shuffle(&mut additions);
        }
        let owner = self.owner();
        failures.extend(additions.into_iter().filter_map(|entry| shared.add(&owner, entry).err()));
        failures.extend(shared.settle_subset(&owner));
        shared.after_batch();
        failures
    }

    /// Reads members that are to be added.
    fn read(
        &self,
        identifiers: Vec<Arc<dyn Identifier>>,
        failures: &mut Vec<PeerFailure>,
    ) -> Vec<Entry> {
        let mut alike = Alike::to(&self.core.shared.plain);
        read(identifiers, |identifier| self.read_entry(identifier, &mut alike), failures)
    }

    fn read_entry(
        &self,
        identifier: Arc<dyn Identifier>,
        alike: &mut Alike,
    ) -> Result<Entry, PeerFailure> {
        Entry::read(identifier, alike).map_err(|(failure, identifier)| {
            self.core.shared.drop_guarded("an identifier's drop", identifier);
            failure
        })
    }

    /// Reads the name of one that is to be removed, and drops it.
    fn read_removal(&self, identifier: Arc<dyn Identifier>) -> Result<Arc<str>, PeerFailure> {
        let name = Entry::read_name(&*identifier);
        self.core.shared.drop_guarded("an identifier's drop", identifier);
        name
    }

    /// Adds one peer, if the list retains its peers now. If not, nothing is kept of it, and that is no
    /// error.
    pub(crate) fn add_if_retaining(&self, peer: Arc<dyn Identifier>) -> Result<(), UpdateError> {
        let shared = &self.core.shared;
        let added = self.read_entry(peer, &mut Alike::to(&shared.plain)).and_then(|entry| {
            let step = {
                let mut membership = shared.membership.lock();
                if !membership.phase().retains() {
                    return Ok(false);
                }
                membership.add(entry)
            };
            shared.keep_promise(&self.owner(), step).map(|()| true)
        });
        if let Ok(false) = added {
            return Ok(());
        }
        shared.after_batch();
        self.report((1, 0), added.err().into_iter().collect())
    }

    /// Removes the peer whose name `which` returns, if it returns one. It is asked under the
    /// membership's mutex, so no other thread adds the name before it is removed; code of the
    /// user's has no place in it. Returns whether there was one; the observer hears of a release
    /// that failed.
    pub(crate) fn remove_which(&self, which: impl FnOnce() -> Option<Arc<str>>) -> bool {
        let shared = &self.core.shared;
        let (id, step) = {
            let mut membership = shared.membership.lock();
            let Some(id) = which() else { return false };
            let step = membership.remove(&id);
            (id, step)
        };
        let removed = shared.take_leave(&id, step);
        shared.after_batch();
        // The error is in what is reported.
        let _ = self.report((0, 1), removed.err().into_iter().collect());
        true
    }

    /// Changes the attributes of members that are both removed and added. Returns their names: one
    /// removal and one addition of each is done.
    fn change(&self, additions: &[Entry], removals: &[Arc<str>]) -> HashSet<Arc<str>> {
        if additions.is_empty() || removals.is_empty() {
            return HashSet::new();
        }
        let removed: HashSet<_> = removals.iter().collect();
        let mut changed = HashSet::new();
        for entry in additions {
            if removed.contains(&entry.id)
                && !changed.contains(&entry.id)
                && self.core.shared.change(entry)
            {
                changed.insert(Arc::clone(&entry.id));
            }
        }
        changed
    }

    /// The differences between the members and the set that is to be: additions and removals. A
    /// member with other attributes is among both.
    fn differences(&self, set: Vec<Entry>) -> (Vec<Entry>, Vec<Arc<str>>) {
        let (mut additions, mut removals) = (vec![], vec![]);
        // What changes nothing: to be dropped with no lock held, as it may be the last reference to an
        // identifier of the user's.
        let mut known = vec![];
        {
            let membership = self.core.shared.membership.lock();
            let mut members: HashMap<_, _> = membership.all().collect();
            let mut seen = HashSet::new();
            for entry in set {
                if !seen.insert(Arc::clone(&entry.id)) {
                    known.push(entry);
                    continue;
                }
                match members.remove(&entry.id) {
                    Some(attributes) if **attributes == *entry.attributes => known.push(entry),
                    Some(_) => {
                        removals.push(Arc::clone(&entry.id));
                        additions.push(entry);
                    }
                    None => additions.push(entry),
                }
            }
            removals.extend(members.into_keys().map(Arc::clone));
        }
        self.drop_entries(known);
        removals.sort_unstable();
        (additions, removals)
    }

    /// Drops what nothing is to be done with: each identifier's `Drop` may panic.
    fn drop_entries(&self, entries: Vec<Entry>) {
        for entry in entries {
            self.core.shared.drop_guarded("an identifier's drop", entry);
        }
    }

    /// Reports what an update of so many additions and removals came to.
    fn report(
        &self,
        (additions, removals): (usize, usize),
        failures: Vec<PeerFailure>,
    ) -> Result<(), UpdateError> {
        let result = UpdateError::check(failures);
        let error = result.as_ref().err();
        self.core.shared.numbers.updated(error.is_none());
        self.core.shared.observe(|| Event::Updated { additions, removals, error });
        result
    }
}

/// Keeps what could be read, and notes what could not.
fn read<T>(
    identifiers: Vec<Arc<dyn Identifier>>,
    read: impl FnMut(Arc<dyn Identifier>) -> Result<T, PeerFailure>,
    failures: &mut Vec<PeerFailure>,
) -> Vec<T> {
    let read = identifiers.into_iter().map(read);
    read.filter_map(|read| read.map_err(|failure| failures.push(failure)).ok()).collect()
}

impl<P: Policy> List for PeerList<P> {
    fn update(&self, updates: ListUpdates) -> Result<(), UpdateError> {
        let ListUpdates { additions, removals } = updates;
        let counts = (additions.len(), removals.len());
        let mut failures = vec![];
        let removals = read(removals, |identifier| self.read_removal(identifier), &mut failures);
        let additions = self.read(additions, &mut failures);
        failures.extend(self.apply(additions, &removals));
        self.report(counts, failures)
    }

    fn replace(&self, peers: Vec<Arc<dyn Identifier>>) -> Result<(), UpdateError> {
        let mut failures = vec![];
        let set = self.read(peers, &mut failures);
        if !failures.is_empty() {
            // What could not be read may be any of the members: none is removed for it.
            self.drop_entries(set);
            return self.report((0, 0), failures);
        }
        let (additions, removals) = self.differences(set);
        let counts = (additions.len(), removals.len());
        failures.extend(self.apply(additions, &removals));
        // An update at the same time may have done some of it already.
        failures.retain(|failure| {
            !matches!(failure.kind(), PeerFailureKind::AlreadyInList | PeerFailureKind::NotInList)
        });
        self.report(counts, failures)
    }

    fn tell(&self, event: &Event<'_>) {
        self.core.shared.observe(|| *event);
    }
}
