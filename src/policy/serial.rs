//! Policies that want `&mut self`.
//!
//! The roster's changes are written down under the roster's mutex, by library code, and told to the
//! policy before its next choice, so the policy sees every change before it can matter, and without
//! a lock of the list held. Only the adapter's own mutex makes the calls one at a time. What is
//! written down is what is true of each peer, not how it came about: a peer that has come and gone
//! since is not worth telling. So however fast a transport reports, there is at most one change a
//! peer to tell, and a choice is never kept waiting by more.
//! A policy that calls back into its list from inside a call is not deadlocked: the nested choice
//! finds nothing, and the nested change is told later.

use std::collections::VecDeque;
use std::fmt;
use std::ptr::NonNull;
use std::sync::Arc;
use std::thread::{self, ThreadId};

use super::index::{Home, Index, Names};
use super::{Entry, Key, Policy, Roster};
use crate::guard;
use crate::list::slot::Slot;
use crate::pick::{Outcome, Pinned};
use crate::request::Request;
use crate::sync::{Mutex, MutexGuard};

/// A policy with plain data structures and no thought of threads; wrap it in [`Serial`].
///
/// Its methods are called one at a time, on the threads of those who choose, finish and report
/// status changes. It should only compute: whoever chooses next waits for it.
pub trait SerialPolicy: Send + fmt::Debug + 'static {
    /// The policy's name, as in status pages and errors.
    fn name(&self) -> &'static str;

    /// A peer has become available; it may have requests in flight from before.
    fn added(&mut self, peer: Key, id: &str, pending: u32);

    /// A peer that was added is not available any more. It may be added again.
    fn removed(&mut self, peer: Key);

    /// Picks one of the peers that were added and not removed. The request is counted when this
    /// returns.
    fn choose(&mut self, request: &Request<'_>) -> Option<Key>;

    /// A request on `peer`, which may have been removed since it was chosen, has ended.
    fn finished(&mut self, peer: Key, outcome: Outcome) {
        let _ = (peer, outcome);
    }
}

/// Makes a [`Policy`] of a [`SerialPolicy`].
#[derive(Debug)]
pub struct Serial<P: SerialPolicy> {
    name: &'static str,
    policy: Mutex<P>,
    /// The thread inside the policy.
    inside: Mutex<Option<ThreadId>>,
    changes: Changes,
}

/// What the policy has not been told yet.
#[derive(Debug, Default)]
struct Changes {
    home: Home,
    log: Mutex<Log>,
}

#[derive(Debug, Default)]
struct Log {
    /// By [`Key::index`].
    places: Vec<Place>,
    /// Places at which the policy may know something else than what is true.
    stale: VecDeque<usize>,
    /// Ends from inside the policy: it could not be told at once.
    ends: VecDeque<(Key, Outcome)>,
}

/// One slot: who has it, and what the policy has been told of it.
#[derive(Debug, Default)]
struct Place {
    known: Option<Known>,
    /// The available peer, and its requests when it became so.
    now: Option<(Key, u32)>,
    told: Option<Key>,
    is_stale: bool,
}

#[derive(Debug, Clone)]
struct Known {
    slot: NonNull<Slot>,
    id: Arc<str>,
}

// SAFETY: the pointer is to a slot, which is `Sync`; who follows it says why it is alive.
unsafe impl Send for Known {}

#[derive(Debug)]
enum Event {
    Added(Key, Arc<str>, u32),
    Removed(Key),
    Finished(Key, Outcome),
}

impl Log {
    fn place(&mut self, index: usize) -> &mut Place {
        if self.places.len() <= index {
            self.places.resize_with(index + 1, Place::default);
        }
        &mut self.places[index]
    }

    fn set(&mut self, key: Key, now: Option<(Key, u32)>) {
        let place = self.place(key.index());
        place.now = now;
        if !std::mem::replace(&mut place.is_stale, true) {
            self.stale.push_back(key.index());
        }
    }

    fn len(&self) -> usize {
        self.stale.len() + self.ends.len()
    }

    /// What to tell next: the peer that has left a place before the one that has come to it.
    fn next(&mut self) -> Option<Event> {
        while let Some(index) = self.stale.pop_front() {
            let place = &mut self.places[index];
            place.is_stale = false;
            match (place.told, place.now, &place.known) {
                (Some(told), now, _) if now.is_none_or(|(key, _)| key != told) => {
                    place.told = None;
                    if now.is_some() {
                        place.is_stale = true;
                        self.stale.push_back(index);
                    }
                    return Some(Event::Removed(told));
                }
                (None, Some((key, pending)), Some(known)) => {
                    place.told = Some(key);
                    return Some(Event::Added(key, Arc::clone(&known.id), pending));
                }
                _ => {}
            }
        }
        self.ends.pop_front().map(|(key, outcome)| Event::Finished(key, outcome))
    }
}

/// How often a choice that was overtaken by a change is repeated.
const TRIES: usize = 8;

impl<P: SerialPolicy> Serial<P> {
    /// The adapter.
    #[must_use]
    pub fn new(policy: P) -> Self {
        Self {
            name: policy.name(),
            policy: Mutex::new(policy),
            inside: Mutex::new(None),
            changes: Changes::default(),
        }
    }

