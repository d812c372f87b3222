//! Lists on a transport, and what nearly every case asks of them.

use std::sync::Arc;

use peerage::policy::{AnyPolicy, Policy, PolicySpec};
use peerage::testing::FakeTransport;
use peerage::{
    Attributes, Chooser, Lifecycle, List, ListOptions, ListUpdates, Member, Outcome, PeerList,
    Request, Transport, Wait,
};

use super::LIMIT;

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

/// The list of a policy spec with these options, running, with these peers, and its transport.
pub(crate) fn with_options(
    spec: &str,
    options: ListOptions,
    peers: &[&str],
) -> (Arc<PeerList>, Arc<FakeTransport>) {
    let spec: PolicySpec = spec.parse().expect("a policy");
    let transport = FakeTransport::new();
    let policy = AnyPolicy::from_spec(&spec, Some(7));
    let list = Arc::new(PeerList::new(policy, transport.clone(), options));
    list.start().expect("starts");
    list.update(ListUpdates::adding(peers.iter().copied())).expect("adds");
    (list, transport)
}

/// The same with options as text.
pub(crate) fn from_texts(
    spec: &str,
    options: &str,
    peers: &[&str],
) -> (Arc<PeerList>, Arc<FakeTransport>) {
    with_options(spec, options.parse().expect("options"), peers)
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

/// Additions of peers with shard names.
pub(crate) fn sharded(peers: &[(&str, &str)]) -> ListUpdates {
    let member = |&(id, shard): &(&str, &str)| Member::new(id, Attributes::new().with_shard(shard));
    ListUpdates::adding_members(peers.iter().map(member))
}

/// How many requests a list counts on a peer.
pub(crate) fn pending(list: &impl Chooser, id: &str) -> u32 {
    let status = list.introspect();
    let peer = status.peers.iter().find(|peer| peer.identifier == id).expect("a peer");
    peer.status.pending_request_count
}

/// A request whose shard key is `name`.
pub(crate) fn named(name: &str) -> Request<'_> {
    Request::new().with_shard_key(name)
}
