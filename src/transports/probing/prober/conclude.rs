//! What the end of a probe means: for its peer, for the next probe, and for the lists.

use std::sync::Arc;
use std::time::Instant;

use super::{LONG, Prober};
use crate::panics;
use crate::transports::probing::address::Resolved;
use crate::transports::probing::attempt::Finding;
use crate::transports::probing::peer::ProbedPeer;
use crate::transports::probing::status::ProbeState;
use crate::transports::probing::table;

impl Prober {
    /// A probe has ended.
    pub(super) fn conclude(&mut self, key: usize, finding: Finding) {
        let Some(entry) = self.entries.get_mut(&key) else { return };
        let (before, now) = (entry.judge.state, Instant::now());
        let is_good = match &finding {
            Finding::Good(_) => true,
            Finding::Bad(_) | Finding::Unreachable(_) => false,
            Finding::Nothing(_) => return self.hold(key, finding, now),
        };
        entry.judge.hear(is_good, self.available == 1, &self.options);
        let state = entry.judge.state;
        let pause = entry.judge.pause(&self.options);
        let pause = if before == ProbeState::New {
            table::spread(pause, &self.rng)
        } else {
            table::jittered(pause, self.options.jitter, &self.rng)
        };
        let due = table::after(entry.due, pause, now);
        let is_news = entry.peer.note(entry.judge, Some(finding));
        let peer = Arc::clone(&entry.peer);
        let has_address = entry.address().is_some();
        self.put(key, due);
        if !is_good && has_address {
            // Its name may have another one by now. If it cannot be asked for, this one is tried again.
            let _ = self.ask_again(key);
        }
        self.count(key, before, state);
        if is_news {
            tell(&peer);
        }
        if !before.is_available() && state.is_available() {
            self.give_way(key);
        }
    }

    fn count(&mut self, key: usize, before: ProbeState, state: ProbeState) {
        self.available += usize::from(state.is_available());
        self.available -= usize::from(before.is_available());
        if state == ProbeState::Kept {
            self.kept = Some(key);
        } else if self.kept == Some(key) {
            self.kept = None;
        }
    }

    /// This peer is up, so that another need not be kept.
    fn give_way(&mut self, up: usize) {
        let Some(kept) = self.kept.filter(|kept| *kept != up) else { return };
        self.kept = None;
        let Some(entry) = self.entries.get_mut(&kept) else { return };
        entry.judge.give_way();
        entry.peer.note(entry.judge, None);
        let peer = Arc::clone(&entry.peer);
        self.available -= 1;
        tell(&peer);
    }

    /// The probe could not be made: it is made again when others are, a little later.
    fn hold(&mut self, key: usize, finding: Finding, now: Instant) {
        let held = now + self.hold;
        self.held = Some(held);
        self.hold = (self.hold * 2).min(LONG);
        if let Some(entry) = self.entries.get_mut(&key) {
            entry.peer.note(entry.judge, Some(finding));
        }
        self.put(key, held);
    }

    /// Has a peer wait until `due`.
    pub(super) fn put(&mut self, key: usize, due: Instant) {
        let Some(entry) = self.entries.get_mut(&key) else { return };
        if entry.is_waiting {
            self.table.remove(entry.due, key);
        }
        (entry.due, entry.is_waiting) = (due, true);
        entry.peer.note_next(Some(due));
        self.table.put(due, key);
    }

    /// A peer is released.
    pub(super) fn remove(&mut self, key: usize) {
        let Some(entry) = self.entries.remove(&key) else { return };
        if entry.is_waiting {
            self.table.remove(entry.due, key);
        }
        self.in_flight -= usize::from(entry.flight.is_some());
        self.count(key, entry.judge.state, ProbeState::Down);
    }

    /// A request to a peer has failed.
    pub(super) fn doubt(&mut self, key: usize) {
        let Some(entry) = self.entries.get_mut(&key) else { return };
        if entry.is_waiting && entry.judge.state.is_available() {
            self.hasten(key);
        } else {
            entry.peer.settle_doubt();
        }
    }

    /// Has a peer that waits probed as soon as one in doubt may be.
    fn hasten(&mut self, key: usize) {
        let Some(entry) = self.entries.get_mut(&key) else { return };
        let soonest = entry.began.map(|began| began + self.options.fast_interval());
        let soon = Instant::now().max(soonest.unwrap_or(entry.due));
        if soon < entry.due {
            self.put(key, soon);
        }
    }

    /// Asks for the addresses of a name, without which it cannot be probed.
    pub(super) fn resolve(&mut self, key: usize) {
        if let Err(finding) = self.ask_again(key) {
            self.conclude(key, finding);
        }
    }

    fn ask_again(&mut self, key: usize) -> Result<(), Finding> {
        let Some(entry) = self.entries.get_mut(&key) else { return Ok(()) };
        let Some((host, port)) = entry.question() else { return Ok(()) };
        self.resolver.ask(&self.mail, key, host, port)?;
        entry.is_resolving = true;
        Ok(())
    }

    /// The system has an answer for a name. One without addresses changes nothing if there are some: it
    /// is the name server that fails then.
    pub(super) fn resolved(&mut self, key: usize, resolved: Resolved) {
        let Some(entry) = self.entries.get_mut(&key) else { return };
        entry.is_resolving = false;
        let waits_for_it = entry.address().is_none();
        match resolved {
            Ok(addresses) => {
                let are_others = entry.resolved(addresses);
                if waits_for_it {
                    self.put(key, Instant::now());
                } else if are_others && entry.is_waiting {
                    self.hasten(key);
                }
            }
            Err(finding) if waits_for_it => self.conclude(key, finding),
            Err(_) => {}
        }
    }
}

/// Tells the lists: code of the user's may run in it, on this thread, which has other peers to probe.
fn tell(peer: &ProbedPeer) {
    // A list reports what its own callbacks do; of another subscriber's panic the panic hook has told.
    let _ = panics::catch("a subscriber", || peer.tell());
}
