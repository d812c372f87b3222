//! tower's `Balance`: two random choices, by pending requests and by latency.
//!
//! It is polled by hand with a waker that does nothing, over services that are ready at once, so no
//! runtime is in the figures. What is in them: `poll_ready`, which also asks the discovery for
//! changes and takes back the service that the request before used; `call`; the response's future,
//! whose end gives the count back. By latency, each of the two loads, the call and its end read the
//! clock too: the standard library's, behind one load by which tokio asks whether a test has paused
//! it (pingora has tokio built so).
//!
//! `Balance` needs `&mut self`. One thread has it to itself; several share it behind a mutex. tower's
//! users share it by a `Buffer`, a channel to one task, which costs more and needs a runtime.
//!
//! A status is a change from the discovery: a peer that goes is removed, one that comes back is
//! inserted. The thread that chooses next has the work. (A service that answers "not ready" is
//! another way, by which a peer that is down is found out only when it is chosen.)

use std::collections::VecDeque;
use std::convert::Infallible;
use std::future::{self, Future};
use std::ops::Range;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use futures_core::Stream;
use parking_lot::Mutex;
use tower::Service;
use tower::balance::p2c::Balance;
use tower::discover::{Change, Discover};
use tower::load::{CompleteOnResponse, Load, PeakEwmaDiscover, PendingRequestsDiscover};

use crate::group::{Group, Maker};
use crate::peers::name;
use crate::side::{Flip, Name, Requests, Side};

/// linkerd's numbers.
const DEFAULT_RTT: Duration = Duration::from_millis(30);
const DECAY: Duration = Duration::from_secs(10);

/// A connection that is ready and answers at once.
struct Ready;

impl Service<()> for Ready {
    type Response = ();
    type Error = Infallible;
    type Future = future::Ready<Result<(), Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, (): ()) -> Self::Future {
        future::ready(Ok(()))
    }
}

/// Changes on their way to a balancer. It is asked at every request, so that nothing has come costs
/// it one load; no waker is kept, as the balancer is polled anyway.
#[derive(Clone, Default)]
struct Feed(Arc<Queue>);

#[derive(Default)]
struct Queue {
    some: AtomicBool,
    changes: Mutex<VecDeque<Change<Arc<str>, Ready>>>,
}

impl Feed {
    fn push(&self, changes: impl Iterator<Item = Change<Arc<str>, Ready>>) {
        let mut queue = self.0.changes.lock();
        queue.extend(changes);
        self.0.some.store(true, Ordering::Release);
    }
}

impl Stream for Feed {
    type Item = Result<Change<Arc<str>, Ready>, Infallible>;

    fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if !self.0.some.load(Ordering::Acquire) {
            return Poll::Pending;
        }
        let mut changes = self.0.changes.lock();
        let Some(change) = changes.pop_front() else {
            // The memory of many changes is not the balancer's.
            *changes = VecDeque::new();
            self.0.some.store(false, Ordering::Release);
            return Poll::Pending;
        };
        Poll::Ready(Some(Ok(change)))
    }
}

/// What `Balance` asks of a discovery.
trait Found: Discover<Key = Arc<str>, Error = Infallible, Service: Balanced> + Unpin + Send {}
impl<D: Discover<Key = Arc<str>, Error = Infallible, Service: Balanced> + Unpin + Send> Found
    for D
{
}

/// What it asks of a service.
trait Balanced:
    Service<(), Response = (), Error = Infallible, Future: Send> + Load<Metric: std::fmt::Debug> + Send
{
}
impl<S> Balanced for S where
    S: Service<(), Response = (), Error = Infallible, Future: Send>
        + Load<Metric: std::fmt::Debug>
        + Send
{
}

fn by_pending(feed: Feed) -> impl Found {
    PendingRequestsDiscover::new::<()>(feed, CompleteOnResponse::default())
}

fn by_latency(feed: Feed) -> impl Found {
    PeakEwmaDiscover::new::<()>(feed, DEFAULT_RTT, DECAY, CompleteOnResponse::default())
}

fn ready<D: Found>(balance: &mut Balance<D, ()>, cx: &mut Context<'_>) {
    match balance.poll_ready(cx) {
        Poll::Ready(ready) => ready.expect("no service fails"),
        Poll::Pending => panic!("services are there"),
    }
}

