//! Random operations on a list, next to a model of plain vectors that does the same.
//!
//! The model knows nothing of slots, generations or gates: who is in the list, what each peer was
//! last heard to be, who holds which pick. After every operation everything that can be seen from
//! outside is compared: errors, counts, status page, what the transport was asked, and whether the
//! peer that was chosen is one that the policy's description allows.
#![cfg(feature = "testing")]

mod ops;
mod plain;
mod rules;

use std::sync::Arc;

use peerage::error::{PeerFailureKind, UpdateError};
use peerage::policy::{AnyPolicy, PolicySpec};
use peerage::testing::FakeTransport;
use peerage::{ChooseErrorKind, Chooser, Lifecycle, LifecycleError, List};
use peerage::{ListOptions, ListUpdates, Outcome, PeerList, Pick, Request, State};
use proptest::prelude::*;
use proptest::sample::Index;

use ops::{Op, name, ops};
use plain::{Failure, Plain, Why};

/// A list and its model.
struct Pair {
    list: PeerList,
    transport: Arc<FakeTransport>,
    plain: Plain,
    /// Each with the seat that the model has for it.
    picks: Vec<(Pick, u64)>,
}

impl Pair {
    fn new(spec: &PolicySpec) -> Self {
        let transport = FakeTransport::new();
        let policy = AnyPolicy::from_spec(spec, Some(7)).in_order();
        let options = ListOptions::new().with_shuffle(false);
        let list = PeerList::new(policy, transport.clone(), options);
        Self { list, transport, plain: Plain::new(spec.name()), picks: vec![] }
    }

    fn apply(&mut self, op: Op) {
        match op {
            Op::Start => match self.plain.start() {
                Ok(failures) => assert_eq!(in_lifecycle(&self.list.start()), failures),
                Err(stopped) => {
                    assert!(stopped);
                    assert!(matches!(self.list.start(), Err(LifecycleError::Stopped(_))));
                }
            },
            Op::Stop => assert_eq!(in_lifecycle(&self.list.stop()), self.plain.stop()),
            Op::Update { remove, add } => {
                let (remove, add): (Vec<_>, Vec<_>) = (names(&remove), names(&add));
                let expected = self.plain.update(&remove, &add);
                let updates = ListUpdates {
                    removals: ListUpdates::removing(remove).removals,
                    additions: ListUpdates::adding(add).additions,
                };
                assert_eq!(in_update(self.list.update(updates).as_ref().err()), expected);
            }
            Op::SetStatus(peer, status) => {
                self.transport.set_status(&name(peer), status);
                self.plain.set_quietly(&name(peer), status);
                self.plain.notify(&name(peer));
            }
            Op::SetQuietly(peer, status) => {
                self.transport.set_status_quietly(&name(peer), status);
                self.plain.set_quietly(&name(peer), status);
            }
            Op::Notify(peer) => {
                self.transport.notify(&name(peer));
                self.plain.notify(&name(peer));
            }
            Op::Choose(key) => self.choose(&key),
            Op::Finish(which) => self.end(which, |pick| pick.finish(Outcome::Success)),
            Op::Drop(which) => self.end(which, drop),
            Op::FailRetain(peer, on) => {
                self.transport.fail_retain(&name(peer), on.then_some("refused"));
                self.plain.fail_retain(&name(peer), on);
            }
            Op::FailRelease(peer, on) => {
                self.transport.fail_release(&name(peer), on.then_some("stuck"));
                self.plain.fail_release(&name(peer), on);
            }
        }
        self.compare();
    }

    fn choose(&mut self, key: &str) {
        let allowed = self.plain.allowed(key);
        match self.list.try_choose(&Request::new().with_shard_key(key)) {
            Ok(pick) => {
                let chosen = pick.identifier();
                assert!(allowed.iter().any(|name| name == chosen), "{chosen} not of {allowed:?}");
                let seat = self.plain.choose(chosen);
                self.picks.push((pick, seat));
            }
            Err(error) => {
                assert_eq!(allowed, Vec::<String>::new(), "{error}");
                let kind = match self.plain.state() {
                    State::Running => ChooseErrorKind::NoPeer,
                    State::Stopped => ChooseErrorKind::Stopped,
                    state => ChooseErrorKind::NotRunning(state),
                };
                assert_eq!(error.kind(), kind);
            }
        }
    }

    fn end(&mut self, which: Index, end: impl FnOnce(Pick)) {
        if self.picks.is_empty() {
            return;
        }
        let (pick, seat) = self.picks.swap_remove(which.index(self.picks.len()));
        assert_eq!(pick.identifier(), self.plain.name_of(seat));
        end(pick);
        self.plain.finish(seat);
    }

    fn compare(&self) {
        let (list, plain) = (&self.list, &self.plain);
        assert_eq!(list.state(), plain.state());
        let counts = (list.available(), list.unavailable(), list.uninitialized());
        assert_eq!(counts, plain.counts());
        let page = list.introspect().peers.into_iter();
        let page: Vec<_> = page.map(|peer| (peer.identifier, peer.status)).collect();
        assert_eq!(page, plain.page());
        assert_eq!(self.transport.retains(), plain.retains);
        assert_eq!(self.transport.releases(), plain.releases);
        for peer in (0..6).map(name) {
            assert_eq!(list.is_available(&peer), plain.is_available(&peer), "{peer}");
            assert_eq!(list.is_uninitialized(&peer), plain.is_uninitialized(&peer), "{peer}");
        }
    }
}

fn names(peers: &[u8]) -> Vec<String> {
    peers.iter().copied().map(name).collect()
}

fn in_update(error: Option<&UpdateError>) -> Vec<Failure> {
    let failures = error.map(UpdateError::failures).unwrap_or_default().iter();
    let of = failures.map(|failure| {
        let why = match failure.kind() {
            PeerFailureKind::AlreadyInList => Why::AlreadyInList,
            PeerFailureKind::NotInList => Why::NotInList,
            PeerFailureKind::Retain(error) => Why::Retain(error.to_string()),
            PeerFailureKind::Release(error) => Why::Release(error.to_string()),
            other => panic!("{other:?}"),
        };
        (failure.peer().to_owned(), why)
    });
    of.collect()
}

fn in_lifecycle(result: &Result<(), LifecycleError>) -> Vec<Failure> {
    match result {
        Ok(()) => vec![],
        Err(LifecycleError::Peers(error)) => in_update(Some(error)),
        Err(other) => panic!("{other}"),
    }
}

fn run(policy: &str, ops: Vec<Op>) {
    let mut pair = Pair::new(&policy.parse().unwrap());
    for op in ops {
        pair.apply(op);
    }
    // Whatever happened, nothing is left behind.
    pair.apply(Op::Stop);
    while let Some((pick, seat)) = pair.picks.pop() {
        pick.finish(Outcome::Failure);
        pair.plain.finish(seat);
        pair.compare();
    }
    assert_eq!(pair.transport.retained(), 0);
}

fn config() -> ProptestConfig {
    ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn round_robin(ops in ops()) {
        run("round-robin", ops);
    }

    #[test]
    fn random(ops in ops()) {
        run("random", ops);
    }

    #[test]
    fn two_random_choices(ops in ops()) {
        run("two-random-choices", ops);
    }

    #[test]
    fn fewest_pending_requests(ops in ops()) {
        run("fewest-pending-requests", ops);
    }

    #[test]
    fn hashring32(ops in ops()) {
        run("hashring32:replicas=10,delimiter=#", ops);
    }
}
