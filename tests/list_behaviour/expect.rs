//! What every case expects of its list.
//!
//! yarpc-go checks its lists against a mock that fails on any retain or release it was not told to
//! expect. The fake transport here writes both down, and [`Bed::assert_calls`] compares them with
//! what the case expects: a peer retained twice, or never released, fails the test.
//!
//! Errors are compared as whole texts, because people search their logs for them.

use std::collections::BTreeSet;

use peerage::error::PeerFailureKind;
use peerage::{ChooseErrorKind, Lifecycle, UpdateError};

use crate::harness::{Bed, ROTATING, SHORT};

impl Bed {
    /// A rotating list hands out exactly `ids`, in this order, pass after pass; one that draws
    /// hands out every one of them at some time, and nobody else.
    pub(crate) fn assert_choices(&self, ids: &[&str]) {
        if ROTATING.contains(&self.policy) {
            for pass in 0..2 {
                assert_eq!(self.choose_many(ids.len()), ids, "{}, pass {pass}", self.policy);
            }
        } else {
            self.assert_chosen(ids);
        }
    }

    /// Every one of `ids` is handed out at some time, and nobody else.
    pub(crate) fn assert_chosen(&self, ids: &[&str]) {
        let chosen = self.choose_many(64 * ids.len());
        let chosen: BTreeSet<&str> = chosen.iter().map(String::as_str).collect();
        assert_eq!(chosen, ids.iter().copied().collect(), "{}", self.policy);
    }

    /// Every member is in the group it should be in, and nobody else is in any.
    pub(crate) fn assert_peers(
        &self,
        available: &[&str],
        unavailable: &[&str],
        uninitialized: &[&str],
    ) {
        let Self { policy, list, .. } = self;
        let counts = (list.available(), list.unavailable(), list.uninitialized());
        let expected = (available.len(), unavailable.len(), uninitialized.len());
        assert_eq!(counts, expected, "{policy}: available, unavailable, uninitialized");
        for id in available {
            assert!(list.is_available(id), "{policy}: {id} is not available");
        }
        for id in unavailable {
            assert!(!list.is_available(id), "{policy}: {id} is available");
            assert!(!list.is_uninitialized(id), "{policy}: {id} is uninitialized");
        }
        for id in uninitialized {
            assert!(list.is_uninitialized(id), "{policy}: {id} is not uninitialized");
            assert!(!list.is_available(id), "{policy}: {id} is available");
        }
    }

    /// The transport was asked for these peers and no others, as often as they are named here.
    pub(crate) fn assert_calls(&self, retained: &[&str], released: &[&str]) {
        assert_eq!(
            sorted(&self.transport.retains()),
            sorted(retained),
            "{}: retained",
            self.policy
        );
        assert_eq!(
            sorted(&self.transport.releases()),
            sorted(released),
            "{}: released",
            self.policy
        );
    }

    /// The choice fails when its time is up; the text is yarpc's up to where Go would name its
    /// context's error and this crate says how long it waited.
    pub(crate) fn assert_times_out(&self, what: &str) {
        let error = self.choose_within(SHORT).expect_err("nothing to choose");
        let ChooseErrorKind::TimedOut(waited) = error.kind() else { panic!("{error:?}") };
        assert!(waited.0 >= SHORT, "{waited}");
        let text =
            format!("{:?} peer list {what} (fail-fast is not enabled): {waited}", self.policy);
        assert_eq!(error.to_string(), text);
    }

    /// The choice fails because the list has been stopped.
    pub(crate) fn assert_stopped(&self) {
        assert!(!self.list.is_running());
        let error = self.choose_promptly().expect_err("stopped");
        assert_eq!(error.kind(), ChooseErrorKind::Stopped);
        let why = "could not wait for instance to start running: current state is \"stopped\"";
        let text = format!("{:?} peer list is not running: {why}", self.policy);
        assert_eq!(error.to_string(), text);
    }
}

/// What a list with no peers answers when the time is up.
pub(crate) const NO_PEERS: &str = "has no peers, waited for peers to be added but timed out";
/// What a list answers whose only peer is down.
pub(crate) const ONE_DOWN: &str =
    "has 1 peer but it is not responsive, timed out waiting for a connection to open";

/// Checks an update's error: its text, and per failure what the transport itself had said.
pub(crate) fn assert_failures(error: &UpdateError, text: &str, causes: &[&str]) {
    assert_eq!(error.to_string(), text);
    let said: Vec<String> = error
        .failures()
        .iter()
        .map(|failure| match failure.kind() {
            PeerFailureKind::Retain(cause) | PeerFailureKind::Release(cause) => cause.to_string(),
            other => panic!("not the transport's: {other:?}"),
        })
        .collect();
    assert_eq!(said, causes);
}

fn sorted<S: AsRef<str>>(ids: &[S]) -> Vec<&str> {
    let mut ids: Vec<&str> = ids.iter().map(AsRef::as_ref).collect();
    ids.sort_unstable();
    ids
}
