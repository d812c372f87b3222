//! Choosers that are not lists count as lists do.

use std::sync::Arc;

use peerage::policy::PolicySpec;
use peerage::testing::FakeTransport;
use peerage::updaters::Watching;
use peerage::{
    AnyChooser, Bind, Chooser, Direct, DirectOptions, Lifecycle, ListOptions, Outcome, PeerList,
    Request, Single, identify,
};

use crate::{at_rest, request};

#[test]
fn single_counts() {
    let chooser = Single::new(identify("a"), FakeTransport::new());
    chooser.start().expect("starts");
    (0..2_000).for_each(|_| request(&chooser, Outcome::Success));
    request(&chooser, Outcome::Failure);
    let held = chooser.try_choose(&Request::new()).expect("the peer");
    let stats = at_rest(&chooser);
    assert_eq!((stats.requests, stats.pending, stats.outcomes.failure), (2_002, 1, 1));
    drop(held);
}

#[test]
fn direct_counts_also_what_it_has_let_go() {
    let transport = FakeTransport::new();
    let chooser = Direct::new(transport.clone(), DirectOptions::new().with_keep(2));
    chooser.start().expect("starts");
    for round in 0..1_500 {
        let name = format!("peer-{}", round % 5);
        let pick = chooser.try_choose(&Request::new().with_shard_key(&*name)).expect("the peer");
        pick.finish(if round % 3 == 0 { Outcome::NotSent } else { Outcome::Success });
    }
    assert!(!transport.releases().is_empty(), "some were let go");
    let stats = at_rest(&chooser);
    assert_eq!((stats.requests, stats.outcomes.not_sent), (1_500, 500));
    assert_eq!((stats.outcomes.success, stats.failures.total()), (1_000, 0));
}

#[test]
fn a_chooser_by_name_and_one_that_is_bound_pass_the_numbers_on() {
    let spec: PolicySpec = "least-loaded".parse().expect("a policy");
    let list = AnyChooser::from_spec(&spec, FakeTransport::new(), ListOptions::new());
    let uri = "static:a,b".parse().expect("a URI");
    let chooser = Bind::new(list, Watching::binder(&uri).expect("a source"));
    chooser.start().expect("starts");
    (0..30).for_each(|_| request(&chooser, Outcome::Success));
    let stats = at_rest(&chooser);
    assert_eq!((stats.requests, stats.updates.applied), (30, 1));
    let source = chooser.introspect().source.expect("a source");
    assert_eq!((source.source.as_str(), source.peers, source.changes), ("static:a,b", 2, 1));
    assert_eq!((source.attempts, source.successes, source.failures), (1, 1, 0));
    assert!(source.age.is_some() && source.error.is_none());
}

/// Two lists of one transport share its peers, and count their own requests.
#[test]
fn lists_that_share_peers_count_for_themselves() {
    let transport = FakeTransport::new();
    let lists: Vec<_> = (0..2)
        .map(|_| {
            let spec: PolicySpec = "round-robin".parse().expect("a policy");
            let policy = peerage::policy::AnyPolicy::from_spec(&spec, None);
            let list = Arc::new(PeerList::new(policy, transport.clone(), ListOptions::new()));
            list.start().expect("starts");
            peerage::List::update(&*list, peerage::ListUpdates::adding(["a"])).expect("adds");
            list
        })
        .collect();
    (0..3).for_each(|_| request(&*lists[0], Outcome::Success));
    request(&*lists[1], Outcome::Failure);
    let [first, second] = [&lists[0], &lists[1]].map(|list| at_rest(&**list));
    assert_eq!((first.requests, first.outcomes.failure), (3, 0));
    assert_eq!((second.requests, second.outcomes.failure), (1, 1));
}