fn finish(response: impl Future<Output = Result<(), tower::BoxError>>, cx: &mut Context<'_>) {
    match pin!(response).poll(cx) {
        Poll::Ready(response) => response.expect("no service fails"),
        Poll::Pending => panic!("services answer at once"),
    }
}

pub(crate) fn sides(peers: usize, threads: usize) -> Vec<Side> {
    vec![
        side("p2c-pending", by_pending, peers, threads),
        side("p2c-peak-ewma", by_latency, peers, threads),
    ]
}

fn called(policy: &'static str) -> Name {
    Name { side: "tower", policy, counts: true }
}

fn side<D: Found + 'static>(
    policy: &'static str,
    rule: fn(Feed) -> D,
    peers: usize,
    threads: usize,
) -> Side {
    let mut filled = Members::new(rule, peers);
    filled.add(0..peers);
    let Members { balance, feed, names, .. } = filled;
    let balance = Mutex::new(balance);
    let requests: Requests = Box::new(move |rounds, _| {
        let cx = &mut Context::from_waker(Waker::noop());
        if threads == 1 {
            let balance = &mut *balance.lock();
            for _ in 0..rounds {
                ready(balance, cx);
                finish(balance.call(()), cx);
            }
        } else {
            for _ in 0..rounds {
                let mut shared = balance.lock();
                ready(&mut shared, cx);
                let response = shared.call(());
                drop(shared);
                finish(response, cx);
            }
        }
    });
    let gone: Vec<_> = (0..peers).map(|_| AtomicBool::new(false)).collect();
    let flip: Flip = Box::new(move |nth| {
        let name = Arc::clone(&names[nth]);
        let change = match gone[nth].fetch_xor(true, Ordering::AcqRel) {
            true => Change::Insert(name, Ready),
            false => Change::Remove(name),
        };
        feed.push([change].into_iter());
    });
    Side { name: called(policy), requests, flip: Some(flip) }
}

struct Members<D: Found> {
    balance: Balance<D, ()>,
    feed: Feed,
    names: Vec<Arc<str>>,
}

impl<D: Found> Members<D> {
    fn new(rule: fn(Feed) -> D, most: usize) -> Self {
        let feed = Feed::default();
        let names = (0..most).map(|nth| Arc::from(name(nth))).collect();
        Self { balance: Balance::new(rule(feed.clone())), feed, names }
    }

    /// Lets it take the changes up.
    fn poll(&mut self) {
        let cx = &mut Context::from_waker(Waker::noop());
        match self.balance.poll_ready(cx) {
            Poll::Ready(ready) => ready.expect("no service fails"),
            Poll::Pending => assert!(self.balance.is_empty(), "services are ready at once"),
        }
    }

    fn insert(&mut self, which: Range<usize>) {
        let insert = |name: &Arc<str>| Change::Insert(Arc::clone(name), Ready);
        self.feed.push(self.names[which].iter().map(insert));
        self.poll();
    }

    fn evict(&mut self, which: Range<usize>) {
        let remove = |name: &Arc<str>| Change::Remove(Arc::clone(name));
        self.feed.push(self.names[which].iter().map(remove));
        self.poll();
    }
}

impl<D: Found> Group for Members<D> {
    fn add(&mut self, which: Range<usize>) {
        self.insert(which);
    }

    fn flap(&mut self, nth: usize) {
        self.evict(nth..nth + 1);
        self.insert(nth..nth + 1);
    }

    fn remove(&mut self, which: Range<usize>) {
        self.evict(which);
    }

    fn len(&self) -> usize {
        self.balance.len()
    }
}

pub(crate) fn groups() -> Vec<Maker> {
    vec![maker("p2c-pending", by_pending), maker("p2c-peak-ewma", by_latency)]
}

fn maker<D: Found + 'static>(policy: &'static str, rule: fn(Feed) -> D) -> Maker {
    let make = move |most| Box::new(Members::new(rule, most)) as Box<dyn Group>;
    Maker { name: called(policy), most: usize::MAX, few: usize::MAX, make: Box::new(make) }
}
