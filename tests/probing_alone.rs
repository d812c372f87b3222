//! What the probing transport has of its process: threads, descriptors, and time that does not pass.
//!
//! One test, in a process of its own: it counts the threads there are, and takes the descriptors away.
#![cfg(all(feature = "probing", target_os = "linux"))]

use std::cell::RefCell;
use std::fs::{self, File};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use peerage::policy::RoundRobin;
use peerage::transports::{ProbeState, ProbeStatus, Probing};
use peerage::{
    Identifier, Lifecycle, List, ListOptions, ListUpdates, PeerList, Subscriber, Transport,
    identify,
};

use crate::support::{LIMIT, until, within_time};

#[path = "support/mod.rs"]
mod support;

#[test]
fn threads_end_and_a_lack_of_descriptors_is_no_verdict() {
    within_time(3 * LIMIT, "threads and descriptors", || {
        threads_are_there_while_peers_are();
        the_lack_of_descriptors_is_no_verdict();
        a_name_that_no_descriptors_resolve_is_not_down();
        a_transport_without_descriptors_retains_nothing();
        a_process_that_was_stopped_invents_no_timeout();
    });
}

/// The library's threads in this process.
fn threads() -> usize {
    let tasks = fs::read_dir("/proc/self/task").unwrap().flatten();
    let names = tasks.filter_map(|task| fs::read_to_string(task.path().join("comm")).ok());
    names.filter(|name| name.starts_with("peerage")).count()
}

fn descriptors() -> usize {
    fs::read_dir("/proc/self/fd").unwrap().count()
}

/// Takes connections while it is there.
struct Server {
    address: SocketAddr,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let (address, stop) = (listener.local_addr().unwrap(), Arc::new(AtomicBool::new(false)));
        let stopped = Arc::clone(&stop);
        let accept = move || {
            for _ in listener.incoming().take_while(|_| !stopped.load(Ordering::SeqCst)) {}
        };
        Self { address, stop, thread: Some(thread::spawn(accept)) }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(self.address);
        self.thread.take().map(JoinHandle::join);
    }
}

struct Bed {
    server: Server,
    probing: Arc<Probing>,
    list: PeerList<RoundRobin>,
}

impl Bed {
    fn new(options: &str) -> Self {
        let server = Server::new();
        let probing = Probing::new(options.parse().unwrap());
        let list = PeerList::new(RoundRobin::new(), probing.clone(), ListOptions::new());
        list.start().unwrap();
        Self { server, probing, list }
    }

    fn names(&self) -> [String; 2] {
        let port = self.server.address.port();
        [format!("127.0.0.1:{port}"), format!("localhost:{port}")]
    }

    fn add(&self) {
        self.list.update(ListUpdates::adding(self.names())).unwrap();
        until("both are up", || self.list.available() == 2);
    }

    fn probes(&self) -> u64 {
        self.probing.introspect().iter().map(|peer| peer.probes).sum()
    }
}

fn threads_are_there_while_peers_are() {
    let before = descriptors();
    let bed = Bed::new("interval=5ms");
    assert_eq!(threads(), 0);
    for _ in 0..3 {
        bed.add();
        until("what resolves has ended", || threads() == 1);
        bed.list.update(ListUpdates::removing(bed.names())).unwrap();
        until("what probes has ended", || threads() == 0);
    }
    // Peers that two lists share, one of which goes first.
    bed.add();
    let other = PeerList::new(RoundRobin::new(), bed.probing.clone(), ListOptions::new());
    other.start().unwrap();
    other.update(ListUpdates::adding(bed.names())).unwrap();
    bed.list.update(ListUpdates::removing(bed.names())).unwrap();
    assert_eq!(other.available(), 2);
    other.stop().unwrap();
    until("what probes has ended", || threads() == 0);
    // A transport that is dropped with its peers, which no list does.
    let Bed { list, probing, server } = bed;
    let deaf: Arc<dyn Subscriber> = Arc::new(Deaf);
    probing.retain_peer(&identify(server.address.to_string()), deaf).unwrap();
    drop((list, other, probing));
    until("what probes has ended", || threads() == 0);
    drop(server);
    until("all descriptors are given back", || descriptors() == before);
}

