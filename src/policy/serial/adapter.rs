//! The adapter: one mutex around a serial policy, and what it has not been told yet beside it.

use std::fmt;

use super::changes::{Changes, Event};
use super::contract::{PeerInfo, SerialPolicy};
use crate::outcome::{Finish, Outcome};
use crate::panics;
use crate::policy::choice::{AskAgain, Choice, Nothing, Watch};
use crate::policy::contract::Policy;
use crate::request::Request;
use crate::roster::{About, Entry, Home, Index, IndexRef, Locked, Roster};
use crate::slot::{Key, Pinned};
use crate::sync::{Mutex, MutexGuard};
use crate::this_thread::{ThreadKey, this_thread};

/// Makes a [`Policy`] of a [`SerialPolicy`].
pub struct Serial<P: SerialPolicy> {
    name: &'static str,
    watch: Watch,
    policy: Mutex<P>,
    /// The thread inside the policy.
    inside: Mutex<Option<ThreadKey>>,
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
            watch: Watch { finish: true, ..policy.watches() },
            policy: Mutex::new(policy),
            inside: Mutex::new(None),
            home: Home::default(),
            changes: Mutex::new(Changes::default()),
        }
    }

    /// Runs `call` with the policy, which has been told what there was to tell. Returns `None` if
    /// this thread is inside the policy already.
    fn enter<R>(&self, call: impl FnOnce(&mut P) -> R) -> Option<R> {
        let me = this_thread();
        if *self.inside.lock() == Some(me) {
            return None;
        }
        Some(self.with(self.policy.lock(), call))
    }

    fn with<R>(&self, mut policy: MutexGuard<'_, P>, call: impl FnOnce(&mut P) -> R) -> R {
        *self.inside.lock() = Some(this_thread());
        let _inside = Leave(&self.inside);
        self.tell(&mut policy);
        call(&mut policy)
    }

    /// Tells what is written down now, and no more: changes that come faster than the policy takes
    /// them in must not keep a choice from being made.
    fn tell(&self, policy: &mut P) {
        let bound = self.changes.lock().bound();
        for _ in 0..bound {
            if !self.tell_one(policy) {
                return;
            }
        }
    }

    /// Tells the next event. Returns whether there was one.
    fn tell_one(&self, policy: &mut P) -> bool {
        let event = self.changes.lock().next();
        match event {
            None => return false,
            Some(Event::Available { key, id, attributes, pending }) => {
                policy.available(&PeerInfo { key, id: &id, pending, attributes: &attributes });
            }
            Some(Event::Unavailable(key)) => policy.unavailable(key),
            Some(Event::Finished(key, finish)) => policy.finished(key, finish),
        }
        true
    }

    /// Pins the policy's choice and counts it, before anything else is told.
    fn pin<'r>(&self, roster: &'r Roster, key: Key) -> Option<Pinned<'r>> {
        let mut changes = self.changes.lock();
        let pinned = roster.entry(changes.slot(key)?).pin_as(key)?;
        changes.chosen(key);
        Some(pinned)
    }
}

/// Delivers every remaining event before the policy is dropped, including those that the policy
/// causes while it handles one.
impl<P: SerialPolicy> Drop for Serial<P> {
    fn drop(&mut self) {
        let mut policy = self.policy.lock();
        while panics::catch("a policy", || self.tell_one(&mut policy)).unwrap_or(true) {}
    }
}

/// No thread is inside any more, also after a panic.
struct Leave<'a>(&'a Mutex<Option<ThreadKey>>);

impl Drop for Leave<'_> {
    fn drop(&mut self) {
        *self.0.lock() = None;
    }
}

impl<P: SerialPolicy> Policy for Serial<P> {
    fn name(&self) -> &str {
        self.name
    }

    fn choose<'r>(&'r self, roster: &'r Roster, request: &Request<'_>) -> Choice<'r> {
        if !self.home.is(roster) {
            return Err(Nothing::Unavailable);
        }
        let choice = self.enter(|policy| {
            for _ in 0..TRIES {
                let key = policy.choose(request)?;
                if let Some(pinned) = self.pin(roster, key) {
                    return Ok(pinned);
                }
                // The peer has gone since: the request was not counted after all.
                policy.finished(key, Outcome::NotSent.into());
                self.tell(policy);
            }
            // Peers come and go faster than the policy hears of it: the next change asks again.
            Err(Nothing::Excluded)
        });
        // A choice from inside the policy finds nothing.
        choice.unwrap_or(Err(Nothing::Excluded))
    }

    fn choose_other<'r>(
        &'r self,
        roster: &'r Roster,
        request: &Request<'_>,
        except: &[Key],
    ) -> Choice<'r> {
        for _ in 0..TRIES {
            let pinned = self.choose(roster, request)?;
            if !except.contains(&pinned.key()) {
                return Ok(pinned);
            }
        }
        // Not any other one: the policy knows only of its own choices.
        Err(Nothing::Excluded)
    }

    fn choose_preferred<'r>(
        &'r self,
        roster: &'r Roster,
        request: &Request<'_>,
        peer: Entry<'r>,
    ) -> Option<Pinned<'r>> {
        if !self.home.is(roster) {
            return None;
        }
        let key = peer.key();
        let pinned = self.enter(|policy| {
            let (id, attributes, pending) = self.changes.lock().told(key)?;
            let info = PeerInfo { key, id: &id, pending, attributes: &attributes };
            if !policy.preferred(&info, request) {
                return None;
            }
            let pinned = self.pin(roster, key);
            if pinned.is_none() {
                // It has gone since, as in `choose`.
                policy.finished(key, Outcome::NotSent.into());
            }
            pinned
        });
        pinned.flatten()
    }

    fn index(&self) -> Option<IndexRef<'_>> {
        Some(IndexRef::new(self))
    }

    fn attached(&self, ask_again: AskAgain) {
        self.policy.lock().attached(ask_again);
    }

    fn watches(&self) -> Watch {
        self.watch
    }

    fn finished(&self, peer: Entry<'_>, finish: Finish) {
        let key = peer.key();
        let tell = |policy: &mut P| {
            self.changes.lock().telling_end(key);
            policy.finished(key, finish);
        };
        if self.enter(tell).is_none() {
            self.changes.lock().ended(key, finish);
        }
    }
}

impl<P: SerialPolicy> Index for Serial<P> {
    fn attach(&self, roster: &Roster) -> bool {
        self.home.bind_to(roster)
    }

    fn joined(&self, _: &mut Locked<'_>, peer: Entry<'_>, about: &About<'_>) {
        self.changes.lock().joined(peer.slot_ref(), about);
    }

    fn up(&self, _: &mut Locked<'_>, peer: Entry<'_>) {
        self.changes.lock().up(peer.key());
    }

    fn down(&self, _: &mut Locked<'_>, peer: Entry<'_>) {
        self.changes.lock().down(peer.key());
    }

    fn reattributed(&self, _: &mut Locked<'_>, peer: Entry<'_>, about: &About<'_>) {
        self.changes.lock().reattributed(peer.key(), about);
    }

    fn after_status(&self) {
        // So that a policy hears of changes while no caller chooses. If another thread is inside
        // it, there will be a next choice, or a next finish.
        if let Some(policy) = self.policy.try_lock() {
            self.with(policy, |_| ());
        }
    }

    fn after_batch(&self) -> bool {
        self.after_status();
        false
    }
}

impl<P: SerialPolicy> fmt::Debug for Serial<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Not the policy: another thread may be inside it.
        f.debug_struct("Serial").field("name", &self.name).finish_non_exhaustive()
    }
}
