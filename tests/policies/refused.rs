//! Choices that are taken back before a caller sees them: the policy is told that they have ended.

use std::sync::{Arc, Mutex};

use peerage::policy::{FewestPending, Key, Nothing, PeerInfo, Serial, SerialPolicy};
use peerage::{CancelToken, ChooseErrorKind, Chooser, Finish, Outcome, PeerList, Request, Wait};

use crate::{list, next, tally};

const PEERS: usize = 9;

/// Among equals the one comes next that was chosen the longest ago: so requests that end at once go
/// round. A peer that counted one more would be left out.
fn assert_all_are_idle(list: &PeerList<FewestPending>) {
    let chosen = tally((0..PEERS).map(|_| next(list)));
    assert_eq!(chosen.len(), PEERS, "{chosen:?}");
}

#[test]
fn fewest_pending_does_not_count_a_choice_that_a_request_avoids() {
    let (list, _transport) = list(FewestPending::new(), PEERS);
    let avoided = ["p0", "p1", "p2", "p3", "p4", "p5", "p6", "p7"];
    for _ in 0..5 {
        let request = Request::new().with_avoid(&avoided);
        let pick = list.try_choose(&request).unwrap();
        assert_eq!(pick.identifier(), "p8");
        pick.finish(Outcome::Success);
    }
    assert_all_are_idle(&list);
}

#[test]
fn fewest_pending_does_not_count_a_choice_that_gives_a_notice() {
    let (list, _transport) = list(FewestPending::new(), PEERS);
    for _ in 0..5 {
        assert!(list.notify_ready(&Request::new(), Box::new(|_| ())).is_none(), "given at once");
    }
    assert_all_are_idle(&list);
}

/// Triggers a token when it is asked, and counts the requests that it knows of.
#[derive(Debug, Default)]
struct Triggering {
    token: CancelToken,
    peer: Option<Key>,
    told: Arc<Mutex<Vec<&'static str>>>,
}

impl SerialPolicy for Triggering {
    fn name(&self) -> &'static str {
        "triggering"
    }

    fn available(&mut self, peer: &PeerInfo<'_>) {
        let peer = peer.key;
        self.peer = Some(peer);
    }

    fn unavailable(&mut self, _: Key) {
        self.peer = None;
    }

    fn choose(&mut self, _: &Request<'_>) -> Result<Key, Nothing> {
        self.token.trigger();
        self.told.lock().unwrap().push("asked");
        self.peer.ok_or(Nothing::Unavailable)
    }

    fn finished(&mut self, _: Key, finish: Finish) {
        let outcome = finish.outcome;
        assert_eq!(outcome, Outcome::NotSent);
        self.told.lock().unwrap().push("not sent");
    }
}

#[test]
fn a_policy_hears_of_the_end_of_a_choice_that_was_cancelled_as_it_was_made() {
    let policy = Triggering::default();
    let (token, told) = (policy.token.clone(), Arc::clone(&policy.told));
    let (list, _transport) = list(Serial::new(policy), 1);
    let error = list.choose(&Request::new(), Wait::forever().cancelled_by(&token)).unwrap_err();
    assert_eq!(error.kind(), ChooseErrorKind::Cancelled);
    assert_eq!(*told.lock().unwrap(), ["asked", "not sent"]);
    assert_eq!(list.introspect().peers[0].status.pending_request_count, 0);
}

#[test]
fn a_policy_hears_of_the_end_of_every_choice_that_a_request_avoids() {
    let policy = Triggering::default();
    let told = Arc::clone(&policy.told);
    let (list, _transport) = list(Serial::new(policy), 1);
    // There is no other, so it gets the peer in the end.
    std::mem::forget(list.try_choose(&Request::new().with_avoid(&["p0"])).unwrap());
    let told = told.lock().unwrap();
    let of = |what| told.iter().filter(|told| **told == what).count();
    assert_eq!(of("asked"), of("not sent") + 1, "{told:?}");
    assert_eq!(list.introspect().peers[0].status.pending_request_count, 1);
}
