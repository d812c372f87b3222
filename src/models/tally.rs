//! Readers of the numbers, against requests that begin and end and peers that leave.

use std::sync::Arc;

use loom::thread;

use super::fakes::{Host, Probe, choose, remove, seat, seat_with_places};
use crate::outcome::Outcome;
use crate::slot::{CHOSEN, MOST_CHOSEN, Pick, SlotRef};
use crate::sync::Ordering;
use crate::wait::{Entered, Verdict, Waiter, Wants};

/// The peer's numbers: chosen so often, success, failure.
fn counted(host: &Host, slot: SlotRef) -> (u64, u64, u64) {
    let counted = host.roster.see(slot).expect("it is in the list").counted;
    let (outcomes, pending) = (counted.outcomes, u64::from(counted.pending));
    (outcomes.total() + pending, outcomes.success, outcomes.failure)
}

/// Has the peer been chosen so often, and with success.
fn chosen_before(host: &Host, slot: SlotRef, times: u64) {
    host.roster.entry(slot).slot().add_to_word(CHOSEN * times);
}

/// A caller that waits for a place. It leaves when what is returned with it is dropped.
fn waits(host: &Host) -> (Arc<Waiter>, Entered<'_>) {
    let waiter = Arc::new(Waiter::new());
    let entered = host.gate.enter(&waiter, None).expect("not closed");
    entered.narrow(Wants::Place);
    (waiter, entered)
}

/// The place that a caller that waits is given.
fn given(waiter: &Waiter) -> Pick {
    let Verdict::Given(pin) = waiter.wait(None) else { panic!("the place is handed over") };
    pin.into_pick()
}

/// Two requests take the number of choices past half of what the word can count, one of them fails, and a
/// reader looks twice meanwhile.
#[test]
fn successes_are_never_too_many_and_never_fewer_than_before() {
    const BEFORE: u64 = MOST_CHOSEN / 2 - 1;
    loom::model(|| {
        let (host, probe) = (Host::new(), Probe::new());
        let slot = seat(&host, &probe);
        chosen_before(&host, slot, BEFORE);
        let requests = [Outcome::Success, Outcome::Failure].map(|outcome| {
            let host = Arc::clone(&host);
            thread::spawn(move || choose(&host, slot).expect("it is available").finish(outcome))
        });
        // The first look may find the failure counted and not the choice that it belongs to.
        let mut last = BEFORE - 1;
        for _ in 0..2 {
            let (_, success, failure) = counted(&host, slot);
            assert!((last..=BEFORE + 1).contains(&success), "{last} {success}");
            assert!(failure <= 1);
            last = success;
        }
        for request in requests {
            request.join().unwrap();
        }
        assert_eq!(counted(&host, slot), (BEFORE + 2, BEFORE + 1, 1));
        assert_eq!(host.roster.totals().ended, BEFORE + 2);
        remove(&host, slot);
        assert_eq!(host.roster.totals().ended, BEFORE + 2);
    });
}

/// Of two peers one leaves while all are counted: what it was chosen for is counted once.
#[test]
fn a_peer_that_leaves_during_a_look_is_counted_once() {
    loom::model(|| {
        let host = Host::new();
        let slots = [seat(&host, &Probe::new()), seat(&host, &Probe::new())];
        for slot in slots {
            choose(&host, slot).expect("it is available").finish(Outcome::Success);
        }
        let looks = thread::spawn({
            let host = Arc::clone(&host);
            move || host.roster.totals().ended
        });
        remove(&host, slots[0]);
        let next = seat(&host, &Probe::new());
        remove(&host, slots[1]);
        assert_eq!(looks.join().unwrap(), 2);
        assert_eq!(host.roster.totals().ended, 2);
        remove(&host, next);
    });
}

/// The request that hands its place over has failed: a reader that finds it ended finds no success.
#[test]
fn a_failure_that_hands_its_place_over_is_no_success() {
    loom::model(|| {
        let (host, probe) = (Host::limited(1), Probe::new());
        let slot = seat_with_places(&host, &probe);
        let held = choose(&host, slot).expect("the place is free");
        let (waiter, entered) = waits(&host);
        let holder = thread::spawn(move || held.finish(Outcome::Failure));
        assert_eq!(counted(&host, slot).1, 0);
        holder.join().unwrap();
        let pick = given(&waiter);
        assert_eq!(counted(&host, slot), (2, 0, 1));
        pick.finish(Outcome::Success);
        assert_eq!(counted(&host, slot), (2, 1, 1));
        drop(entered);
        remove(&host, slot);
    });
}

/// A place goes from hand to hand while its peer leaves: both requests are counted.
#[test]
fn a_place_that_is_handed_over_is_another_request_even_if_its_peer_leaves() {
    loom::model(|| {
        let (host, probe) = (Host::limited(1), Probe::new());
        let slot = seat_with_places(&host, &probe);
        let held = choose(&host, slot).expect("the place is free");
        let (waiter, entered) = waits(&host);
        let holder = thread::spawn(move || held.finish(Outcome::Success));
        remove(&host, slot);
        holder.join().unwrap();
        let pick = given(&waiter);
        let late = || host.late.load(Ordering::Relaxed);
        assert_eq!(host.roster.totals().ended + late(), 1);
        pick.finish(Outcome::Success);
        assert_eq!(host.roster.totals().ended + late(), 2);
        drop(entered);
        assert_eq!(probe.released(), 1);
    });
}
