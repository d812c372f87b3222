//! The registry that transports keep their peers in, and how a peer reports its status.

use std::convert::Infallible;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Barrier, Mutex, OnceLock, Weak};
use std::thread;

use peerage::error::{PeerHasNoReferenceToSubscriber, TransportHasNoReferenceToPeer};
use peerage::{ConnectionStatus, Identifier, Registry, StatusReporter, Subscriber};

use crate::first_transport::Line;

#[derive(Default)]
struct Listener(Mutex<Vec<String>>);

impl Listener {
    fn heard(&self) -> usize {
        self.0.lock().unwrap().len()
    }
}

impl Subscriber for Listener {
    fn notify_status_changed(&self, peer: &dyn Identifier) {
        self.0.lock().unwrap().push(peer.identifier().to_owned());
    }
}

fn as_subscriber(listener: &Arc<Listener>) -> Arc<dyn Subscriber> {
    Arc::clone(listener) as _
}

#[test]
fn a_registry_shares_peers_and_counts_every_retain() {
    let registry = Registry::new("fake");
    let (first, second) = (Arc::new(Listener::default()), Arc::new(Listener::default()));
    let retain = |listener: &Arc<Listener>| {
        registry.retain("a", as_subscriber(listener), |reporter| Line::new("a", reporter))
    };
    let ((peer, new), (same, old), (_, again)) = (retain(&first), retain(&second), retain(&first));
    assert_eq!((new, old, again), (true, false, false));
    assert!(Arc::ptr_eq(&peer, &same));
    assert_eq!((registry.subscriptions("a"), registry.peers().len()), (3, 1));
    peer.reporter.notify();
    assert_eq!((first.heard(), second.heard()), (2, 1), "once per retain");
    assert_eq!(*second.0.lock().unwrap(), ["a"], "under the peer's name");

    let release = |listener: &Arc<Listener>| registry.release("a", &as_subscriber(listener));
    assert!(release(&first).unwrap().is_none());
    assert!(release(&second).unwrap().is_none());
    let unknown = release(&second).unwrap_err();
    assert!(unknown.is::<PeerHasNoReferenceToSubscriber>(), "{unknown}");
    assert!(Arc::ptr_eq(&release(&first).unwrap().expect("the last"), &peer));
    assert!(registry.get("a").is_none());
    let gone = release(&first).unwrap_err();
    assert!(gone.is::<TransportHasNoReferenceToPeer>());
    assert_eq!(gone.to_string(), "transport \"fake\" has no reference to peer \"a\"");
    assert!(registry.reporter("a").is_none());
}

#[test]
fn a_report_after_the_release_reaches_nothing_not_even_through_a_peer_of_the_same_name() {
    let registry = Registry::new("fake");
    let listener = Arc::new(Listener::default());
    let retain = || registry.retain("a", as_subscriber(&listener), |r| Line::new("a", r)).0;
    let former = retain();
    let clone = former.reporter.clone();
    registry.release("a", &as_subscriber(&listener)).unwrap();
    former.reporter.notify();
    let latter = retain();
    former.reporter.notify();
    clone.notify();
    assert_eq!(listener.heard(), 0);
    latter.reporter.notify();
    registry.reporter("a").unwrap().notify();
    assert_eq!(listener.heard(), 2);
    StatusReporter::default().notify();
    assert_eq!(format!("{:?}", former.reporter), "StatusReporter { peer: None }");
    assert_eq!(format!("{clone:?}"), "StatusReporter { peer: None }");
    assert_eq!(format!("{:?}", latter.reporter), "StatusReporter { peer: Some(\"a\") }");
}

#[test]
fn a_reporter_keeps_neither_the_registry_nor_its_subscribers() {
    let registry = Registry::new("fake");
    let listener = Arc::new(Listener::default());
    let peer = registry.retain("a", as_subscriber(&listener), |r| Line::new("a", r)).0;
    drop(registry);
    peer.set(ConnectionStatus::Available);
    assert_eq!((listener.heard(), Arc::strong_count(&listener)), (0, 1));
}

#[test]
fn a_peer_that_cannot_be_made_leaves_nothing_behind() {
    let registry = Registry::<Line>::new("fake");
    let listener = Arc::new(Listener::default());
    let mut kept = None;
    let refused = registry.try_retain("a", as_subscriber(&listener), |reporter| {
        kept = Some(reporter);
        Err("no socket")
    });
    assert_eq!(refused.unwrap_err(), "no socket");
    kept.unwrap().notify();
    assert_eq!((registry.subscriptions("a"), registry.peers().len()), (0, 0));
    assert_eq!((listener.heard(), Arc::strong_count(&listener)), (0, 1));
}

