//! Identifiers are the user's, and so is what happens when they are dropped: one that panics then harms
//! neither the call in which the list lets go of it nor the list.

use std::sync::{Arc, Mutex};

use peerage::policy::{HashRing32, RoundRobin};
use peerage::testing::FakeTransport;
use peerage::{Event, Identifier, Lifecycle, List, ListOptions, ListUpdates, PeerList, State};

use crate::support::{counts, custom};

/// Panics when the last reference to it goes.
#[derive(Debug)]
struct Bomb(&'static str);

impl Identifier for Bomb {
    fn identifier(&self) -> &str {
        self.0
    }
}

impl Drop for Bomb {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            panic!("oh no");
        }
    }
}

fn bomb(name: &'static str) -> Arc<dyn Identifier> {
    Arc::new(Bomb(name))
}

fn adding(names: &[&'static str]) -> ListUpdates {
    ListUpdates { additions: names.iter().map(|name| bomb(name)).collect(), removals: vec![] }
}

/// A list and how often it has told of such a panic.
struct World {
    transport: Arc<FakeTransport>,
    list: Arc<PeerList<RoundRobin>>,
    heard: Arc<Mutex<usize>>,
}

impl World {
    fn new(running: bool) -> Self {
        let (transport, heard) = (FakeTransport::new(), Arc::new(Mutex::new(0)));
        let pen = heard.clone();
        let observer = move |_: &str, event: &Event<'_>| {
            if let Event::Panicked { what, message } = event {
                assert_eq!((*what, &**message), ("an identifier's drop", "oh no"));
                *pen.lock().expect("no panic") += 1;
            }
        };
        let options = ListOptions::new().with_observer(Arc::new(observer));
        let list = custom(RoundRobin::new(), transport.clone(), options);
        if running {
            list.start().expect("starts");
        }
        list.update(ListUpdates::adding(["a"])).expect("adds");
        Self { transport, list, heard }
    }

    #[track_caller]
    fn heard(&self, times: usize) {
        assert_eq!(*self.heard.lock().expect("no panic"), times);
    }

    fn members(&self) -> usize {
        let (available, unavailable, uninitialized) = counts(&self.list);
        available + unavailable + uninitialized
    }
}

/// Whether the list runs makes other threads of the code let go of it.
fn each(test: impl Fn(World)) {
    [false, true].map(World::new).into_iter().for_each(test);
}

#[test]
fn of_one_that_changes_nothing() {
    each(|world| {
        world.list.replace(vec![bomb("a"), bomb("a")]).expect("has it");
        world.heard(2);
        assert_eq!(world.members(), 1);
    });
}

#[test]
fn of_one_that_is_there_already() {
    each(|world| {
        world.list.update(adding(&["a", "b"])).expect_err("has the one");
        world.heard(1);
        assert_eq!(world.members(), 2, "the other was added all the same");
        world.list.update(ListUpdates::removing(["b"])).expect("removes");
        world.heard(2);
    });
}

#[test]
fn of_one_that_is_removed_and_added() {
    each(|world| {
        let removals = vec![bomb("a"), bomb("b"), bomb("c")];
        let additions = vec![bomb("a"), bomb("d")];
        world.list.update(ListUpdates { additions, removals }).expect_err("has no b and no c");
        assert_eq!(world.members(), 2, "the other was added all the same");
        world.list.update(ListUpdates::removing(["a", "d"])).expect("both are there");
        world.heard(5);
    });
}

#[test]
fn of_one_that_the_transport_refuses() {
    let world = World::new(true);
    world.transport.fail_retain("b", Some("not today"));
    world.list.update(adding(&["b"])).expect_err("is refused");
    world.heard(1);
    assert_eq!(world.members(), 1);
}

/// Cannot be read, nor dropped.
#[derive(Debug)]
struct Unreadable(Bomb);

impl Identifier for Unreadable {
    fn identifier(&self) -> &str {
        panic!("no name but that of {:?}", self.0)
    }
}

#[test]
fn of_one_that_cannot_be_read_and_of_those_beside_it() {
    each(|world| {
        let unreadable = || Arc::new(Unreadable(Bomb("c"))) as Arc<dyn Identifier>;
        world.list.replace(vec![bomb("a"), unreadable()]).expect_err("cannot be read");
        world.heard(2);
        let removals = vec![unreadable(), bomb("a")];
        let additions = vec![unreadable()];
        world.list.update(ListUpdates { additions, removals }).expect_err("cannot be read");
        world.heard(5);
        assert_eq!(world.members(), 0, "the other was removed all the same");
    });
}

/// The thread that asks has the last reference, in a start and in an addition.
#[test]
fn of_one_that_is_removed_while_its_transport_is_asked() {
    each(|world| {
        let running = world.list.state() == State::Running;
        let list = Arc::downgrade(&world.list);
        world.transport.on_retain(move |id, _| {
            let Some(list) = list.upgrade().filter(|_| id == "b") else { return };
            list.update(ListUpdates::removing(["b"])).expect("removes");
        });
        world.list.update(adding(&["b"])).expect("adds");
        if !running {
            world.list.start().expect("starts");
        }
        world.heard(1);
        assert_eq!(world.members(), 1);
        assert_eq!(world.transport.retained(), 1);
    });
}

/// A ring is built at the end of an update, whatever happens in it.
#[test]
fn of_one_in_an_update_that_builds_a_ring() {
    let list = custom(HashRing32::default(), FakeTransport::new(), ListOptions::new());
    list.start().expect("starts");
    list.update(ListUpdates::adding(["a"])).expect("adds");
    let updates = ListUpdates { additions: vec![bomb("a")], removals: vec![bomb("a")] };
    list.update(updates).expect("changes nothing but attributes");
    list.update(adding(&["a", "b"])).expect_err("has the one");
    assert_eq!(counts(&list), (2, 0, 0));
    list.update(ListUpdates::removing(["a"])).expect("removes");
    let request = peerage::Request::new().with_shard_key("key");
    assert_eq!(crate::support::chosen(&*list, &request).as_deref(), Some("b"));
    list.update(ListUpdates::removing(["b"])).expect("removes");
}

#[test]
fn of_one_that_a_stop_and_a_drop_of_the_list_let_go() {
    each(|world| {
        world.list.update(adding(&["b"])).expect("adds");
        if world.list.state() == State::Running {
            world.list.stop().expect("stops");
        }
        drop(world.list);
        assert_eq!(*world.heard.lock().expect("no panic"), 1);
    });
}
