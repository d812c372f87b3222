//! Choices that find no peer, by how they end.

use std::sync::Arc;
use std::time::{Duration, Instant};

use peerage::policy::{AnyPolicy, Key, Nothing, PeerInfo, RoundRobin, Serial, SerialPolicy};
use peerage::testing::FakeTransport;
use peerage::{
    CancelToken, ChooseErrorKind, Chooser, ConnectionStatus, Direct, DirectOptions, Lifecycle,
    List, ListOptions, ListUpdates, PeerList, Request, Wait,
};

use crate::at_rest;
use crate::support::from_texts;

const MOMENT: Duration = Duration::from_millis(1);

/// A choice that fails, and is counted as what its error is.
#[track_caller]
fn fails(chooser: &impl Chooser, request: &Request<'_>, wait: Option<Wait<'_>>) -> ChooseErrorKind {
    let before = at_rest(chooser);
    let choice = match wait {
        Some(wait) => chooser.choose(request, wait),
        None => chooser.try_choose(request),
    };
    let kind = choice.expect_err("no peer").kind();
    let after = at_rest(chooser);
    assert_eq!(after.failures.of(kind), before.failures.of(kind) + 1, "{kind:?}");
    assert_eq!(after.failures.total(), before.failures.total() + 1, "{kind:?}");
    assert_eq!((after.requests, after.outcomes), (before.requests, before.outcomes), "{kind:?}");
    kind
}

#[test]
fn each_is_counted_once_as_what_its_error_is() {
    let any = Request::new();
    let list_of = |options: &str| {
        let (list, transport) = from_texts("random", options, &["a"]);
        transport.set_status("a", ConnectionStatus::Connecting);
        list
    };
    let list = list_of("");
    let wait = || Some(Wait::timeout(MOMENT));
    assert_eq!(fails(&*list, &any, None), ChooseErrorKind::NoPeer);
    let none = Wait::timeout(Duration::ZERO);
    assert_eq!(fails(&*list, &any, Some(none)), ChooseErrorKind::NoPeer);
    assert!(matches!(fails(&*list, &any, wait()), ChooseErrorKind::TimedOut(_)));
    let past = Wait::until(Instant::now());
    assert!(matches!(fails(&*list, &any, Some(past)), ChooseErrorKind::TimedOut(_)));
    let token = CancelToken::new();
    token.trigger();
    let cancelled = Wait::forever().cancelled_by(&token);
    assert_eq!(fails(&*list, &any, Some(cancelled)), ChooseErrorKind::Cancelled);
    assert_eq!(fails(&*list_of("fail-fast"), &any, wait()), ChooseErrorKind::FailFast);
    let full = fails(&*list_of("max-waiting=0"), &any, wait());
    assert!(matches!(full, ChooseErrorKind::QueueFull(_)));
    list.stop().expect("stops");
    assert_eq!(fails(&*list, &any, wait()), ChooseErrorKind::Stopped);
    assert_eq!(fails(&*list, &any, None), ChooseErrorKind::Stopped);
}

#[test]
fn a_list_that_is_not_started_says_so() {
    let list = PeerList::new(RoundRobin::new(), FakeTransport::new(), ListOptions::new());
    let wait = Some(Wait::timeout(MOMENT));
    assert!(matches!(fails(&list, &Request::new(), wait), ChooseErrorKind::NotRunning(_)));
    assert!(matches!(fails(&list, &Request::new(), None), ChooseErrorKind::NotRunning(_)));
}

#[test]
fn requests_that_prefer_or_avoid_are_counted_like_others() {
    let (list, transport) = from_texts("round-robin", "", &["a"]);
    transport.set_status("a", ConnectionStatus::Unavailable);
    let avoid = ["a"];
    assert_eq!(fails(&*list, &Request::new().with_avoid(&avoid), None), ChooseErrorKind::NoPeer);
    assert_eq!(fails(&*list, &Request::new().with_preferred("a"), None), ChooseErrorKind::NoPeer);
}

#[test]
fn what_a_named_peer_lacks_is_counted() {
    let transport = FakeTransport::new();
    let direct = Direct::new(transport.clone(), DirectOptions::new());
    direct.start().expect("starts");
    let invalid = fails(&direct, &Request::new(), None);
    assert!(matches!(invalid, ChooseErrorKind::InvalidRequest(_)));
    transport.fail_retain("a", Some("no"));
    let named = Request::new().with_shard_key("a");
    assert_eq!(fails(&direct, &named, None), ChooseErrorKind::NotRetained);
    let wait = Some(Wait::timeout(MOMENT));
    assert_eq!(fails(&direct, &named, wait), ChooseErrorKind::NotRetained);
}

#[derive(Debug, Default)]
struct Panics;

impl SerialPolicy for Panics {
    fn name(&self) -> &'static str {
        "panics"
    }

    fn available(&mut self, _: &PeerInfo<'_>) {}

    fn unavailable(&mut self, _: Key) {}

    fn choose(&mut self, _: &Request<'_>) -> Result<Key, Nothing> {
        panic!("as the test wants it")
    }
}

#[test]
fn a_policy_that_panics_is_counted() {
    let policy = AnyPolicy::Custom(Box::new(Serial::new(Panics)));
    let list = Arc::new(PeerList::new(policy, FakeTransport::new(), ListOptions::new()));
    list.start().expect("starts");
    list.update(ListUpdates::adding(["a"])).expect("adds");
    assert_eq!(fails(&*list, &Request::new(), None), ChooseErrorKind::PolicyPanicked);
    let wait = Some(Wait::timeout(MOMENT));
    assert_eq!(fails(&*list, &Request::new(), wait), ChooseErrorKind::PolicyPanicked);
}
