//! Callers that wait for a peer, woken by one push of its status, against a bare `Condvar`.
//!
//! The same threads wait for both by turns, and both are timed from just before the call to the moment
//! when the last of the threads has what it waited for. The median of each counts: most of it is the
//! system's, and its worst cases say nothing of either.

use std::hint::black_box;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use peerage::policy::Random;
use peerage::{Chooser, Outcome, PeerList, Ready, Request, Subscriber, Wait};

use crate::peers::{self, BenchTransport};
use crate::table::Report;
use crate::timing::Effort;

/// What a waiting thread needs of its stack, generously.
const STACK: usize = 64 << 10;

pub(crate) fn rows(report: &mut Report, effort: Effort) {
    let many = effort.many.min(10_000);
    for (waiters, rounds) in
        [(1, effort.repetitions * 20), (64, effort.repetitions * 5), (many, effort.repetitions / 2)]
    {
        let threads = Threads::start(waiters);
        let (mut bares, mut lists) = (vec![], vec![]);
        for _ in 0..rounds.max(1) {
            bares.push(threads.wake_bare());
            lists.push(threads.wake_list());
        }
        let (bare, list) = (median(bares), median(lists));
        let measured = format!("{:.1} µs, a Condvar {:.1} µs", list / 1e3, bare / 1e3);
        let what = format!("{waiters} that wait for a peer woken by one push");
        report.row(&what, &measured, list / bare, " ×", 1.5);
    }
    notices(report, effort, many);
}

fn median(mut times: Vec<u64>) -> f64 {
    times.sort_unstable();
    times[times.len() / 2] as f64
}

/// From one thread's call to the end of the last of others.
struct Timer {
    since: Instant,
    from: AtomicU64,
    to: AtomicU64,
    running: AtomicUsize,
}

impl Timer {
    fn new() -> Self {
        let (from, to) = (AtomicU64::new(0), AtomicU64::new(0));
        Self { since: Instant::now(), from, to, running: AtomicUsize::new(0) }
    }

    fn now(&self) -> u64 {
        self.since.elapsed().as_nanos() as u64
    }

    /// Nanoseconds until so many threads have run.
    fn time(&self, threads: usize, wake: impl FnOnce()) -> u64 {
        self.running.store(threads, Ordering::Relaxed);
        self.from.store(self.now(), Ordering::Release);
        wake();
        until(|| self.running.load(Ordering::Acquire) == 0);
        self.to.load(Ordering::Relaxed) - self.from.load(Ordering::Relaxed)
    }

    /// One of the threads has run.
    fn has_run(&self) {
        // Before it is counted; that of the last is the latest, but for a few nanoseconds.
        let now = self.now();
        self.to.fetch_max(now, Ordering::Relaxed);
        self.running.fetch_sub(1, Ordering::AcqRel);
    }
}

/// Without taking the processor from the threads that are waited for.
fn until(holds: impl Fn() -> bool) {
    while !holds() {
        thread::sleep(Duration::from_micros(200));
    }
}

/// What a bare `Condvar` needs to be one.
#[derive(Default)]
struct Door {
    is_open: bool,
    waiting: usize,
}

struct Shared {
    door: Mutex<Door>,
    opened: Condvar,
    list: PeerList<Random>,
    timer: Timer,
}

/// Threads that wait for the door, and then for a peer of the list, and so on until the process ends.
struct Threads {
    shared: Arc<Shared>,
    transport: Arc<BenchTransport>,
    subscribers: Vec<Arc<dyn Subscriber>>,
    count: usize,
}

impl Threads {
    fn start(count: usize) -> Self {
        let (list, transport) = peers::filled(peers::random(), 1);
        let subscribers = transport.subscribers();
        transport.flip(&subscribers, 0);
        let (door, opened) = (Mutex::default(), Condvar::new());
        let shared = Arc::new(Shared { door, opened, list, timer: Timer::new() });
        for _ in 0..count {
            let shared = Arc::clone(&shared);
            let thread = thread::Builder::new().stack_size(STACK);
            thread.spawn(move || shared.wait()).expect("there is room for another thread");
        }
        Self { shared, transport, subscribers, count }
    }

    fn wake_bare(&self) -> u64 {
        let shared = &*self.shared;
        let door = || shared.door.lock().expect("no panic");
        until(|| door().waiting == self.count);
        self.settle();
        let took = shared.timer.time(self.count, || {
            door().is_open = true;
            shared.opened.notify_all();
        });
        door().is_open = false;
        took
    }

    fn wake_list(&self) -> u64 {
        let shared = &*self.shared;
        until(|| shared.list.waiting() == self.count);
        self.settle();
        let push = || self.transport.flip(&self.subscribers, 0);
        let took = shared.timer.time(self.count, push);
        push();
        took
    }

    /// The last that came may not sleep yet.
    fn settle(&self) {
        thread::sleep(Duration::from_micros(500 + self.count as u64));
    }
}

impl Shared {
    fn wait(&self) {
        loop {
            let mut door = self.door.lock().expect("no panic");
            door.waiting += 1;
            let mut door = self.opened.wait_while(door, |door| !door.is_open).expect("no panic");
            door.waiting -= 1;
            drop(door);
            self.timer.has_run();
            let pick = self.list.choose(&Request::new(), Wait::forever()).expect("it never stops");
            self.timer.has_run();
            pick.finish(Outcome::Success);
        }
    }
}

/// Notices in place of threads: each asks for a peer when it is given, against as many calls.
fn notices(report: &mut Report, effort: Effort, count: usize) {
    let (list, transport) = peers::filled(peers::random(), 1);
    let (list, subscribers) = (Arc::new(list), transport.subscribers());
    let (mut bares, mut lists) = (vec![], vec![]);
    for _ in 0..effort.repetitions.max(1) {
        let call = |_: usize| -> Box<dyn FnOnce(Ready) + Send> {
            let list = Arc::clone(&list);
            Box::new(move |_| {
                list.try_choose(&Request::new()).expect("it is there").finish(Outcome::Success);
            })
        };
        let calls: Vec<_> = (0..count).map(call).collect();
        let begun = Instant::now();
        calls.into_iter().for_each(|call| black_box(call)(Ready::TryAgain));
        bares.push(begun.elapsed().as_nanos() as u64);

        transport.flip(&subscribers, 0);
        for n in 0..count {
            assert!(list.notify_ready(&Request::new(), call(n)).is_some(), "no peer is there");
        }
        let begun = Instant::now();
        transport.flip(&subscribers, 0);
        lists.push(begun.elapsed().as_nanos() as u64);
    }
    let each = |times| median(times) / count as f64;
    let (bare, list) = (each(bares), each(lists));
    let measured = format!("{list:.0} ns each, a call {bare:.0} ns");
    report.note(
        &format!("{count} notices given by one push"),
        &measured,
        &format!("{:.2} ×", list / bare),
    );
}
