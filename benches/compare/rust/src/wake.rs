//! Blocked callers, all woken by one push of a status, beside a bare Condvar's waiters.
//!
//! The time is from just before the push until the last caller has its peer. The bare waiters need a
//! mutex and a flag, as every use of a Condvar does; a single one is woken by `notify_one`, many by
//! `notify_all`.

use std::sync::Arc;
use std::thread::{self, Scope};
use std::time::{Duration, Instant};

use parking_lot::{Condvar, Mutex};
use peerage::policy::Policy;
use peerage::{Chooser, Outcome, PeerList, Request, Subscriber, Wait};

use crate::line::Line;
use crate::ours;
use crate::peers::{BenchTransport, fewest_pending, filled, random, round_robin, two_random};
use crate::side::Name;
use crate::turns::Effort;

/// Of each thread: the callers are many and call little.
const STACK: usize = 64 << 10;

/// How long a caller has, after it said that it is about to wait, to fall asleep. One that is still
/// awake would make the figure better than it is, so the middle one of several counts, not the best.
const SETTLE: Duration = Duration::from_millis(1);

/// How long a caller waits before it counts as forgotten.
const FORGOTTEN: Duration = Duration::from_secs(60);

/// Callers wait, and are woken.
trait Bell: Sync {
    /// How many wait.
    fn waiting(&self) -> usize;
    /// Waits until it is rung.
    fn wait(&self);
    /// Wakes all.
    fn ring(&self);
}

/// Makes one for so many callers.
type Maker = Box<dyn Fn(usize) -> Box<dyn Bell>>;

/// Prints how long it takes until the last waiter has run, in microseconds.
pub(crate) fn print(effort: Effort) {
    let condvar = Name { side: "condvar", policy: "notify", counts: false };
    let makers: [(Name, Maker); 5] = [
        (ours::called("random"), Box::new(|_| List::new(random()))),
        (ours::called("two-random-choices"), Box::new(|_| List::new(two_random()))),
        (ours::called("round-robin"), Box::new(|_| List::new(round_robin()))),
        (ours::called("fewest-pending-requests"), Box::new(|_| List::new(fewest_pending()))),
        (condvar, Box::new(|waiters| Box::new(Bare::new(waiters)))),
    ];
    for (waiters, times) in [(1, effort.repetitions * 10), (effort.waiters, effort.jobs.min(5))] {
        let mut took = vec![vec![]; makers.len()];
        for _ in 0..times {
            for ((_, make), took) in makers.iter().zip(&mut took) {
                took.push(wake(&*make(waiters), waiters));
            }
        }
        for ((name, _), mut took) in makers.iter().zip(took) {
            took.sort_by(f64::total_cmp);
            let (work, figure, value) = ("wake", "wake-us", took[took.len() / 2]);
            Line { work, name: *name, peers: waiters, threads: waiters, figure, value }.print();
        }
    }
}

/// Microseconds until the last waiter has run, once.
fn wake(bell: &dyn Bell, waiters: usize) -> f64 {
    thread::scope(|scope| {
        let waiting: Vec<_> = (0..waiters).map(|_| waiter(scope, bell)).collect();
        while bell.waiting() < waiters {
            thread::yield_now();
        }
        thread::sleep(SETTLE);
        let rung = Instant::now();
        bell.ring();
        let woken = waiting.into_iter().map(|waiter| waiter.join().expect("it gets the peer"));
        let last = woken.max().expect("at least one waits");
        (last - rung).as_secs_f64() * 1e6
    })
}

/// Starts a thread that waits, and then says when it ran.
fn waiter<'s>(
    scope: &'s Scope<'s, '_>,
    bell: &'s dyn Bell,
) -> thread::ScopedJoinHandle<'s, Instant> {
    let wait = move || {
        bell.wait();
        Instant::now()
    };
    thread::Builder::new().stack_size(STACK).spawn_scoped(scope, wait).expect("a thread")
}

/// A list of one peer, which is not available until it is rung.
struct List<P: Policy> {
    list: PeerList<P>,
    transport: Arc<BenchTransport>,
    subscribers: Vec<Arc<dyn Subscriber>>,
}

impl<P: Policy + 'static> List<P> {
    #[expect(clippy::new_ret_no_self)]
    fn new(policy: P) -> Box<dyn Bell> {
        let (list, transport) = filled(policy, 1);
        let subscribers = transport.subscribers();
        transport.flip(&subscribers, 0);
        assert_eq!(list.available(), 0);
        Box::new(Self { list, transport, subscribers })
    }
}

impl<P: Policy> Bell for List<P> {
    fn waiting(&self) -> usize {
        self.list.waiting()
    }

    fn wait(&self) {
        let wait = Wait::timeout(FORGOTTEN);
        let pick = self.list.choose(&Request::new(), wait).expect("every waiter gets the peer");
        pick.finish(Outcome::Success);
    }

    fn ring(&self) {
        self.transport.flip(&self.subscribers, 0);
    }
}

/// The least that a wake-up needs.
struct Bare {
    waiters: usize,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    waiting: usize,
    rung: bool,
}

impl Bare {
    fn new(waiters: usize) -> Self {
        Self { waiters, state: Mutex::default(), changed: Condvar::new() }
    }
}

impl Bell for Bare {
    fn waiting(&self) -> usize {
        self.state.lock().waiting
    }

    fn wait(&self) {
        let mut state = self.state.lock();
        state.waiting += 1;
        while !state.rung {
            self.changed.wait(&mut state);
        }
    }

    fn ring(&self) {
        self.state.lock().rung = true;
        if self.waiters == 1 {
            self.changed.notify_one();
        } else {
            self.changed.notify_all();
        }
    }
}
