//! Threads that start and stop things from inside each other's callbacks do not wait in a circle.

use std::sync::Barrier;
use std::thread;

use peerage::{LifecycleError, Once, State};

type Done = Result<(), LifecycleError>;

/// `count` threads: each starts, or stops, one of as many and is then inside, with all the others,
/// when it asks the same of the next one.
fn around(count: usize, ask: impl Fn(&Once, &dyn Fn() -> Done) -> Done + Sync) -> Vec<Once> {
    let all: Vec<_> = (0..count).map(|n| Once::new(n.to_string())).collect();
    let inside = Barrier::new(count);
    thread::scope(|scope| {
        for n in 0..count {
            let (ask, all, inside) = (&ask, &all, &inside);
            scope.spawn(move || {
                let work = || {
                    inside.wait();
                    ask(&all[(n + 1) % count], &|| unreachable!("it is under way"))
                };
                ask(&all[n], &work).unwrap();
            });
        }
    });
    all
}

#[test]
fn starts_in_a_circle_all_come_to_their_end() {
    for count in 1..5 {
        for once in around(count, |once, work| once.start(work)) {
            assert_eq!(once.state(), State::Running);
        }
    }
}

#[test]
fn stops_in_a_circle_all_come_to_their_end() {
    for count in 1..5 {
        for once in around(count, |once, work| once.stop(work)) {
            assert_eq!(once.state(), State::Stopped);
        }
    }
}

/// Only the wait that would close the circle is left out.
#[test]
fn a_wait_that_ends_is_not_a_circle() {
    let (first, second) = (Once::new("first"), Once::new("second"));
    let inside = Barrier::new(2);
    thread::scope(|scope| {
        scope.spawn(|| {
            first.start(|| {
                inside.wait();
                // The thread that starts it is in no callback of something that this one does.
                second.start(|| unreachable!("it is under way")).unwrap();
                assert_eq!(second.state(), State::Running);
                Ok(())
            })
        });
        let begun = second.start(|| {
            inside.wait();
            thread::sleep(std::time::Duration::from_millis(20));
            Ok(())
        });
        begun.unwrap();
        // And the note of the wait is gone with it: this one waits for the thread that had waited.
        first.start(|| unreachable!("it is under way")).unwrap();
        assert_eq!(first.state(), State::Running);
    });
}