    /// Runs `call` with the policy, which has been told what there was to tell. `None`: this thread is inside
    /// the policy already.
    fn enter<R>(&self, call: impl FnOnce(&mut P) -> R) -> Option<R> {
        let me = thread::current().id();
        if *self.inside.lock() == Some(me) {
            return None;
        }
        Some(self.with(self.policy.lock(), call))
    }

    fn with<R>(&self, mut policy: MutexGuard<'_, P>, call: impl FnOnce(&mut P) -> R) -> R {
        *self.inside.lock() = Some(thread::current().id());
        let _inside = Leave(&self.inside);
        self.tell(&mut policy);
        call(&mut policy)
    }

    /// Tells what is written down now, and no more: whoever reports changes faster than the policy
    /// takes them in must not keep a choice from being made.
    fn tell(&self, policy: &mut P) {
        // A place may have somebody to take leave of and somebody to welcome.
        let changes = 2 * self.changes.log.lock().len();
        for _ in 0..changes {
            if !self.changes.tell_one(policy) {
                return;
            }
        }
    }

    fn entry<'r>(&self, roster: &'r Roster, key: Key) -> Option<Entry<'r>> {
        let log = self.changes.log.lock();
        let known = log.places.get(key.index())?.known.as_ref()?;
        // SAFETY: a slot of the home, which `choose` has compared with `roster`.
        Some(unsafe { roster.entry(known.slot) })
    }
}

impl Changes {
    /// Tells the oldest change. `false`: there is none.
    fn tell_one(&self, policy: &mut impl SerialPolicy) -> bool {
        let event = self.log.lock().next();
        match event {
            None => return false,
            Some(Event::Added(key, id, pending)) => policy.added(key, &id, pending),
            Some(Event::Removed(key)) => policy.removed(key),
            Some(Event::Finished(key, outcome)) => policy.finished(key, outcome),
        }
        true
    }
}

/// Whatever was written down is told in the end, also what the policy itself caused when it was told
/// last.
impl<P: SerialPolicy> Drop for Serial<P> {
    fn drop(&mut self) {
        let mut policy = self.policy.lock();
        while guard::run("a policy", || self.changes.tell_one(&mut *policy)).unwrap_or(true) {}
    }
}

/// Nobody is inside any more, not even after a panic.
struct Leave<'a>(&'a Mutex<Option<ThreadId>>);

impl Drop for Leave<'_> {
    fn drop(&mut self) {
        *self.0.lock() = None;
    }
}

impl<P: SerialPolicy> Policy for Serial<P> {
    fn name(&self) -> &str {
        self.name
    }

    fn choose<'r>(&self, roster: &'r Roster, request: &Request<'_>) -> Option<Pinned<'r>> {
        if !self.changes.home.is(roster) {
            return None;
        }
        self.enter(|policy| {
            for _ in 0..TRIES {
                let key = policy.choose(request)?;
                let pinned = self.entry(roster, key).and_then(|entry| entry.pin_as(key));
                if pinned.is_some() {
                    return pinned;
                }
                // It was not counted after all.
                policy.finished(key, Outcome::NotSent);
                self.tell(policy);
            }
            None
        })?
    }

    fn choose_other<'r>(
        &self,
        roster: &'r Roster,
        request: &Request<'_>,
        except: &[Key],
    ) -> Option<Pinned<'r>> {
        for _ in 0..TRIES {
            let pinned = self.choose(roster, request)?;
            if !except.contains(&pinned.key()) {
                return Some(pinned);
            }
            pinned.discard();
        }
        // Not any other one: the policy knows only of its own choices.
        None
    }

    fn index(&self) -> Option<&dyn Index> {
        Some(self)
    }

    fn watches_finish(&self) -> bool {
        true
    }

    fn finished(&self, peer: Entry<'_>, outcome: Outcome) {
        let key = peer.key();
        if self.enter(|policy| policy.finished(key, outcome)).is_none() {
            self.changes.log.lock().ends.push_back((key, outcome));
        }
    }
}

impl<P: SerialPolicy> Index for Serial<P> {
    fn attach(&self, roster: &Roster) -> bool {
        self.changes.home.settle_at(roster)
    }

    fn joined(&self, peer: Entry<'_>, names: Names<'_>) {
        let slot = NonNull::from(peer.slot());
        let known = Known { slot, id: Arc::clone(names.id) };
        self.changes.log.lock().place(peer.key().index()).known = Some(known);
    }

    fn entered(&self, peer: Entry<'_>) {
        let (key, pending) = (peer.key(), peer.pending());
        self.changes.log.lock().set(key, Some((key, pending)));
    }

    fn withdrew(&self, peer: Entry<'_>) {
        self.changes.log.lock().set(peer.key(), None);
    }

    fn settle(&self) {
        self.changed();
    }

    fn changed(&self) {
        // So that the log does not grow while nobody chooses. If somebody is inside the policy
        // there will be a next choice, or a next finish.
        if let Some(policy) = self.policy.try_lock() {
            self.with(policy, |_| ());
        }
    }
}
