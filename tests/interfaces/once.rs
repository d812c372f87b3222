//! The state machine of everything that starts and stops: yarpc-go's cases for `lifecycle.Once`,
//! with the answers of this crate where they differ on purpose.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::channel;
use std::thread;

use peerage::{LifecycleError, Once, State};

type Done = Result<(), LifecycleError>;

fn failed(text: &str) -> Done {
    Err(LifecycleError::other(text))
}

fn text(result: Done) -> String {
    result.unwrap_err().to_string()
}

fn is_stopped(result: &Done) -> bool {
    matches!(result, Err(LifecycleError::Stopped(name)) if &**name == "it")
}

fn never() -> Done {
    panic!("must not run")
}

#[test]
fn it_begins_idle() {
    assert_eq!(Once::new("it").state(), State::Idle);
}

#[test]
fn it_starts_and_stops_once() {
    let once = Once::new("it");
    once.start(|| {
        assert_eq!(once.state(), State::Starting);
        Ok(())
    })
    .unwrap();
    assert_eq!(once.state(), State::Running);
    once.start(never).unwrap();
    once.stop(|| {
        assert_eq!(once.state(), State::Stopping);
        Ok(())
    })
    .unwrap();
    assert_eq!(once.state(), State::Stopped);
    once.stop(never).unwrap();
    assert!(is_stopped(&once.start(never)));
    assert_eq!(once.state(), State::Stopped);
}

#[test]
fn a_stop_before_any_start_is_a_stop() {
    let once = Once::new("it");
    once.stop(|| Ok(())).unwrap();
    assert_eq!(once.state(), State::Stopped);
    let error = once.start(never);
    assert!(is_stopped(&error));
    assert_eq!(text(error), "\"it\" can't be started: it was stopped, and does not start again");
}

#[test]
fn a_start_that_fails_may_be_tried_again() {
    let once = Once::new("it");
    for attempt in ["first", "second"] {
        assert_eq!(text(once.start(|| failed(attempt))), attempt);
        assert_eq!(once.state(), State::Idle);
    }
    once.start(|| Ok(())).unwrap();
    assert_eq!(once.state(), State::Running);
}

#[test]
fn a_stop_that_fails_has_stopped_and_says_so_each_time() {
    let once = Once::new("it");
    once.start(|| Ok(())).unwrap();
    assert_eq!(text(once.stop(|| failed("stuck"))), "stuck");
    assert_eq!(once.state(), State::Stopped);
    assert_eq!(text(once.stop(never)), "stuck");
    assert!(is_stopped(&once.start(never)));
}

#[test]
fn a_panic_leaves_no_state_in_between() {
    let once = Once::new("it");
    assert!(text(once.start(|| panic!("dropped a plate"))).contains("dropped a plate"));
    assert_eq!(once.state(), State::Idle);
    once.start(|| Ok(())).unwrap();
    assert!(text(once.stop(|| panic!("dropped a cup"))).contains("dropped a cup"));
    assert_eq!(once.state(), State::Stopped);
    assert!(text(once.stop(never)).contains("dropped a cup"));
}

/// Runs `first`, whose work begins before and ends after `second` is called on threads.
fn overlap(
    once: &Once,
    first: impl FnOnce(&Once, &dyn Fn() -> Done) -> Done + Send,
    outcome: impl Fn() -> Done + Sync + Send,
    second: impl Fn(&Once) -> Done + Sync,
) -> (Done, Vec<Done>) {
    let ((begun, has_begun), (end, ended)) = (channel(), channel());
    let calls = AtomicUsize::new(0);
    thread::scope(|scope| {
        let first = scope.spawn(|| {
            let (begun, ended) = (begun, ended);
            let work = || {
                begun.send(()).unwrap();
                ended.recv().unwrap();
                outcome()
            };
            first(once, &work)
        });
        has_begun.recv().unwrap();
        let call = || {
            calls.fetch_add(1, Ordering::SeqCst);
            second(once)
        };
        let others: Vec<_> = (0..3).map(|_| scope.spawn(call)).collect();
        crate::support::until("three calls", || calls.load(Ordering::SeqCst) == 3);
        end.send(()).unwrap();
        let others = others.into_iter().map(|other| other.join().unwrap()).collect();
        (first.join().unwrap(), others)
    })
}

