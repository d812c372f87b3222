//! What the cases share: lists on a fake transport, and a watchdog.

use std::panic::resume_unwind;
use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use peerage::policy::{AnyPolicy, Policy, PolicySpec};
use peerage::testing::FakeTransport;
use peerage::{
    Attributes, Chooser, Identifier, Lifecycle, List, ListOptions, ListUpdates, Outcome, PeerList,
    Request, Transport, Wait,
};

/// How long a case waits for what must happen.
pub(crate) const LIMIT: Duration = Duration::from_secs(10);

/// Runs a case that would hang if it were wrong: on a thread of its own, for at most [`LIMIT`].
pub(crate) fn within<T: Send + 'static>(case: impl FnOnce() -> T + Send + 'static) -> T {
    let (done, is_done) = channel();
    let thread = thread::spawn(move || {
        let result = case();
        let _ = done.send(());
        result
    });
    assert_ne!(is_done.recv_timeout(LIMIT), Err(RecvTimeoutError::Timeout), "it hangs");
    thread.join().unwrap_or_else(|panic| resume_unwind(panic))
}

/// Waits until `condition` holds.
pub(crate) fn until(what: &str, condition: impl Fn() -> bool) {
    let begun = Instant::now();
    while !condition() {
        assert!(begun.elapsed() < LIMIT, "not in time: {what}");
        thread::yield_now();
    }
}

/// The list of a policy spec; not started, no shuffle.
pub(crate) fn list(spec: &str, transport: &Arc<FakeTransport>) -> Arc<PeerList> {
    let spec: PolicySpec = spec.parse().expect("a policy");
    custom(AnyPolicy::from_spec(&spec, Some(7)), transport.clone(), ListOptions::new())
}

/// A list of any policy on any transport.
pub(crate) fn custom<P: Policy>(
    policy: P,
    transport: Arc<dyn Transport>,
    options: ListOptions,
) -> Arc<PeerList<P>> {
    Arc::new(PeerList::new(policy, transport, options.with_shuffle(false)))
}

/// The list of a policy spec, running, with these peers.
pub(crate) fn running(
    spec: &str,
    transport: &Arc<FakeTransport>,
    peers: &[&'static str],
) -> Arc<PeerList> {
    let list = list(spec, transport);
    list.start().expect("starts");
    list.update(ListUpdates::adding(peers.iter().copied())).expect("adds");
    list
}

/// Who is chosen now, finished at once.
pub(crate) fn chosen(list: &impl Chooser, request: &Request<'_>) -> Option<String> {
    let pick = list.try_choose(request).ok()?;
    let id = pick.identifier().to_owned();
    pick.finish(Outcome::Success);
    Some(id)
}

/// Who is chosen within [`LIMIT`], finished at once.
pub(crate) fn awaited(list: &impl Chooser) -> String {
    let pick = list.choose(&Request::new(), Wait::timeout(LIMIT)).expect("a peer");
    let id = pick.identifier().to_owned();
    pick.finish(Outcome::Success);
    id
}

/// The counts of a list: available, unavailable, written down.
pub(crate) fn counts<P: Policy>(list: &PeerList<P>) -> (usize, usize, usize) {
    (list.available(), list.unavailable(), list.uninitialized())
}

/// An identifier with a shard name of its own.
#[derive(Debug)]
pub(crate) struct Sharded(pub(crate) &'static str, pub(crate) &'static str);

impl Identifier for Sharded {
    fn identifier(&self) -> &str {
        self.0
    }

    fn attributes(&self) -> Attributes {
        Attributes::new().with_shard(self.1)
    }
}

/// Additions of peers with shard names.
pub(crate) fn sharded(peers: &[(&'static str, &'static str)]) -> ListUpdates {
    let id = |&(id, shard): &(_, _)| Arc::new(Sharded(id, shard)) as Arc<dyn Identifier>;
    ListUpdates { additions: peers.iter().map(id).collect(), removals: vec![] }
}

/// How many requests a list counts on a peer.
pub(crate) fn pending(list: &impl Chooser, id: &str) -> u32 {
    let status = list.introspect();
    let peer = status.peers.iter().find(|peer| peer.identifier == id).expect("a peer");
    peer.status.pending_request_count
}
