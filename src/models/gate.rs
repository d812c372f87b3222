//! Waiters against wakers: no waiter sleeps through news, and one event alone ends a wait.

use std::sync::Arc;

use loom::thread;

use crate::sync::{AtomicBool, AtomicUsize, Ordering};
use crate::wait::{CancelToken, Gate, News, Ready, Verdict, Waiter, Wants, name_hash};

/// A gate and the news that callers wait for.
struct Door {
    gate: Gate,
    open: AtomicBool,
}

impl Door {
    fn new() -> Arc<Self> {
        Arc::new(Self { gate: Gate::new(), open: AtomicBool::new(false) })
    }

    /// As `choose` does. A lost wake-up is a deadlock, which the checker reports.
    fn pass(&self) {
        loop {
            let waiter = Arc::new(Waiter::new());
            let entered = self.gate.enter(&waiter, None).expect("not closed");
            if self.open.load(Ordering::Relaxed) {
                return;
            }
            entered.narrow(Wants::Peers(1));
            assert!(matches!(waiter.wait(None), Verdict::Ready));
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
        let gate = Arc::new(Gate::new());
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
        drop((registered, entered));
        assert_eq!(gate.waiting(), 0);
        assert!(gate.enter(&Arc::new(Waiter::new()), None).is_err(), "closed for good");
    });
}

#[test]
fn a_stop_reaches_whoever_enters_at_that_moment() {
    loom::model(|| {
        let gate = Arc::new(Gate::new());
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