#[test]
fn starts_at_once_are_one_start_with_one_answer() {
    let once = Once::new("it");
    let (first, others) =
        overlap(&once, |once, work| once.start(work), || Ok(()), |once| once.start(never));
    assert!(first.is_ok() && others.iter().all(Result::is_ok));
    assert_eq!(once.state(), State::Running);
}

#[test]
fn a_start_during_one_that_fails_either_shares_its_error_or_is_the_next_try() {
    let once = Once::new("it");
    let again = |once: &Once| once.start(|| failed("refused again"));
    let (first, others) =
        overlap(&once, |once, work| once.start(work), || failed("refused"), again);
    assert_eq!(text(first), "refused");
    assert!(others.into_iter().all(|other| text(other).starts_with("refused")));
    assert_eq!(once.state(), State::Idle);
}

#[test]
fn stops_at_once_are_one_stop_with_one_error() {
    let once = Once::new("it");
    once.start(|| Ok(())).unwrap();
    let (first, others) =
        overlap(&once, |once, work| once.stop(work), || failed("stuck"), |once| once.stop(never));
    assert_eq!(text(first), "stuck");
    assert!(others.into_iter().all(|other| text(other) == "stuck"));
}

#[test]
fn a_start_during_a_stop_does_not_wait_for_its_end() {
    let once = Once::new("it");
    once.start(|| Ok(())).unwrap();
    once.stop(|| {
        // On another thread, joined from inside the stop: it must come back before the stop does.
        let start = thread::scope(|scope| scope.spawn(|| once.start(never)).join().unwrap());
        assert!(is_stopped(&start));
        Ok(())
    })
    .unwrap();
}

#[test]
fn a_stop_overtakes_a_start_that_is_under_way() {
    let once = Once::new("it");
    let start = once.start(|| {
        // It may not wait for the start, which waits for it here.
        thread::scope(|scope| scope.spawn(|| once.stop(|| Ok(()))).join().unwrap())
    });
    assert!(is_stopped(&start));
    assert_eq!(once.state(), State::Stopped);
}

#[test]
fn a_start_that_fails_after_it_was_overtaken_tells_its_own_error() {
    let once = Once::new("it");
    let start = once.start(|| {
        once.stop(|| Ok(())).unwrap();
        failed("refused")
    });
    assert_eq!(text(start), "refused");
    assert_eq!(once.state(), State::Stopped);
    once.stop(never).unwrap();
}

#[test]
fn those_who_wait_for_a_start_hear_of_the_stop_that_overtook_it() {
    let once = Once::new("it");
    let (first, others) = overlap(
        &once,
        |once, work| once.start(work),
        || once.stop(|| Ok(())),
        |once| once.start(never),
    );
    assert!(is_stopped(&first));
    assert!(others.iter().all(is_stopped));
}

#[test]
fn work_that_calls_itself_does_not_wait_for_itself() {
    let once = Once::new("it");
    once.start(|| once.start(never)).unwrap();
    assert_eq!(once.state(), State::Running);
    once.stop(|| {
        assert!(is_stopped(&once.start(never)));
        once.stop(never)
    })
    .unwrap();
    assert_eq!(once.state(), State::Stopped);
}

#[test]
fn states_have_names() {
    let states = [State::Idle, State::Starting, State::Running, State::Stopping, State::Stopped];
    let names = states.map(|state| state.to_string());
    assert_eq!(names, ["Idle", "Starting", "Running", "Stopping", "Stopped"]);
    assert_eq!(State::default(), State::Idle);
}
