//! What a future must keep: a wake is not lost, a spurious one asks for nothing more, a drop leaves
//! nothing behind.

use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;

/// A waker that counts.
#[derive(Default)]
struct Counting(AtomicUsize);

impl Wake for Counting {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

impl Counting {
    fn woken(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }
}

fn list(options: &str) -> PeerList<RoundRobin> {
    let list = PeerList::new(RoundRobin::new(), Always::new(), options.parse().expect("options"));
    list.start().expect("started");
    list
}

fn poll(future: &mut Choosing<'_>, counting: &Arc<Counting>) -> Poll<Result<Pick, ChooseError>> {
    let waker = Waker::from(Arc::clone(counting));
    Pin::new(future).poll(&mut Context::from_waker(&waker))
}

#[test]
fn a_peer_that_comes_wakes_the_task_once() {
    let (list, woken) = (list(""), Arc::<Counting>::default());
    let mut future = choosing(&list, Request::new());
    for _ in 0..3 {
        assert!(poll(&mut future, &woken).is_pending());
    }
    assert_eq!(woken.woken(), 0);
    list.update(ListUpdates::adding(["a:80"])).expect("added");
    assert_eq!(woken.woken(), 1);
    assert!(matches!(poll(&mut future, &woken), Poll::Ready(Ok(_))));
}

#[test]
fn the_waker_of_the_last_poll_counts() {
    let list = list("");
    let (first, last) = (Arc::<Counting>::default(), Arc::<Counting>::default());
    let mut future = choosing(&list, Request::new());
    assert!(poll(&mut future, &first).is_pending());
    assert!(poll(&mut future, &last).is_pending());
    list.update(ListUpdates::adding(["a:80"])).expect("added");
    assert_eq!((first.woken(), last.woken()), (0, 1));
}

#[test]
fn a_future_that_is_dropped_waits_no_more() {
    let (list, woken) = (list("max-waiting=1"), Arc::<Counting>::default());
    let mut future = choosing(&list, Request::new());
    assert!(poll(&mut future, &woken).is_pending());
    assert_eq!(list.stats().waiting, 1);
    drop(future);
    assert_eq!(list.stats().waiting, 0);
    list.update(ListUpdates::adding(["a:80"])).expect("added");
    assert_eq!(woken.woken(), 0);
}

#[test]
fn one_more_than_may_wait_is_refused_and_does_not_spin() {
    let (list, woken) = (list("max-waiting=1"), Arc::<Counting>::default());
    let mut first = choosing(&list, Request::new());
    assert!(poll(&mut first, &woken).is_pending());
    let mut second = choosing(&list, Request::new());
    let refused = Arc::<Counting>::default();
    assert!(poll(&mut second, &refused).is_pending());
    assert_eq!(refused.woken(), 1);
    assert!(matches!(poll(&mut second, &refused), Poll::Ready(Err(_))));
    assert_eq!(woken.woken(), 0);
}

#[test]
fn what_time_does_not_help_is_an_error_at_once() {
    let (list, woken) = (list(""), Arc::<Counting>::default());
    list.stop().expect("stopped");
    let Poll::Ready(Err(error)) = poll(&mut choosing(&list, Request::new()), &woken) else {
        panic!("it waits for a list that has stopped");
    };
    assert_eq!(error.kind(), ChooseErrorKind::Stopped);
}

#[test]
fn a_stop_ends_the_wait() {
    let (list, woken) = (list(""), Arc::<Counting>::default());
    let mut future = choosing(&list, Request::new());
    assert!(poll(&mut future, &woken).is_pending());
    list.stop().expect("stopped");
    assert_eq!(woken.woken(), 1);
    assert!(matches!(poll(&mut future, &woken), Poll::Ready(Err(_))));
}

/// Eight tasks, each on a thread of its own, want the one place there is: each gets it in turn.
#[test]
fn every_task_gets_its_turn() {
    let list = list("max-pending=1");
    list.update(ListUpdates::adding(["a:80"])).expect("added");
    let done = AtomicUsize::new(0);
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for _ in 0..200 {
                    let minute = Duration::from_secs(60);
                    let pick = block_on(choosing(&list, Request::new()), minute);
                    let pick = pick.expect("no wake-up was lost").expect("a peer");
                    thread::yield_now();
                    pick.finish(Outcome::Success);
                    done.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
    });
    assert_eq!(done.into_inner(), 1600);
    assert_eq!((list.stats().pending, list.stats().waiting), (0, 0));
}
