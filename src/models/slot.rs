//! Choosers against whoever changes the slot under their hands.

use std::sync::Arc;

use loom::thread;

use super::fakes::{Probe, push, remove, seat};
use crate::outcome::Outcome;
use crate::peer::ConnectionStatus;
use crate::roster::Roster;
use crate::slot::pick::Pick;
use crate::sync::{AtomicBool, Ordering};

fn choose(roster: &Roster) -> Option<Pick> {
    let available = roster.available();
    if available.is_empty() {
        return None;
    }
    Some(available.get(0)?.pin()?.into_pick())
}

/// A whole request.
fn request(roster: &Roster) {
    if let Some(pick) = choose(roster) {
        assert_eq!(pick.identifier(), "probe");
        pick.finish(Outcome::Success);
    }
}

/// Two requests meet the removal of the only peer, and the next peer in its place.
#[test]
fn a_slot_is_retired_once_and_its_next_tenant_is_whole() {
    loom::model(|| {
        let roster = Arc::new(Roster::new());
        let (first, second) = (Probe::new(), Probe::new());
        let tenancy = seat(&roster, &first);
        let choosers: Vec<_> = (0..2)
            .map(|_| {
                let roster = Arc::clone(&roster);
                thread::spawn(move || request(&roster))
            })
            .collect();

        remove(&roster, tenancy);
        let tenancy = seat(&roster, &second);
        for chooser in choosers {
            chooser.join().unwrap();
        }

        assert_eq!((first.released(), second.released()), (1, 0));
        request(&roster);
        assert!(choose(&roster).is_some(), "the second peer can be chosen");
        remove(&roster, tenancy);
        assert_eq!((first.released(), second.released()), (1, 1));
        assert_eq!(roster.counts(), (0, 0));
    });
}

/// A request is finished on another thread than the one that chose, while the peer is removed.
#[test]
fn the_last_finish_and_the_removal_agree_who_releases() {
    loom::model(|| {
        let roster = Arc::new(Roster::new());
        let probe = Probe::new();
        let tenancy = seat(&roster, &probe);
        let picks = [choose(&roster).unwrap(), choose(&roster).unwrap()];
        let finishers = picks.map(|pick| thread::spawn(move || pick.finish(Outcome::Success)));

        remove(&roster, tenancy);
        for finisher in finishers {
            finisher.join().unwrap();
        }
        assert_eq!(probe.released(), 1);
    });
}

/// A request against two status changes: what was chosen stays usable.
#[test]
fn a_peer_that_comes_and_goes_is_counted_right() {
    loom::model(|| {
        let roster = Arc::new(Roster::new());
        let probe = Probe::new();
        let tenancy = seat(&roster, &probe);
        let chooser = {
            let roster = Arc::clone(&roster);
            thread::spawn(move || request(&roster))
        };

        push(&roster, tenancy, ConnectionStatus::Unavailable);
        push(&roster, tenancy, ConnectionStatus::Available);
        chooser.join().unwrap();

        assert_eq!(roster.counts(), (1, 1));
        assert_eq!(roster.status(tenancy).unwrap().pending_request_count, 0);
        assert_eq!(probe.released(), 0);
        remove(&roster, tenancy);
        assert_eq!(probe.released(), 1);
    });
}

/// Two pushes at once: the one that began last wins, whichever is applied first.
#[test]
fn racing_pushes_converge_on_the_latest() {
    loom::model(|| {
        let roster = Arc::new(Roster::new());
        let tenancy = seat(&roster, &Probe::new());
        // The transport's own view, read by each push between its two steps.
        let up = Arc::new(AtomicBool::new(true));
        let pusher = |value: bool| {
            let (roster, up) = (Arc::clone(&roster), Arc::clone(&up));
            move || {
                up.store(value, Ordering::SeqCst);
                let (_, number) = roster.begin(tenancy).expect("seated");
                let status = if up.load(Ordering::SeqCst) {
                    ConnectionStatus::Available
                } else {
                    ConnectionStatus::Unavailable
                };
                roster.apply(tenancy, number, status, None);
            }
        };
        let other = thread::spawn(pusher(false));
        pusher(true)();
        other.join().unwrap();
        assert_eq!(roster.counts().1 == 1, up.load(Ordering::SeqCst));
        remove(&roster, tenancy);
    });
}

/// A status push reads the peer under the mutex, then the peer is removed: the last finish empties
/// the cells without the mutex, and must come after that read.
#[test]
fn a_push_before_the_removal_is_past_when_the_last_finish_empties_the_slot() {
    loom::model(|| {
        let roster = Arc::new(Roster::new());
        let probe = Probe::new();
        let tenancy = seat(&roster, &probe);
        let pick = choose(&roster).unwrap();
        let finisher = thread::spawn(move || pick.finish(Outcome::Success));

        push(&roster, tenancy, ConnectionStatus::Connecting);
        remove(&roster, tenancy);
        finisher.join().unwrap();
        assert_eq!(probe.released(), 1);
    });
}

/// The same for a stop, which reads the slot's owner.
#[test]
fn an_owner_read_by_a_stop_is_past_when_the_last_finish_empties_the_slot() {
    loom::model(|| {
        let roster = Arc::new(Roster::new());
        let probe = Probe::new();
        let tenancy = seat(&roster, &probe);
        let pick = choose(&roster).unwrap();
        let finisher = thread::spawn(move || pick.finish(Outcome::Success));

        drop(roster.owner(tenancy));
        remove(&roster, tenancy);
        finisher.join().unwrap();
        assert_eq!(probe.released(), 1);
    });
}
