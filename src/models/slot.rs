//! Choosers against threads that change the slot under their hands.

use std::sync::Arc;

use loom::thread;

use super::fakes::{Host, Probe, choose, push, remove, seat};
use crate::outcome::Outcome;
use crate::peer::ConnectionStatus;
use crate::slot::SlotRef;
use crate::sync::{AtomicBool, Ordering};

/// A whole request.
fn request(host: &Host, slot: SlotRef) {
    if let Some(pick) = choose(host, slot) {
        assert_eq!(pick.identifier(), "probe");
        pick.finish(Outcome::Success);
    }
}

/// Two requests meet the removal of the only peer, and the next peer in its place.
#[test]
fn a_slot_is_retired_once_and_its_next_tenant_is_whole() {
    loom::model(|| {
        let host = Host::new();
        let (first, second) = (Probe::new(), Probe::new());
        let slot = seat(&host, &first);
        let choosers: Vec<_> = (0..2)
            .map(|_| {
                let host = Arc::clone(&host);
                thread::spawn(move || request(&host, slot))
            })
            .collect();

        remove(&host, slot);
        let slot = seat(&host, &second);
        for chooser in choosers {
            chooser.join().unwrap();
        }

        assert_eq!((first.released(), second.released()), (1, 0));
        request(&host, slot);
        assert!(choose(&host, slot).is_some(), "the second peer can be chosen");
        remove(&host, slot);
        assert_eq!((first.released(), second.released()), (1, 1));
        assert_eq!(host.roster.counts(), (0, 0));
    });
}

/// A request is finished on another thread than the one that chose, while the peer is removed.
#[test]
fn the_last_finish_and_the_removal_agree_who_releases() {
    loom::model(|| {
        let host = Host::new();
        let probe = Probe::new();
        let slot = seat(&host, &probe);
        let picks = [choose(&host, slot).unwrap(), choose(&host, slot).unwrap()];
        let finishers = picks.map(|pick| thread::spawn(move || pick.finish(Outcome::Success)));

        remove(&host, slot);
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
        let host = Host::new();
        let probe = Probe::new();
        let slot = seat(&host, &probe);
        let chooser = {
            let host = Arc::clone(&host);
            thread::spawn(move || request(&host, slot))
        };

        push(&host, slot, ConnectionStatus::Unavailable);
        push(&host, slot, ConnectionStatus::Available);
        chooser.join().unwrap();

        assert_eq!(host.roster.counts(), (1, 1));
        assert_eq!(host.roster.pending(slot).unwrap(), 0);
        assert_eq!(probe.released(), 0);
        remove(&host, slot);
        assert_eq!(probe.released(), 1);
    });
}

/// Two pushes at once: the one that began last wins, whichever is applied first.
#[test]
fn racing_pushes_converge_on_the_latest() {
    loom::model(|| {
        let host = Host::new();
        let slot = seat(&host, &Probe::new());
        // The transport's own view, read by each push between its two steps.
        let up = Arc::new(AtomicBool::new(true));
        let pusher = |value: bool| {
            let (host, up) = (Arc::clone(&host), Arc::clone(&up));
            move || {
                up.store(value, Ordering::SeqCst);
                let (_, number) = host.roster.begin_push(slot, None).expect("seated");
                let status = if up.load(Ordering::SeqCst) {
                    ConnectionStatus::Available
                } else {
                    ConnectionStatus::Unavailable
                };
                host.roster.apply(slot, number, status, None);
            }
        };
        let other = thread::spawn(pusher(false));
        pusher(true)();
        other.join().unwrap();
        assert_eq!(host.roster.counts().1 == 1, up.load(Ordering::SeqCst));
        remove(&host, slot);
    });
}

/// A status push reads the peer under the mutex, then the peer is removed: the last finish empties
/// the cells without the mutex, and must come after that read.
#[test]
fn a_push_before_the_removal_is_past_when_the_last_finish_empties_the_slot() {
    loom::model(|| {
        let host = Host::new();
        let probe = Probe::new();
        let slot = seat(&host, &probe);
        let pick = choose(&host, slot).unwrap();
        let finisher = thread::spawn(move || pick.finish(Outcome::Success));

        push(&host, slot, ConnectionStatus::Connecting);
        remove(&host, slot);
        finisher.join().unwrap();
        assert_eq!(probe.released(), 1);
    });
}

/// The same for a stop, which reads the slot's owner.
#[test]
fn an_owner_read_by_a_stop_is_past_when_the_last_finish_empties_the_slot() {
    loom::model(|| {
        let host = Host::new();
        let probe = Probe::new();
        let slot = seat(&host, &probe);
        let pick = choose(&host, slot).unwrap();
        let finisher = thread::spawn(move || pick.finish(Outcome::Success));

        drop(host.roster.retained(slot));
        remove(&host, slot);
        finisher.join().unwrap();
        assert_eq!(probe.released(), 1);
    });
}
