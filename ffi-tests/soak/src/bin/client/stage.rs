//! The threads, which pause and go on together.

use std::sync::{Arc, Condvar, Mutex};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use crate::Work;
use crate::calls::Caller;
use crate::tally::Tally;

#[derive(Clone, Copy, PartialEq)]
enum Phase {
    Going,
    Paused,
    Ended,
}

struct State {
    phase: Phase,
    /// How many threads have paused.
    paused: u32,
    /// What those have counted that have.
    tally: Tally,
}

/// The threads.
pub(crate) struct Stage {
    shared: Arc<(Mutex<State>, Condvar)>,
    threads: Vec<JoinHandle<()>>,
}

impl Stage {
    pub(crate) fn start(work: &Arc<Work>, threads: u32) -> Self {
        let tally = Tally::new(work.choosers.len());
        let state = State { phase: Phase::Going, paused: 0, tally };
        let shared = Arc::new((Mutex::new(state), Condvar::new()));
        let begin = |thread: u32| {
            let (shared, work) = (shared.clone(), work.clone());
            thread::spawn(move || run(&shared, Caller::new(&work, thread), work.every))
        };
        let threads = (0..threads).map(begin).collect();
        Self { shared, threads }
    }

    /// Returns what was counted, when no thread has a request or a connection.
    pub(crate) fn pause(&self) -> Tally {
        let (state, changed) = &*self.shared;
        let mut state = state.lock().unwrap();
        state.phase = Phase::Paused;
        changed.notify_all();
        while state.paused < self.threads.len() as u32 {
            state = changed.wait(state).unwrap();
        }
        state.tally.clone()
    }

    pub(crate) fn go(&self) {
        self.to(Phase::Going);
    }

    pub(crate) fn end(self) {
        self.to(Phase::Ended);
        for thread in self.threads {
            thread.join().expect("no thread panics");
        }
    }

    fn to(&self, phase: Phase) {
        self.shared.0.lock().unwrap().phase = phase;
        self.shared.1.notify_all();
    }
}

/// One thread: a call, and a pause until the next is due.
fn run((state, changed): &(Mutex<State>, Condvar), mut caller: Caller<'_>, every: Duration) {
    let mut due = Instant::now();
    loop {
        let mut now = state.lock().unwrap();
        if now.phase == Phase::Paused {
            now.tally.add(&caller.pause());
            now.paused += 1;
            changed.notify_all();
            while now.phase == Phase::Paused {
                now = changed.wait(now).unwrap();
            }
            now.paused -= 1;
            due = Instant::now();
        }
        if now.phase == Phase::Ended {
            return;
        }
        drop(now);
        caller.call();
        due += every;
        match due.checked_duration_since(Instant::now()) {
            Some(left) => thread::sleep(left),
            // What was missed while servers were stopped is not made up for.
            None => due = Instant::now(),
        }
    }
}
