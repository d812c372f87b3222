//! The members of a list by name, for choosers that are told which peer to take.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use crate::roster::{About, Entry, Home, Index, Locked, Roster};
use crate::slot::{Pinned, SlotRef};
use crate::sync::Mutex;

/// The members by name, and which of them nobody has asked for in a while.
#[derive(Debug, Default)]
pub(crate) struct NameIndex {
    home: Home,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    members: HashMap<Arc<str>, Known>,
    /// Callers that want a name to stay, or to become, a member.
    holds: HashMap<Box<str>, usize>,
    /// The hand of the clock goes round here (Corbató, 1968): a name that was asked for since it
    /// last passed gets another round.
    clock: VecDeque<Arc<str>>,
}

#[derive(Debug)]
struct Known {
    peer: SlotRef,
    used: bool,
}

impl NameIndex {
    /// Pins the peer called `name`.
    pub(crate) fn pin<'r>(&self, roster: &'r Roster, name: &str) -> Option<Pinned<'r>> {
        if !self.home.is(roster) {
            return None;
        }
        let mut state = self.state.lock();
        let known = state.members.get_mut(name)?;
        known.used = true;
        roster.entry(known.peer).pin_as(known.peer.key)
    }

    /// Keeps `name` from being given up until as many `unhold`, whether it is a member already or
    /// not. `true`: it is.
    pub(crate) fn hold(&self, name: &str) -> bool {
        let mut state = self.state.lock();
        match state.holds.get_mut(name) {
            Some(holds) => *holds += 1,
            None => {
                state.holds.insert(name.into(), 1);
            }
        }
        match state.members.get_mut(name) {
            Some(known) => {
                known.used = true;
                true
            }
            None => false,
        }
    }

    pub(crate) fn unhold(&self, name: &str) {
        let mut state = self.state.lock();
        if let Some(holds) = state.holds.get_mut(name) {
            *holds -= 1;
            if *holds == 0 {
                state.holds.remove(name);
            }
        }
    }

    pub(crate) fn is_held(&self, name: &str) -> bool {
        self.state.lock().holds.contains_key(name)
    }

    /// Members to give up so that `keep` are left: idle, not held, and not asked for lately.
    pub(crate) fn idle_beyond(&self, keep: usize) -> Vec<Arc<str>> {
        let mut state = self.state.lock();
        let state = &mut *state;
        let mut idle = vec![];
        let mut rounds = state.clock.len() * 2;
        while state.clock.len() > keep && rounds > 0 {
            rounds -= 1;
            let Some(name) = state.clock.pop_front() else { break };
            let Some(known) = state.members.get_mut(&name) else { continue };
            // SAFETY: while it is a member its roster lives, and keeps its slots.
            let pending = unsafe { known.peer.slot.as_ref() }.word().pending();
            let held = state.holds.contains_key(&*name);
            if std::mem::take(&mut known.used) || held || pending > 0 {
                state.clock.push_back(name);
            } else {
                idle.push(name);
            }
        }
        idle
    }
}

impl Index for NameIndex {
    fn attach(&self, roster: &Roster) -> bool {
        self.home.bind_to(roster)
    }

    fn joined(&self, _: &mut Locked<'_>, peer: Entry<'_>, about: &About<'_>) {
        let known = Known { peer: peer.slot_ref(), used: true };
        let mut state = self.state.lock();
        state.members.insert(Arc::clone(about.id), known);
        state.clock.push_back(Arc::clone(about.id));
    }

    fn left(&self, _: &mut Locked<'_>, peer: Entry<'_>) {
        let key = peer.key();
        let mut state = self.state.lock();
        state.members.retain(|_, known| known.peer.key != key);
        let State { members, clock, .. } = &mut *state;
        clock.retain(|name| members.contains_key(name));
    }
}
