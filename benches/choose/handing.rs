//! A place that changes hands: from the end of a request to the caller that waited for it, against a
//! bare `Condvar`.
//!
//! Both wake one of several threads that wait, and both are timed from just before the call to the
//! moment when the woken thread has what it waited for. They take turns, and the median of each counts:
//! most of it is the system's, and its worst cases say nothing of either.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use peerage::policy::Random;
use peerage::transports::Always;
use peerage::{
    Chooser, Lifecycle, List as _, ListOptions, ListUpdates, Outcome, PeerList, Pick, Request, Wait,
};

use crate::table::Report;
use crate::timing::Effort;

pub(crate) fn rows(report: &mut Report, effort: Effort) {
    for waiters in [1, 64] {
        let (bare, list) = (Bare::with(waiters), OfList::with(waiters));
        let (mut bares, mut lists) = (vec![], vec![]);
        for _ in 0..effort.repetitions * 50 {
            bares.push(bare.wake());
            lists.push(list.wake());
        }
        let (bare, list) = (median(bares), median(lists));
        let measured = format!("{:.1} µs, a Condvar {:.1} µs", list / 1e3, bare / 1e3);
        let what = format!("a place handed to one of {waiters} that wait");
        report.row(&what, &measured, list / bare, " ×", 1.5);
    }
}

fn median(mut times: Vec<u64>) -> f64 {
    times.sort_unstable();
    times[times.len() / 2] as f64
}

/// When the wake-up began and how long it took, in nanoseconds.
struct Timer {
    begun: Instant,
    from: AtomicU64,
    took: AtomicU64,
}

const NOT_YET: u64 = u64::MAX;

impl Timer {
    fn new() -> Self {
        Self { begun: Instant::now(), from: AtomicU64::new(0), took: AtomicU64::new(NOT_YET) }
    }

    fn now(&self) -> u64 {
        self.begun.elapsed().as_nanos() as u64
    }

    fn time(&self, wake: impl FnOnce()) -> u64 {
        self.took.store(NOT_YET, Ordering::Relaxed);
        self.from.store(self.now(), Ordering::Release);
        wake();
        until(|| self.took.load(Ordering::Acquire) != NOT_YET);
        self.took.load(Ordering::Relaxed)
    }

    fn woken(&self) {
        self.took.store(self.now() - self.from.load(Ordering::Acquire), Ordering::Release);
    }
}

/// Without taking the processor from the threads that are waited for.
fn until(holds: impl Fn() -> bool) {
    while !holds() {
        thread::sleep(Duration::from_micros(20));
    }
}

#[derive(Default)]
struct Token {
    is_there: bool,
    waiting: usize,
}

/// Threads that wait for one token.
struct Bare {
    shared: Arc<(Mutex<Token>, Condvar, Timer)>,
    waiters: usize,
}

impl Bare {
    fn with(waiters: usize) -> Self {
        let shared = Arc::new((Mutex::<Token>::default(), Condvar::new(), Timer::new()));
        for _ in 0..waiters {
            let shared = Arc::clone(&shared);
            // They wait until the process ends.
            thread::spawn(move || {
                let (token, there, timer) = &*shared;
                loop {
                    let mut token = token.lock().expect("no panic");
                    token.waiting += 1;
                    let mut token =
                        there.wait_while(token, |token| !token.is_there).expect("no panic");
                    token.is_there = false;
                    token.waiting -= 1;
                    drop(token);
                    timer.woken();
                }
            });
        }
        Self { shared, waiters }
    }

    fn wake(&self) -> u64 {
        let (token, there, timer) = &*self.shared;
        until(|| token.lock().expect("no panic").waiting == self.waiters);
        timer.time(|| {
            token.lock().expect("no panic").is_there = true;
            there.notify_one();
        })
    }
}

/// Callers that wait for one place.
struct OfList {
    list: Arc<PeerList<Random>>,
    shared: Arc<(Mutex<Option<Pick>>, Timer)>,
    waiters: usize,
}

impl OfList {
    fn with(waiters: usize) -> Self {
        let options = ListOptions::new().with_max_pending(1);
        let list = Arc::new(PeerList::new(Random::new(), Always::new(), options));
        list.start().expect("starts");
        list.update(ListUpdates::adding(["a"])).expect("adds");
        let held = list.try_choose(&Request::new()).expect("the place is free");
        let shared = Arc::new((Mutex::new(Some(held)), Timer::new()));
        for _ in 0..waiters {
            let (list, shared) = (Arc::clone(&list), Arc::clone(&shared));
            thread::spawn(move || {
                let (held, timer) = &*shared;
                while let Ok(pick) = list.choose(&Request::new(), Wait::forever()) {
                    // The next to be woken gets it from the one that times.
                    *held.lock().expect("no panic") = Some(pick);
                    timer.woken();
                }
            });
        }
        Self { list, shared, waiters }
    }

    fn wake(&self) -> u64 {
        let (held, timer) = &*self.shared;
        until(|| self.list.waiting() == self.waiters);
        let pick = held.lock().expect("no panic").take().expect("it is held");
        timer.time(|| pick.finish(Outcome::Success))
    }
}