struct Deaf;

impl Subscriber for Deaf {
    fn notify_status_changed(&self, _: &dyn Identifier) {}
}

/// Takes all descriptors that there are now. A probe under way gives its own back later.
fn take_descriptors(taken: &mut Vec<File>) {
    let limit = libc::rlimit { rlim_cur: 256, rlim_max: 256 };
    // SAFETY: reads `limit`.
    assert_eq!(unsafe { libc::setrlimit(libc::RLIMIT_NOFILE, &raw const limit) }, 0);
    taken.extend(std::iter::from_fn(|| File::open("/dev/null").ok()));
}

fn the_lack_of_descriptors_is_no_verdict() {
    let bed = Bed::new("interval=5ms,fast-interval=5ms,slow-interval=5ms,fall=1");
    bed.add();
    let shown = || bed.probing.introspect();
    let taken = RefCell::new(vec![]);
    let is_without = |peer: &ProbeStatus| {
        peer.last == "no verdict: cannot connect: Too many open files (os error 24)"
    };
    until("none can be made", || {
        take_descriptors(&mut taken.borrow_mut());
        shown().iter().all(is_without)
    });
    let probes = bed.probes();
    assert!(shown().iter().all(|peer| peer.state == ProbeState::Up && peer.streak == 0));
    drop(taken);
    until("they are probed again", || bed.probes() > probes + 4);
    assert!(shown().iter().all(|peer| peer.last == "connected"), "{:?}", shown());
}

fn a_name_that_no_descriptors_resolve_is_not_down() {
    let bed = Bed::new("interval=1h,slow-interval=1h");
    let [address, name] = bed.names();
    bed.list.update(ListUpdates::adding([address])).unwrap();
    until("the address is up", || bed.list.available() == 1);
    let mut taken = vec![];
    take_descriptors(&mut taken);
    bed.list.update(ListUpdates::adding([&*name])).unwrap();
    let shown = || bed.probing.introspect().into_iter().find(|peer| peer.identifier == name);
    until("it has been asked for", || shown().is_some_and(|peer| !peer.last.is_empty()));
    let peer = shown().unwrap();
    assert_eq!((peer.state, peer.probes), (ProbeState::New, 0), "{peer}");
    assert!(peer.last.starts_with("no verdict: cannot resolve the name: "), "{peer}");
    drop(taken);
    until("it is up", || bed.list.available() == 2);
}

fn a_transport_without_descriptors_retains_nothing() {
    let bed = Bed::new("");
    let mut taken = vec![];
    take_descriptors(&mut taken);
    let text = bed.list.update(ListUpdates::adding([bed.names()[0].clone()])).unwrap_err();
    assert!(text.to_string().contains("Too many open files"), "{text}");
    drop(taken);
    assert_eq!((bed.probing.introspect().len(), threads()), (0, 0));
    bed.add();
}

/// A shell stops this process while probes are under way, for longer than their timeout.
fn a_process_that_was_stopped_invents_no_timeout() {
    let bed = Bed::new("interval=10ms,jitter=0,timeout=200ms,fall=1");
    bed.add();
    for _ in 0..3 {
        let before = bed.probes();
        let script = format!("kill -STOP {0}; sleep 0.3; kill -CONT {0}", std::process::id());
        let stopped = std::process::Command::new("sh").args(["-c", &script]).status().unwrap();
        assert!(stopped.success());
        until("probes go on", || bed.probes() > before + 8);
        for peer in bed.probing.introspect() {
            assert!(
                peer.state == ProbeState::Up && peer.since > Duration::from_millis(250),
                "{peer}"
            );
        }
    }
}
