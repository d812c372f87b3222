//! A list takes whole sets.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::thread;

use peerage::testing::FakeTransport;
use peerage::{
    Chooser, Identifier, Lifecycle, List as _, ListOptions, ListUpdates, PeerList, identify,
};

use crate::{List, member, peer, running, weighing};

fn set(ids: impl IntoIterator<Item = usize>) -> Vec<Arc<dyn Identifier>> {
    ids.into_iter().map(|id| identify(format!("p{id}"))).collect()
}

fn names(list: &List) -> BTreeSet<String> {
    list.introspect().peers.into_iter().map(|peer| peer.identifier).collect()
}

#[test]
fn what_is_missing_is_added_and_what_is_too_much_is_removed() {
    let (list, transport) = running();
    list.replace(set(0..65)).expect("adds");
    assert_eq!(names(&list).len(), 65);
    list.replace(set(30..130)).expect("replaces");
    assert_eq!(names(&list), (30..130).map(|id| format!("p{id}")).collect());
    assert_eq!((transport.retains().len(), transport.releases().len()), (130, 30));
    list.replace(set(30..130)).expect("changes nothing");
    assert_eq!((transport.retains().len(), transport.releases().len()), (130, 30));
    list.replace(vec![]).expect("removes");
    assert_eq!((names(&list).len(), transport.retained()), (0, 0));
}

#[test]
fn the_attributes_of_those_that_stay_change() {
    let (list, transport) = running();
    list.replace(vec![member("a", weighing(1)), member("b", weighing(2))]).expect("adds");
    list.replace(vec![member("a", weighing(3)), member("b", weighing(2))]).expect("changes");
    assert_eq!(peer(&*list, "a").attributes.weight, 3);
    assert_eq!(peer(&*list, "b").attributes.weight, 2);
    assert_eq!((transport.retains().len(), transport.releases().len()), (2, 0));
}

#[test]
fn of_a_name_that_is_given_twice_the_first_counts() {
    let (list, _transport) = running();
    list.replace(vec![member("a", weighing(3)), member("a", weighing(4))]).expect("adds");
    assert_eq!(peer(&*list, "a").attributes.weight, 3);
}

#[test]
fn a_list_that_does_not_run_takes_them_too() {
    let transport = FakeTransport::new();
    let policy = peerage::policy::Random::new();
    let list = PeerList::new(policy, transport.clone(), ListOptions::new());
    list.replace(set(0..3)).expect("is written down");
    list.replace(set(2..5)).expect("is written down");
    assert_eq!(list.uninitialized(), 3);
    list.start().expect("starts");
    assert_eq!(transport.retains().len(), 3);
}

#[test]
fn an_identifier_that_cannot_be_read_leaves_the_list_as_it_is() {
    #[derive(Debug)]
    struct Nameless;
    impl Identifier for Nameless {
        fn identifier(&self) -> &str {
            panic!("no name")
        }
    }
    let (list, _transport) = running();
    list.replace(set(0..3)).expect("adds");
    list.replace(vec![Arc::new(Nameless), identify("p9")]).expect_err("panics");
    assert_eq!(names(&list), (0..3).map(|id| format!("p{id}")).collect());
}

#[test]
fn a_peer_that_its_transport_refuses_is_tried_again_the_next_time() {
    let (list, transport) = running();
    transport.fail_retain("p1", Some("refused"));
    let error = list.replace(set(0..3)).expect_err("refused");
    assert_eq!(error.failures().len(), 1);
    assert_eq!(names(&list).len(), 2);
    transport.fail_retain("p1", None);
    list.replace(set(0..3)).expect("adds");
    assert_eq!(names(&list).len(), 3);
}

#[test]
fn sets_and_updates_at_once_leave_one_of_the_sets() {
    let (list, transport) = running();
    thread::scope(|scope| {
        for thread in 0..3 {
            let list = &list;
            scope.spawn(move || {
                for round in 0..100 {
                    let first = (thread * 7 + round) % 20;
                    let done = list.replace(set(first..first + 17));
                    done.expect("what another thread has done is no failure");
                }
            });
        }
    });
    list.replace(set(0..17)).expect("replaces");
    assert_eq!(names(&list).len(), 17);
    list.update(ListUpdates::removing((0..17).map(|id| format!("p{id}")))).expect("removes");
    assert_eq!((list.stats().peers, transport.retained()), (0, 0));
}
