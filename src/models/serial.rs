//! A serial policy that is told of changes while it chooses.
//!
//! The policy checks what it is told against what it was told before: a peer comes before it goes, a
//! request ends after it was chosen, and a peer that comes back brings the requests it had.

use std::sync::Arc;

use loom::thread;

use super::fakes::{Host, Probe, push_with, remove_with, seat_with};
use crate::outcome::{Finish, Outcome};
use crate::peer::ConnectionStatus::{Available, Unavailable};
use crate::policy::{Nothing, PeerInfo, Policy, Serial, SerialPolicy};
use crate::request::Request;
use crate::roster::Index;
use crate::slot::{Key, SlotRef};

/// Chooses the peer that came last, and counts.
#[derive(Debug, Default)]
struct Newest {
    available: Vec<Key>,
    pending: Vec<(Key, u32)>,
}

impl Newest {
    fn pending(&mut self, key: Key) -> &mut u32 {
        let at = self.pending.iter().position(|(known, _)| *known == key);
        let at = at.expect("a peer that came");
        &mut self.pending[at].1
    }
}

impl SerialPolicy for Newest {
    fn name(&self) -> &'static str {
        "newest"
    }

    fn available(&mut self, peer: &PeerInfo<'_>) {
        assert!(!self.available.contains(&peer.key), "it comes once");
        self.available.push(peer.key);
        match self.pending.iter().find(|(key, _)| *key == peer.key) {
            Some((_, pending)) => assert_eq!(*pending, peer.pending, "it brings what it had"),
            None => self.pending.push((peer.key, peer.pending)),
        }
    }

    fn unavailable(&mut self, key: Key) {
        let at = self.available.iter().position(|known| *known == key);
        self.available.remove(at.expect("it goes after it came"));
    }

    fn choose(&mut self, _: &Request<'_>) -> Result<Key, Nothing> {
        let key = *self.available.last().ok_or(Nothing::Unavailable)?;
        *self.pending(key) += 1;
        Ok(key)
    }

    fn finished(&mut self, key: Key, _: Finish) {
        let pending = self.pending(key);
        *pending = pending.checked_sub(1).expect("it ends after it was chosen");
    }
}

type Policies = Arc<Serial<Newest>>;

fn host() -> (Arc<Host>, Policies) {
    let (host, policy) = (Host::new(), Arc::new(Serial::new(Newest::default())));
    assert!(policy.attach(&host.roster));
    (host, policy)
}

/// A whole request, of which the policy hears the end while it is counted, as from a list. Returns
/// whether the peer was chosen.
fn request(host: &Host, policy: &Policies, peer: SlotRef) -> bool {
    let Ok(pinned) = policy.choose(&host.roster, &Request::new()) else { return false };
    assert_eq!(pinned.key(), peer.key);
    policy.finished(host.roster.entry(peer), Outcome::Success.into());
    pinned.into_pick().finish(Outcome::Success);
    true
}

/// A thread that makes a request.
fn chooser(host: &Arc<Host>, policy: &Policies, peer: SlotRef) -> thread::JoinHandle<bool> {
    let (host, policy) = (Arc::clone(host), Arc::clone(policy));
    thread::spawn(move || request(&host, &policy, peer))
}

#[test]
fn a_peer_that_flaps_is_told_in_order() {
    loom::model(|| {
        let (host, policy) = host();
        let peer = seat_with(&host, &Probe::new(), Some(&*policy), 0);
        let chooser = chooser(&host, &policy, peer);
        for status in [Unavailable, Available] {
            push_with(&host, peer, status, Some(&*policy));
            policy.after_status();
        }
        chooser.join().unwrap();

        assert!(request(&host, &policy, peer), "it is back");
        remove_with(&host, peer, Some(&*policy));
    });
}

#[test]
fn a_peer_that_leaves_is_not_chosen_after_it() {
    loom::model(|| {
        let (host, policy) = host();
        let probe = Probe::new();
        let peer = seat_with(&host, &probe, Some(&*policy), 0);
        let chooser = chooser(&host, &policy, peer);
        remove_with(&host, peer, Some(&*policy));
        policy.after_batch();
        assert!(!request(&host, &policy, peer), "it has left");
        chooser.join().unwrap();

        assert_eq!(probe.released(), 1);
    });
}
