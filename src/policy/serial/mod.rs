//! Policies that want `&mut self`.
//!
//! The roster's changes are written down under the roster's mutex, by library code, and told to the
//! policy before its next choice, so the policy sees every change before it can matter, and without
//! a lock of the list held. Only the adapter's own mutex makes the calls one at a time.
//!
//! A policy that calls back into its list from inside a call is not deadlocked: the nested choice
//! finds nothing, and the nested change is told later.

mod changes;

use std::fmt;
use std::thread::{self, ThreadId};

use self::changes::{Changes, Event};
use super::{Entry, Key, Policy, Roster};
use crate::outcome::Outcome;
use crate::panics;
use crate::request::Request;
use crate::roster::index::{Home, Index, Names};
use crate::slot::pick::Pinned;
use crate::sync::{Mutex, MutexGuard};

/// A policy with plain data structures and no thought of threads; wrap it in [`Serial`].
///
/// It is told of every peer that can be chosen, before the next choice; not of one that has come and
/// gone meanwhile. Its methods are called one at a time, on the threads of those who choose, finish and report
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
    home: Home,
    changes: Mutex<Changes>,
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
            home: Home::default(),
            changes: Mutex::new(Changes::default()),
        }
    }

    /// Runs `call` with the policy, which has been told what there was to tell. `None`: this thread
    /// is inside the policy already.
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
        let bound = self.changes.lock().bound();
        for _ in 0..bound {
            if !self.tell_one(policy) {
                return;
            }
        }
    }

    /// Tells the oldest change. `false`: there is none.
    fn tell_one(&self, policy: &mut P) -> bool {
        let event = self.changes.lock().next();
        match event {
            None => return false,
            Some(Event::Added(key, id, pending)) => policy.added(key, &id, pending),
            Some(Event::Removed(key)) => policy.removed(key),
            Some(Event::Finished(key, outcome)) => policy.finished(key, outcome),
        }
        true
    }

    fn entry<'r>(&self, roster: &'r Roster, key: Key) -> Option<Entry<'r>> {
        let slot = self.changes.lock().slot(key)?;
        Some(roster.entry(slot))
    }
}

/// Whatever was written down is told in the end, also what the policy itself caused when it was told
/// last.
impl<P: SerialPolicy> Drop for Serial<P> {
    fn drop(&mut self) {
        let mut policy = self.policy.lock();
        while panics::run("a policy", || self.tell_one(&mut policy)).unwrap_or(true) {}
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
        if !self.home.is(roster) {
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
            self.changes.lock().ended(key, outcome);
        }
    }
}

impl<P: SerialPolicy> Index for Serial<P> {
    fn attach(&self, roster: &Roster) -> bool {
        self.home.settle_at(roster)
    }

    fn joined(&self, peer: Entry<'_>, names: Names<'_>) {
        self.changes.lock().joined(peer.slot_ref(), names.id);
    }

    fn entered(&self, peer: Entry<'_>) {
        self.changes.lock().entered(peer.key(), peer.pending());
    }

    fn withdrew(&self, peer: Entry<'_>) {
        self.changes.lock().withdrew(peer.key());
    }

    fn settle(&self) {
        self.changed();
    }

    fn changed(&self) {
        // So that a policy hears of changes while nobody chooses. If somebody is inside it there
        // will be a next choice, or a next finish.
        if let Some(policy) = self.policy.try_lock() {
            self.with(policy, |_| ());
        }
    }
}
