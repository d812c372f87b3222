//! pingora's lists. A choice asks whether the backend is enabled and healthy, clones it and counts
//! nothing; there is nothing to finish.
//!
//! A status is an enabled flag (`set_enable`), which a choice meets by trying the next backend. One
//! more member builds the whole selector anew, alone or in one update with all the others.

use std::collections::{BTreeSet, HashMap};
use std::hint::black_box;
use std::ops::Range;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

use async_trait::async_trait;
use pingora_load_balancing::discovery::ServiceDiscovery;
use pingora_load_balancing::selection::{
    BackendIter, BackendSelection, Consistent, Random, RoundRobin,
};
use pingora_load_balancing::{Backend, Backends, LoadBalancer};

use crate::group::{Group, Maker};
use crate::peers::name;
use crate::side::{Flip, Keys, Name, Requests, Side};

/// How many backends a choice tries; pingora's own examples say 256.
const TRIES: usize = 256;

/// Random and round-robin number their backends by 16 bits, and panic if there are more.
const MOST: usize = u16::MAX as usize;

fn called(policy: &'static str) -> Name {
    Name { side: "pingora", policy, counts: false }
}

/// What is to be in a balancer: as pingora's own `Static`, which only its crate can change.
#[derive(Clone, Default)]
struct Discovery(Arc<Mutex<BTreeSet<Backend>>>);

#[async_trait]
impl ServiceDiscovery for Discovery {
    async fn discover(&self) -> pingora_error::Result<(BTreeSet<Backend>, HashMap<u64, bool>)> {
        Ok((self.0.lock().expect("not poisoned").clone(), HashMap::new()))
    }
}

struct Members<S: BackendSelection> {
    balancer: LoadBalancer<S>,
    discovery: Discovery,
    backends: Vec<Backend>,
    members: usize,
}

impl<S> Members<S>
where
    S: BackendSelection + 'static,
    S::Iter: BackendIter,
{
    fn new(most: usize) -> Self {
        let discovery = Discovery::default();
        let balancer = LoadBalancer::from_backends(Backends::new(Box::new(discovery.clone())));
        let backend = |nth| Backend::new(&name(nth)).expect("an address");
        Self { balancer, discovery, backends: (0..most).map(backend).collect(), members: 0 }
    }

    /// It reads a set that is in memory, and never waits.
    fn update(&self) {
        let update = pin!(self.balancer.update());
        match update.poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(updated) => updated.expect("the discovery does not fail"),
            Poll::Pending => panic!("the discovery does not wait"),
        }
    }
}

impl<S> Group for Members<S>
where
    S: BackendSelection + 'static,
    S::Iter: BackendIter,
{
    fn add(&mut self, which: Range<usize>) {
        self.members += which.len();
        let added = self.backends[which].iter().cloned();
        self.discovery.0.lock().expect("not poisoned").extend(added);
        self.update();
    }

    fn flap(&mut self, nth: usize) {
        for enabled in [false, true] {
            self.balancer.backends().set_enable(&self.backends[nth], enabled);
        }
    }

    fn remove(&mut self, which: Range<usize>) {
        self.members -= which.len();
        let mut members = self.discovery.0.lock().expect("not poisoned");
        for backend in &self.backends[which] {
            members.remove(backend);
        }
        drop(members);
        self.update();
    }

    fn len(&self) -> usize {
        let members = self.balancer.backends().get_backend().len();
        assert_eq!(members, self.members);
        members
    }
}

pub(crate) fn groups() -> Vec<Maker> {
    vec![
        Maker { most: MOST, ..maker::<RoundRobin>("round-robin") },
        Maker { most: MOST, ..maker::<Random>("random") },
        maker::<Consistent>("ketama"),
    ]
}

fn maker<S>(policy: &'static str) -> Maker
where
    S: BackendSelection + 'static,
    S::Iter: BackendIter,
    Members<S>: Group,
{
    let make = |most| Box::new(Members::<S>::new(most)) as Box<dyn Group>;
    Maker { name: called(policy), most: usize::MAX, few: 3, make: Box::new(make) }
}

pub(crate) fn sides(peers: usize) -> Vec<Side> {
    vec![
        side::<RoundRobin>("round-robin", peers),
        side::<Random>("random", peers),
        side::<Consistent>("ketama", peers),
    ]
}

/// All get a key, as `select` asks for one, and only `ketama` looks at it.
fn side<S>(policy: &'static str, peers: usize) -> Side
where
    S: BackendSelection + Send + Sync + 'static,
    S::Iter: BackendIter,
{
    let mut filled = Members::<S>::new(peers);
    filled.add(0..peers);
    let filled = Arc::new(filled);
    let keys = Keys::new();
    let chooser = Arc::clone(&filled);
    let requests: Requests = Box::new(move |rounds, first| {
        for round in 0..rounds {
            let key = keys.nth(first.wrapping_add(round)).as_bytes();
            black_box(chooser.balancer.select(key, TRIES).expect("backends are there"));
        }
    });
    let disabled: Vec<_> = (0..peers).map(|_| AtomicBool::new(false)).collect();
    let flip: Flip = Box::new(move |nth| {
        let was_disabled = disabled[nth].fetch_xor(true, Ordering::AcqRel);
        filled.balancer.backends().set_enable(&filled.backends[nth], was_disabled);
    });
    Side { name: called(policy), requests, flip: Some(flip) }
}
