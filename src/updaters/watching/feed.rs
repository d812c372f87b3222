//! The set that a list has by one updater.
//!
//! Two threads change it: the one that asks the source, and the one that stops the updater. What the
//! list is told runs code of transports, so no lock is held meanwhile; instead it is noted which
//! thread is at it. The one that stops waits for that one, unless it is inside of it, and then that one
//! takes the peers out of the list when it is done.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::attributes::Attributes;
use crate::error::UpdateError;
use crate::events::Event;
use crate::feeding::{List, ListUpdates};
use crate::member::Member;
use crate::panics::{self, Panicked};
use crate::peer::Identifier;
use crate::standoff;
use crate::sync::{Condvar, Mutex};
use crate::this_thread::{ThreadKey, this_thread};

/// Names and what is known of each.
pub(super) type Known = BTreeMap<Box<str>, Attributes>;

pub(super) struct Feed {
    list: Arc<dyn List>,
    inner: Mutex<Inner>,
    idle: Condvar,
}

#[derive(Default)]
struct Inner {
    known: Arc<Known>,
    /// The list may lack some of it, or have too much: it refused a part.
    partial: bool,
    /// The thread that tells the list.
    telling: Option<ThreadKey>,
    ended: bool,
    /// The one that stops could not wait for the thread that tells: that one takes the peers out.
    left_to_it: bool,
}

/// What an answer changed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Change {
    pub(super) additions: usize,
    pub(super) removals: usize,
}

impl Feed {
    pub(super) fn new(list: Arc<dyn List>) -> Self {
        Self { list, inner: Mutex::default(), idle: Condvar::new() }
    }

    /// How many peers the list has by it.
    pub(super) fn len(&self) -> usize {
        self.inner.lock().known.len()
    }

    /// Whether the list lacks some of it, or has too much: the same set once more may mend that.
    pub(super) fn is_partial(&self) -> bool {
        self.inner.lock().partial
    }

    /// The peers that the list has by it.
    pub(super) fn known(&self) -> Arc<Known> {
        Arc::clone(&self.inner.lock().known)
    }

    /// Has the list take over a whole set. `None`: the updater has been stopped.
    pub(super) fn apply(&self, peers: Vec<Member>) -> Option<Change> {
        let mut next = Known::new();
        for peer in &peers {
            next.entry(peer.identifier().into()).or_insert_with(|| peer.attributes());
        }
        let before = {
            let mut inner = self.inner.lock();
            if inner.ended {
                return None;
            }
            if *inner.known == next && !inner.partial {
                return Some(Change::default());
            }
            inner.telling = Some(this_thread());
            Arc::clone(&inner.known)
        };
        let peers = peers.into_iter().map(|peer| Arc::new(peer) as Arc<dyn Identifier>).collect();
        // The list has told its observer of what failed. A list of a program's own may panic.
        let told = panics::catch("the list's replace", || self.list.replace(peers));
        let change = Change {
            additions: next.iter().filter(|(id, has)| before.get(*id) != Some(has)).count(),
            removals: before.keys().filter(|id| !next.contains_key(*id)).count(),
        };
        let mut inner = self.inner.lock();
        inner.known = Arc::new(next);
        inner.partial = !matches!(told, Ok(Ok(())));
        inner.telling = None;
        standoff::over(self);
        let (ended, left_to_it) = (inner.ended, inner.left_to_it);
        drop(inner);
        self.idle.notify_all();
        if let Err(panicked) = told {
            self.panicked(&panicked);
        }
        if left_to_it {
            let _ = self.remove();
        }
        Some(change).filter(|_| !ended)
    }

    /// Nothing is applied any more, and what was is taken out of the list.
    pub(super) fn end(&self) -> Result<(), UpdateError> {
        let mut inner = self.inner.lock();
        inner.ended = true;
        while let Some(thread) = inner.telling {
            if !standoff::may_wait(thread, self) {
                inner.left_to_it = true;
                return Ok(());
            }
            inner = self.idle.wait(inner);
        }
        drop(inner);
        self.remove()
    }

    /// Has the list pass on an event.
    pub(super) fn tell(&self, event: &Event<'_>) {
        // There is none left to tell that this panics.
        let _ = panics::catch("the list's tell", || self.list.tell(event));
    }

    /// Has the list pass on that a callback has panicked.
    pub(super) fn panicked(&self, Panicked { what, message }: &Panicked) {
        self.tell(&Event::Panicked { what, message });
    }

    fn remove(&self) -> Result<(), UpdateError> {
        let known = std::mem::take(&mut self.inner.lock().known);
        if known.is_empty() {
            return Ok(());
        }
        // Others may have removed some of them.
        let removals = ListUpdates::removing(known.keys().map(|id| &**id));
        self.list.update(removals).or_else(UpdateError::but_for_the_gone)
    }
}