/// `make` runs with no lock held, so it may use the registry, and another thread may be faster.
#[test]
fn of_two_peers_that_are_made_at_once_the_second_is_handed_back() {
    let registry = Registry::new("fake");
    let (first, second) = (Arc::new(Listener::default()), Arc::new(Listener::default()));
    let mut faster = None;
    let made = registry.try_retain("a", as_subscriber(&second), |reporter| {
        assert!(registry.get("a").is_none());
        faster = Some(registry.retain("a", as_subscriber(&first), |r| Line::new("a", r)));
        Ok::<_, Infallible>(Arc::new(Line::new("a", reporter)))
    });
    let ((faster, is_new), Ok((shared, surplus))) = (faster.unwrap(), made);
    let surplus = surplus.expect("it was made in vain");
    assert!(is_new && Arc::ptr_eq(&shared, &faster) && !Arc::ptr_eq(&surplus, &shared));
    surplus.set(ConnectionStatus::Available);
    assert_eq!((first.heard(), second.heard()), (0, 0), "no list has it");
    shared.set(ConnectionStatus::Available);
    assert_eq!((first.heard(), second.heard()), (1, 1));
    let joined = registry.try_retain("a", as_subscriber(&second), |_| Err("not made again"));
    assert!(matches!(joined, Ok((peer, None)) if Arc::ptr_eq(&peer, &faster)));
}

/// One peer is new, however many threads ask at once, and all get the same.
#[test]
fn threads_that_retain_at_once_share_one_peer() {
    const THREADS: usize = 4;
    for round in 0..200 {
        let registry = Registry::new("fake");
        let (ready, made) = (Barrier::new(THREADS), AtomicUsize::new(0));
        let retained: Vec<_> = thread::scope(|scope| {
            let retain = || {
                let listener = Arc::new(Listener::default());
                ready.wait();
                let (peer, is_new) = registry.retain("a", as_subscriber(&listener), |reporter| {
                    made.fetch_add(1, Ordering::Relaxed);
                    Line::new("a", reporter)
                });
                (peer, is_new, listener)
            };
            let threads: Vec<_> = (0..THREADS).map(|_| scope.spawn(retain)).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert!(made.into_inner() >= 1);
        assert_eq!(retained.iter().filter(|(_, is_new, _)| *is_new).count(), 1, "{round}");
        assert!(retained.iter().all(|(peer, ..)| Arc::ptr_eq(peer, &retained[0].0)), "{round}");
        retained[0].0.set(ConnectionStatus::Available);
        assert!(retained.iter().all(|(.., listener)| listener.heard() == 1), "{round}");
        assert_eq!(registry.subscriptions("a"), THREADS);
    }
}

/// Asks the registry for everything while it is being told.
struct Curious {
    registry: Weak<Registry<Line>>,
    me: OnceLock<Weak<Curious>>,
    heard: AtomicUsize,
}

impl Subscriber for Curious {
    fn notify_status_changed(&self, peer: &dyn Identifier) {
        let Some(registry) = self.registry.upgrade() else { return };
        let name = peer.identifier();
        let me: Arc<dyn Subscriber> = self.me.get().and_then(Weak::upgrade).expect("alive");
        assert!(registry.get(name).is_some() && registry.subscriptions(name) == 1);
        registry.retain(name, Arc::clone(&me), |_| unreachable!("it is there"));
        assert!(registry.release(name, &me).unwrap().is_none());
        if self.heard.fetch_add(1, Ordering::Relaxed) == 0 {
            registry.reporter(name).expect("a reporter").notify();
            assert!(registry.release(name, &me).unwrap().is_some());
        }
    }
}

#[test]
fn a_subscriber_may_use_the_registry_while_it_is_told() {
    let registry = Arc::new(Registry::new("fake"));
    let curious = Arc::new(Curious {
        registry: Arc::downgrade(&registry),
        me: OnceLock::new(),
        heard: AtomicUsize::new(0),
    });
    curious.me.set(Arc::downgrade(&curious)).unwrap();
    let (peer, _) = registry.retain("a", curious.clone(), |reporter| Line::new("a", reporter));
    peer.set(ConnectionStatus::Available);
    assert_eq!(curious.heard.load(Ordering::Relaxed), 2);
    assert!(registry.peers().is_empty(), "it has let itself go");
}
