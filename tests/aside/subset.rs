//! A client that uses some of the peers retains those and no others.

use std::collections::HashMap;
use std::sync::Arc;

use peerage::policy::RoundRobin;
use peerage::testing::FakeTransport;
use peerage::{Chooser, Event, Lifecycle, List as _, ListOptions, ListUpdates, PeerList, identify};

use crate::Bed;

type Client = (Arc<PeerList<RoundRobin>>, Arc<FakeTransport>);

fn names(count: usize) -> Vec<String> {
    (0..count).map(|n| format!("10.1.{}.{}:80", n / 256, n % 256)).collect()
}

fn client(index: usize, count: usize, size: usize) -> Client {
    let transport = FakeTransport::new();
    let options: ListOptions = format!("subset={size},client={index}/{count}").parse().unwrap();
    (Arc::new(PeerList::new(RoundRobin::new(), transport.clone(), options)), transport)
}

fn used(list: &PeerList<RoundRobin>) -> Vec<String> {
    list.introspect().peers.into_iter().map(|peer| peer.identifier).collect()
}

#[test]
fn each_peer_gets_as_many_clients_and_one_that_leaves_costs_little() {
    let (names, mut clients) = (names(100), vec![]);
    for index in 0..10 {
        let (list, transport) = client(index, 10, 20);
        // One half of them starts before it knows its peers.
        if index % 2 == 0 {
            list.start().unwrap();
        }
        list.update(ListUpdates::adding(names.clone())).unwrap();
        list.start().unwrap();
        clients.push((list, transport));
    }
    let mut times: HashMap<String, usize> = HashMap::new();
    for (list, transport) in &clients {
        assert_eq!((transport.retained(), list.available(), list.uninitialized()), (20, 20, 80));
        used(list).into_iter().for_each(|id| *times.entry(id).or_default() += 1);
    }
    assert!(names.iter().all(|name| times[name] == 2), "{times:?}");

    for gone in [0, 17, 50, 99] {
        let mut asked = 0;
        for (list, transport) in &clients {
            let before = transport.retains().len();
            list.update(ListUpdates::removing([names[gone].clone()])).unwrap();
            let joined = transport.retains().len() - before;
            assert!(joined <= 2, "{joined}");
            asked += joined;
            assert_eq!(transport.retained(), list.available());
        }
        assert!(asked <= 10, "{asked} new connections of ten clients");
    }
}

#[test]
fn whoever_joins_and_leaves_the_list_is_what_its_slice_says() {
    let (list, transport) = client(1, 4, 5);
    list.start().unwrap();
    let names = names(40);
    for round in 0..60_usize {
        let set = (0..=round % 23).map(|n| names[(n * 7 + round) % 40].as_str());
        list.replace(set.map(|name| identify(name.to_owned())).collect()).unwrap();
        // The same as one that has had these from the start.
        let (fresh, _) = client(1, 4, 5);
        fresh.start().unwrap();
        let set = (0..=round % 23).map(|n| names[(n * 7 + round) % 40].clone());
        fresh.update(ListUpdates::adding(set)).unwrap();
        assert_eq!(used(&list), used(&fresh));
        assert_eq!(list.uninitialized(), fresh.uninitialized());
        assert_eq!(transport.retained(), list.available());
    }
    list.stop().unwrap();
    assert_eq!((transport.retained(), list.uninitialized()), (0, 14));
}

#[test]
fn who_gets_into_the_subset_and_out_is_told() {
    let bed = Bed::new("round-robin", "subset=4,client=0/2", &[]);
    let add = |ids: &[&'static str]| {
        bed.list.update(ListUpdates::adding(ids.iter().copied())).unwrap();
        bed.told()
    };
    assert_eq!(add(&["a", "b"]), ["2 of 2 members in the subset: 2 joined, 0 left"]);
    let told = add(&["c", "d", "e", "f", "g", "h"]);
    let [line] = &told[..] else { panic!("{told:?}") };
    let numbers: Vec<usize> =
        line.split(|c: char| !c.is_ascii_digit()).filter_map(|n| n.parse().ok()).collect();
    let [used, members, joined, left] = numbers[..] else { panic!("{line}") };
    assert_eq!((used, members), (bed.list.available(), 8), "{line}");
    assert_eq!(2 + joined - left, used, "{line}");
    bed.list.update(ListUpdates::default()).unwrap();
    assert_eq!(bed.told(), [""; 0]);
}

#[test]
fn a_start_tells_of_the_whole_subset() {
    let lines = Arc::new(std::sync::Mutex::new(vec![]));
    let log = Arc::clone(&lines);
    let observer = move |_: &str, event: &Event<'_>| log.lock().unwrap().push(event.to_string());
    let options: ListOptions = "subset=3,client=host".parse().unwrap();
    let options = options.with_observer(Arc::new(observer));
    let list = PeerList::new(RoundRobin::new(), FakeTransport::new(), options);
    list.update(ListUpdates::adding(names(9))).unwrap();
    list.start().unwrap();
    let subset = |line: &&String| line.contains("subset");
    let lines = lines.lock().unwrap();
    let told: Vec<_> = lines.iter().filter(subset).collect();
    assert_eq!(told, ["3 of 9 members in the subset: 3 joined, 0 left"]);
}

#[test]
fn a_peer_that_cannot_be_retained_stays_and_is_asked_for_again() {
    let (list, transport) = client(0, 1, 9);
    list.start().unwrap();
    transport.fail_retain("b", Some("no"));
    assert!(list.update(ListUpdates::adding(["a", "b"])).is_err());
    assert_eq!((list.available(), list.uninitialized()), (1, 1));
    transport.fail_retain("b", None);
    list.update(ListUpdates::adding(["c"])).unwrap();
    assert_eq!((list.available(), list.uninitialized()), (3, 0));
}
