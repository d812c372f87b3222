//! Policies of one's own, and what they make of a preference.

use std::collections::BTreeMap;

use peerage::policy::{
    Choice, Dense, Entry, IndexRef, Key, Nothing, PeerInfo, Pinned, Policy, Roster, Serial,
    SerialPolicy,
};
use peerage::{ChooseErrorKind, Chooser, Finish, Pick, Request};

use super::asking;
use crate::{list, next, pending};

/// A policy of one's own that must not miscount: the least loaded, by counts of its own.
#[derive(Debug, Default)]
pub(super) struct Counting(BTreeMap<u64, (Key, u32)>, BTreeMap<String, u64>);

impl Counting {
    fn of(&mut self, peer: Key) -> &mut (Key, u32) {
        self.0.values_mut().find(|(key, _)| *key == peer).expect("it is there")
    }
}

impl SerialPolicy for Counting {
    fn name(&self) -> &'static str {
        "counting"
    }

    fn available(&mut self, peer: &PeerInfo<'_>) {
        let number = self.1.len() as u64;
        let number = *self.1.entry(peer.id.to_owned()).or_insert(number);
        assert!(self.0.insert(number, (peer.key, peer.pending)).is_none(), "it is there twice");
    }

    fn unavailable(&mut self, peer: Key) {
        let there = self.0.len();
        self.0.retain(|_, (key, _)| *key != peer);
        assert_eq!(self.0.len(), there - 1);
    }

    fn choose(&mut self, _: &Request<'_>) -> Result<Key, Nothing> {
        let least = self.0.values_mut().min_by_key(|(_, pending)| *pending);
        let (key, pending) = least.ok_or(Nothing::Unavailable)?;
        *pending += 1;
        Ok(*key)
    }

    fn finished(&mut self, peer: Key, _: Finish) {
        if self.0.values().any(|(key, _)| *key == peer) {
            let (_, pending) = self.of(peer);
            *pending = pending.checked_sub(1).expect("an end without a beginning");
        }
    }
}

/// The first peer there is, and nothing about preferences.
#[derive(Debug, Default)]
pub(super) struct First(Dense);

impl Policy for First {
    fn name(&self) -> &str {
        "first"
    }

    fn choose<'r>(&'r self, roster: &'r Roster, _: &Request<'_>) -> Choice<'r> {
        let pinned = self.0.available(roster).iter().find_map(Entry::pin);
        pinned.ok_or(Nothing::Unavailable)
    }

    fn index(&self) -> Option<IndexRef<'_>> {
        Some(self.0.index())
    }
}

/// Panics when it is asked for a peer that a request prefers.
#[derive(Debug, Default)]
struct Panics(First);

impl Policy for Panics {
    fn name(&self) -> &str {
        "panics"
    }

    fn choose<'r>(&'r self, roster: &'r Roster, request: &Request<'_>) -> Choice<'r> {
        self.0.choose(roster, request)
    }

    fn choose_preferred<'r>(
        &'r self,
        _: &'r Roster,
        request: &Request<'_>,
        peer: Entry<'r>,
    ) -> Option<Pinned<'r>> {
        let _pinned = peer.pin();
        panic!("for {:?}", request.preferred());
    }

    fn index(&self) -> Option<IndexRef<'_>> {
        self.0.index()
    }
}

#[test]
fn a_panic_is_an_error_and_counts_nothing() {
    let (list, _transport) = list(Panics::default(), 2);
    let error = list.try_choose(&asking("p1")).unwrap_err();
    assert!(matches!(error.kind(), ChooseErrorKind::PolicyPanicked), "{error}");
    assert_eq!(pending(&list), [0; 2]);
    next(&list);
}

/// A serial policy that lets no request prefer a peer.
#[derive(Debug, Default)]
struct Stubborn(Counting);

impl SerialPolicy for Stubborn {
    fn name(&self) -> &'static str {
        "stubborn"
    }

    fn available(&mut self, peer: &PeerInfo<'_>) {
        self.0.available(peer);
    }

    fn unavailable(&mut self, peer: Key) {
        self.0.unavailable(peer);
    }

    fn choose(&mut self, request: &Request<'_>) -> Result<Key, Nothing> {
        self.0.choose(request)
    }

    fn preferred(&mut self, _: &PeerInfo<'_>, _: &Request<'_>) -> bool {
        false
    }
}

#[test]
fn a_serial_policy_may_refuse() {
    let (list, _transport) = list(Serial::new(Stubborn::default()), 3);
    let held: Vec<Pick> = (0..3).map(|_| list.try_choose(&asking("p1")).unwrap()).collect();
    assert_eq!(pending(&list), [1; 3]);
    drop(held);
}
