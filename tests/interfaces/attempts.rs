//! Who waits for a start that another thread has begun waits for that attempt, not for the next.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use peerage::{LifecycleError, Once, State};

use crate::support::until;

const ROUNDS: usize = 60;

fn failed(text: &str) -> Result<(), LifecycleError> {
    Err(LifecycleError::other(text))
}

/// Lets others run, so that a thread that was about to call has called.
fn yields() {
    (0..50).for_each(|_| thread::yield_now());
}

/// Starts twice, both times in vain, the second time at once. Returns what a start on another
/// thread answered that began during the first.
fn shared() -> String {
    let once = Once::new("it");
    let calling = AtomicBool::new(false);
    let text = thread::scope(|scope| {
        let (once, calling) = (&once, &calling);
        let mut other = None;
        let first = once.start(|| {
            other = Some(scope.spawn(|| {
                calling.store(true, Ordering::Release);
                once.start(|| failed("its own")).unwrap_err().to_string()
            }));
            until("it calls", || calling.load(Ordering::Acquire));
            yields();
            failed("the first")
        });
        assert_eq!(first.unwrap_err().to_string(), "the first");
        let second = once.start(|| {
            yields();
            failed("the second")
        });
        assert!(["the second", "its own"].contains(&&*second.unwrap_err().to_string()));
        other.expect("spawned").join().unwrap()
    });
    assert_eq!(once.state(), State::Idle);
    text
}

/// A thread that has not called yet when it says so waits for the second attempt, or makes its own:
/// so most rounds count, not all.
#[test]
fn a_start_that_failed_is_answered_though_the_next_attempt_has_begun() {
    let answers: Vec<String> = (0..ROUNDS).map(|_| shared()).collect();
    assert!(answers.iter().all(|text| ["the first", "the second", "its own"].contains(&&**text)));
    let first = answers.iter().filter(|text| *text == "the first").count();
    assert!(first > ROUNDS / 2, "{first} of {ROUNDS} shared the answer of what they waited for");
}
