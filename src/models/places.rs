//! One place, its holder, a waiter and a newcomer.

use std::sync::Arc;

use loom::thread;

use super::fakes::{self, Host, Probe, remove, seat_with_places};
use crate::outcome::Outcome;
use crate::slot::{Pick, SlotRef};
use crate::sync::{AtomicBool, AtomicUsize, Ordering};
use crate::wait::{Verdict, Waiter, Wants};

/// A peer that takes one request at a time.
fn choose(host: &Host, slot: SlotRef) -> Option<Pick> {
    let entry = host.roster.entry(slot);
    let seen = entry.word();
    (seen.count() == 0).then(|| entry.pin_from(seen).ok())?.map(|pinned| pinned.into_pick())
}

/// Waits for a place as `choose` does.
fn wait(
    host: &Host,
    slot: SlotRef,
    given: &AtomicUsize,
    choose: impl Fn(&Host, SlotRef) -> Option<Pick>,
) -> Pick {
    let mut was_woken = false;
    loop {
        if let Some(pick) = was_woken.then(|| choose(host, slot)).flatten() {
            return pick;
        }
        let waiter = Arc::new(Waiter::new());
        let entered = host.gate.enter(&waiter, None).expect("not closed");
        if let Some(pick) = choose(host, slot) {
            return pick;
        }
        entered.narrow(Wants::Place);
        let verdict = waiter.wait(None);
        entered.leave(&verdict);
        was_woken = true;
        match verdict {
            Verdict::Given(pin) => {
                given.fetch_add(1, Ordering::Relaxed);
                return pin.into_pick();
            }
            Verdict::Ready | Verdict::PlaceFree(_) => {}
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn a_place_is_handed_over_or_found_and_never_lost() {
    loom::model(|| {
        let (host, probe) = (Host::new(), Probe::new());
        let slot = seat_with_places(&host, &probe);
        let held = choose(&host, slot).expect("the place is free");
        let waiter = thread::spawn({
            let host = Arc::clone(&host);
            move || {
                let pick = wait(&host, slot, &AtomicUsize::new(0), choose);
                assert_eq!(host.roster.pending(slot), Some(1));
                pick.finish(Outcome::Success);
            }
        });
        held.finish(Outcome::Success);
        waiter.join().unwrap();
        assert_eq!((host.roster.pending(slot), host.gate.waiting()), (Some(0), 0));
        remove(&host, slot);
        assert_eq!(probe.released(), 1);
    });
}

/// The waiter sleeps already, so the place goes from hand to hand: the newcomer gets it only after
/// the waiter has given it back.
#[test]
fn a_newcomer_does_not_overtake_a_waiter() {
    loom::model(|| {
        let (host, probe) = (Host::new(), Probe::new());
        let slot = seat_with_places(&host, &probe);
        let held = choose(&host, slot).expect("the place is free");
        let waiter = Arc::new(Waiter::new());
        let entered = host.gate.enter(&waiter, None).expect("not closed");
        assert!(choose(&host, slot).is_none());
        entered.narrow(Wants::Place);

        let served = Arc::new(AtomicBool::new(false));
        let newcomer = thread::spawn({
            let (host, served) = (Arc::clone(&host), Arc::clone(&served));
            move || {
                if let Some(pick) = choose(&host, slot) {
                    assert!(served.load(Ordering::Acquire), "the waiter was first");
                    pick.finish(Outcome::Success);
                }
            }
        });
        held.finish(Outcome::Success);
        let Verdict::Given(pin) = waiter.wait(None) else { panic!("the place is handed over") };
        served.store(true, Ordering::Release);
        pin.into_pick().finish(Outcome::Success);
        newcomer.join().unwrap();
        assert_eq!(host.roster.pending(slot), Some(0));
        drop(entered);
        remove(&host, slot);
        assert_eq!(probe.released(), 1);
    });
}

/// The limit is in the word: no thread compares counts.
#[test]
fn a_limit_is_kept_by_the_pin_and_no_waiter_is_forgotten() {
    loom::model(|| {
        let (host, probe) = (Host::limited(1), Probe::new());
        let slot = seat_with_places(&host, &probe);
        let in_flight = Arc::new(AtomicUsize::new(0));
        let use_it = move |host: &Host, in_flight: &AtomicUsize, pick: Pick| {
            assert_eq!(in_flight.fetch_add(1, Ordering::Relaxed), 0, "two in flight");
            assert_eq!(host.roster.pending(slot), Some(1));
            in_flight.fetch_sub(1, Ordering::Relaxed);
            pick.finish(Outcome::Success);
        };
        let waiter = thread::spawn({
            let (host, in_flight) = (Arc::clone(&host), Arc::clone(&in_flight));
            move || {
                let pick = wait(&host, slot, &AtomicUsize::new(0), fakes::choose);
                use_it(&host, &in_flight, pick);
            }
        });
        if let Some(pick) = fakes::choose(&host, slot) {
            use_it(&host, &in_flight, pick);
        }
        waiter.join().unwrap();
        assert_eq!((host.roster.pending(slot), host.gate.waiting()), (Some(0), 0));
        remove(&host, slot);
        assert_eq!(probe.released(), 1);
    });
}

/// The removal takes the base away while requests end.
#[test]
fn a_limited_peer_is_released_once_by_the_last_that_leaves() {
    loom::model(|| {
        let (host, probe) = (Host::limited(2), Probe::new());
        let slot = seat_with_places(&host, &probe);
        let picks = [(); 2].map(|()| fakes::choose(&host, slot).expect("a place"));
        assert!(fakes::choose(&host, slot).is_none());
        let finishers = picks.map(|pick| thread::spawn(move || pick.finish(Outcome::Success)));
        remove(&host, slot);
        for finisher in finishers {
            finisher.join().unwrap();
        }
        assert_eq!(probe.released(), 1);
        // The slot of the next peer counts from its base again.
        let next = seat_with_places(&host, &probe);
        assert_eq!(host.roster.pending(next), Some(0));
        let picks = [(); 2].map(|()| fakes::choose(&host, next).expect("a place"));
        assert!(fakes::choose(&host, next).is_none());
        drop(picks);
        remove(&host, next);
        assert_eq!(probe.released(), 2);
    });
}
