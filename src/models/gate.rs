//! Waiters against wakers: no waiter sleeps through news, and one event alone ends a wait.

use std::sync::Arc;

use loom::thread;

use super::fakes::gate;
use crate::sync::{AtomicBool, AtomicUsize, Ordering};
use crate::wait::{CancelToken, Gate, News, QueueOrder, Ready, Verdict, Waiter, Wants, name_hash};

/// A gate and the news that callers wait for.
struct Door {
    gate: Gate,
    open: AtomicBool,
}

impl Door {
    fn new() -> Arc<Self> {
        Arc::new(Self { gate: gate(QueueOrder::Fifo, None), open: AtomicBool::new(false) })
    }

    /// As `choose` does. A lost wake-up is a deadlock, which the checker reports.
    fn pass(&self) {
        let mut was_woken = false;
        loop {
            if was_woken && self.open.load(Ordering::Relaxed) {
                return;
            }
            let waiter = Arc::new(Waiter::new());
            let entered = self.gate.enter(&waiter, None).expect("not closed");
            if self.open.load(Ordering::Relaxed) {
                return;
            }
            entered.narrow(Wants::Peers(1));
            let verdict = waiter.wait(None);
            assert!(matches!(verdict, Verdict::Ready));
            entered.leave(&verdict);
            was_woken = true;
        }
    }

    fn publish(&self) {
        self.open.store(true, Ordering::Relaxed);
        self.gate.wake(News::Up { name: "a", available: 1 });
    }
}

#[test]
fn no_wake_up_is_lost() {
    loom::model(|| {
        let door = Door::new();
        let waiters: Vec<_> = (0..2)
            .map(|_| {
                let door = Arc::clone(&door);
                thread::spawn(move || door.pass())
            })
            .collect();
        door.publish();
        for waiter in waiters {
            waiter.join().unwrap();
        }
        assert_eq!(door.gate.waiting(), 0);
    });
}

#[test]
fn a_notice_is_given_once_and_not_lost() {
    loom::model(|| {
        let door = Door::new();
        let given = Arc::new(AtomicUsize::new(0));
        let asker = {
            let (door, given) = (Arc::clone(&door), Arc::clone(&given));
            thread::spawn(move || {
                let notice = Box::new(move |ready| {
                    assert_eq!(ready, Ready::TryAgain);
                    given.fetch_add(1, Ordering::Relaxed);
                });
                let id = door.gate.enter_notice(notice).expect("not closed");
                if door.open.load(Ordering::Relaxed) {
                    door.gate.give(id);
                } else {
                    door.gate.narrow(id, Wants::Name(name_hash(b"a")));
                }
            })
        };
        door.publish();
        asker.join().unwrap();
        assert_eq!(given.load(Ordering::Relaxed), 1);
    });
}

/// The deadline is a thread here: any moment may be the one when it passes.
#[test]
fn one_of_wake_timeout_cancel_and_stop_ends_a_wait() {
    loom::model(|| {
        let gate = Arc::new(gate(QueueOrder::Fifo, None));
        let token = CancelToken::new();
        let waiter = Arc::new(Waiter::new());
        let won = Arc::new(AtomicUsize::new(0));

        let entered = gate.enter(&waiter, None).expect("not closed");
        let registered = token.register(&waiter);
        let others = [
            thread::spawn({
                let gate = Arc::clone(&gate);
                move || gate.wake(News::Everything)
            }),
            thread::spawn({
                let (waiter, won) = (Arc::clone(&waiter), Arc::clone(&won));
                move || {
                    if waiter.decide(Verdict::TimedOut).is_ok() {
                        won.fetch_add(1, Ordering::Relaxed);
                    }
                }
            }),
            thread::spawn({
                let token = token.clone();
                move || token.trigger()
            }),
        ];
        let verdict = waiter.wait(None);
        gate.close();
        for other in others {
            other.join().unwrap();
        }
        assert!(waiter.decide(Verdict::Ready).is_err(), "decided once");
        let timed_out = won.load(Ordering::Relaxed) == 1;
        assert_eq!(timed_out, matches!(verdict, Verdict::TimedOut));
        assert!(matches!(verdict, Verdict::Ready | Verdict::TimedOut | Verdict::Cancelled));
        drop(registered);
        entered.leave(&verdict);
        assert_eq!(gate.waiting(), 0, "it has left, whatever ended its wait");
        assert!(gate.enter(&Arc::new(Waiter::new()), None).is_err(), "closed for good");
    });
}

#[test]
fn a_stop_reaches_whoever_enters_at_that_moment() {
    loom::model(|| {
        let gate = Arc::new(gate(QueueOrder::Fifo, None));
        let stopper = {
            let gate = Arc::clone(&gate);
            thread::spawn(move || gate.close())
        };
        let waiter = Arc::new(Waiter::new());
        if let Ok(_entered) = gate.enter(&waiter, None) {
            assert!(matches!(waiter.wait(None), Verdict::Stopped));
        }
        stopper.join().unwrap();
    });
}

#[test]
fn a_cancel_reaches_whoever_registers_at_that_moment() {
    loom::model(|| {
        let token = CancelToken::new();
        let canceller = {
            let token = token.clone();
            thread::spawn(move || token.trigger())
        };
        let waiter = Arc::new(Waiter::new());
        let registered = token.register(&waiter);
        assert!(matches!(waiter.wait(None), Verdict::Cancelled));
        drop(registered);
        canceller.join().unwrap();
    });
}

#[test]
fn no_more_wait_than_may() {
    loom::model(|| {
        let gate = Arc::new(gate(QueueOrder::Fifo, Some(1)));
        let waiting = Arc::new(AtomicUsize::new(0));
        let callers = [(); 2].map(|()| {
            let (gate, waiting) = (Arc::clone(&gate), Arc::clone(&waiting));
            thread::spawn(move || {
                let admission = gate.admit();
                if admission.is_some() {
                    assert_eq!(waiting.fetch_add(1, Ordering::Relaxed), 0, "two wait");
                    waiting.fetch_sub(1, Ordering::Relaxed);
                }
                admission.is_some()
            })
        });
        let admitted = callers.map(|caller| caller.join().unwrap());
        assert!(admitted.contains(&true), "there is room for one");
        assert!(gate.admit().is_some(), "both have left");
    });
}

/// The word of a place goes on from a waiter to which it is of no use, in the order of the gate.
#[test]
fn a_word_that_is_passed_on_reaches_the_one_that_can_use_it() {
    for order in [QueueOrder::Fifo, QueueOrder::Lifo] {
        loom::model(move || {
            let gate = Arc::new(gate(order, None));
            let enter = || {
                let waiter = Arc::new(Waiter::new());
                let entered = gate.enter(&waiter, None).expect("not closed");
                entered.narrow(Wants::Place);
                (entered.arrival(), waiter, entered)
            };
            let (old, new) = (enter(), enter());
            let (first, second) = if order == QueueOrder::Fifo { (old, new) } else { (new, old) };
            let finish = {
                let gate = Arc::clone(&gate);
                thread::spawn(move || gate.place_freed(true))
            };
            let Verdict::PlaceFree(turn) = first.1.wait(None) else { panic!("the word is its") };
            gate.pass_on(first.0, turn);
            assert!(matches!(second.1.wait(None), Verdict::PlaceFree(_)));
            finish.join().unwrap();
        });
    }
}
