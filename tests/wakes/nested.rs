//! Notices are not given one inside another, however they come due.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::thread;

use peerage::policy::RoundRobin;
use peerage::testing::FakeTransport;
use peerage::{
    Chooser, ConnectionStatus, Direct, DirectOptions, Lifecycle, List as _, ListOptions,
    ListUpdates, PeerList, Ready, Request,
};

/// Deeper than any stack, if each were inside the one before.
const TURNS: usize = 100_000;

fn running() -> (Arc<PeerList<RoundRobin>>, Arc<FakeTransport>) {
    let transport = FakeTransport::with_initial_status(ConnectionStatus::Unavailable);
    let list = PeerList::new(RoundRobin::new(), transport.clone(), ListOptions::new());
    list.start().expect("starts");
    list.update(ListUpdates::adding(["a"])).expect("adds");
    (Arc::new(list), transport)
}

/// Asks for a notice that asks for the next one, and does something else besides.
fn again(
    chooser: &Arc<impl Chooser + 'static>,
    turns: &Arc<AtomicUsize>,
    besides: impl Fn() + Send + Clone + 'static,
) {
    let (same, so_far, besides) = (Arc::clone(chooser), Arc::clone(turns), besides);
    let notice = move |_: Ready| {
        if so_far.fetch_add(1, Ordering::Relaxed) + 1 < TURNS {
            again(&same, &so_far, besides.clone());
            besides();
        }
    };
    let _ = chooser.notify_ready(&Request::new(), Box::new(notice));
}

fn turns(
    chooser: &Arc<impl Chooser + 'static>,
    besides: impl Fn() + Send + Clone + 'static,
) -> usize {
    let turns = Arc::new(AtomicUsize::new(0));
    again(chooser, &turns, besides);
    turns.load(Ordering::Relaxed)
}

#[test]
fn of_a_peer_that_is_there() {
    let (list, transport) = running();
    transport.set_status("a", ConnectionStatus::Available);
    assert_eq!(turns(&list, || ()), TURNS, "given before the first call returns");
    assert_eq!(list.waiting(), 0);
}

#[test]
fn of_a_list_that_has_stopped() {
    let (list, _) = running();
    list.stop().expect("stops");
    assert_eq!(turns(&list, || ()), TURNS);
}

#[test]
fn of_a_request_that_cannot_succeed() {
    let direct = Direct::new(FakeTransport::new(), DirectOptions::new());
    direct.start().expect("starts");
    assert_eq!(turns(&Arc::new(direct), || ()), TURNS, "it names no peer");
}

#[test]
fn by_a_push_of_its_own() {
    let (list, transport) = running();
    let flap = move || {
        transport.set_status("a", ConnectionStatus::Unavailable);
        transport.set_status("a", ConnectionStatus::Available);
    };
    let turns = Arc::new(AtomicUsize::new(0));
    again(&list, &turns, flap.clone());
    flap();
    assert_eq!(turns.load(Ordering::Relaxed), TURNS);
}

#[test]
fn of_two_lists_by_turns() {
    let (one, transport) = running();
    let (other, others) = running();
    transport.set_status("a", ConnectionStatus::Available);
    others.set_status("a", ConnectionStatus::Available);
    fn again(lists: &[Arc<PeerList<RoundRobin>>; 2], so_far: usize) {
        let next = lists.clone();
        let notice = move |_: Ready| {
            if so_far < TURNS {
                again(&[Arc::clone(&next[1]), Arc::clone(&next[0])], so_far + 1);
            }
        };
        let _ = lists[0].notify_ready(&Request::new(), Box::new(notice));
    }
    again(&[one, other], 0);
}

/// All that were due before it come first.
#[test]
fn in_the_order_in_which_they_come_due() {
    let (list, transport) = running();
    let order = Arc::new(Mutex::new(vec![]));
    for n in 0..3 {
        let (same, said) = (Arc::clone(&list), Arc::clone(&order));
        let notice = move |_: Ready| {
            let later = Arc::clone(&said);
            let next = move |_: Ready| later.lock().unwrap().push(n + 10);
            assert!(same.notify_ready(&Request::new(), Box::new(next)).is_none());
            said.lock().unwrap().push(n);
        };
        assert!(list.notify_ready(&Request::new(), Box::new(notice)).is_some());
    }
    transport.set_status("a", ConnectionStatus::Available);
    assert_eq!(*order.lock().unwrap(), [0, 1, 2, 10, 11, 12]);
}

/// A notice that takes its time keeps none but its own thread's.
#[test]
fn of_another_thread_at_once() {
    let (list, transport) = running();
    transport.set_status("a", ConnectionStatus::Available);
    let (inside, is_inside) = mpsc::channel();
    let (go_on, may_go_on) = mpsc::channel::<()>();
    let slow = {
        let list = Arc::clone(&list);
        thread::spawn(move || {
            let notice = move |_: Ready| {
                inside.send(()).unwrap();
                may_go_on.recv().unwrap();
            };
            list.notify_ready(&Request::new(), Box::new(notice))
        })
    };
    is_inside.recv().unwrap();
    let given = Arc::new(AtomicUsize::new(0));
    let said = Arc::clone(&given);
    let notice = move |_: Ready| said.store(1, Ordering::Relaxed);
    assert!(list.notify_ready(&Request::new(), Box::new(notice)).is_none());
    assert_eq!(given.load(Ordering::Relaxed), 1);
    go_on.send(()).unwrap();
    assert!(slow.join().unwrap().is_none());
}

/// It is not an error of the notices that are due after it.
#[test]
fn after_one_that_panics() {
    let (list, transport) = running();
    transport.set_status("a", ConnectionStatus::Available);
    let given = Arc::new(AtomicUsize::new(0));
    let (same, said) = (Arc::clone(&list), Arc::clone(&given));
    let notice = move |_: Ready| {
        let next = move |_: Ready| said.store(1, Ordering::Relaxed);
        assert!(same.notify_ready(&Request::new(), Box::new(next)).is_none());
        panic!("of the test");
    };
    assert!(list.notify_ready(&Request::new(), Box::new(notice)).is_none());
    assert_eq!(given.load(Ordering::Relaxed), 1);
}
