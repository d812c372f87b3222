//! Calls from inside callbacks, and ends while notices wait: nothing waits for itself, nothing stays.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::thread;

use peerage::testing::FakeTransport;
use peerage::{
    Chooser, ConnectionStatus, Direct, DirectOptions, Lifecycle, NoticeId, Outcome, Ready, Wait,
};

use super::net::{LIMIT, Net, names};
use super::support::{until, within};
use super::{direct, named};

/// What a caller may do from inside a callback, for this name.
fn do_everything(chooser: &Direct, name: &str) {
    let request = named(name);
    if let Ok(pick) = chooser.try_choose(&request) {
        pick.finish(Outcome::Success);
    }
    // This one is given, or dropped by a stop.
    let _ = chooser.notify_ready(&request, Box::new(|_| ()));
    if let Some(id) = chooser.notify_ready(&request, Box::new(|_| ())) {
        // Another thread may give it first.
        let _ = chooser.cancel_notice(id);
    }
    let _ = (chooser.introspect(), chooser.stats());
}

#[test]
fn names_are_held_and_let_go_from_inside_the_transport() {
    within(|| {
        let (chooser, transport) = direct(1);
        for of_retain in [true, false] {
            let (inner, depth) = (Arc::downgrade(&chooser), AtomicUsize::new(0));
            let hook = move |name: &str, _: &Arc<dyn peerage::Subscriber>| {
                // A call from inside a call from inside is enough.
                if depth.fetch_add(1, Ordering::SeqCst) < 2
                    && let Some(chooser) = inner.upgrade()
                {
                    do_everything(&chooser, name);
                    do_everything(&chooser, "other:1");
                }
                depth.fetch_sub(1, Ordering::SeqCst);
            };
            if of_retain {
                transport.on_retain(hook);
            } else {
                transport.on_release(hook);
            }
        }
        for name in names(70) {
            chooser.choose(&named(&name), Wait::timeout(LIMIT)).unwrap().finish(Outcome::Success);
        }
        chooser.stop().unwrap();
        assert_eq!(transport.retained(), 0);
        assert_eq!(transport.retains().len(), transport.releases().len());
    });
}

#[test]
fn a_notice_may_choose_ask_again_and_cancel() {
    within(|| {
        let net = Net::new(0, None);
        let others: Arc<Mutex<Vec<NoticeId>>> = Arc::default();
        let (served, count) = mpsc::channel();
        for name in names(70) {
            let (chooser, own) = (Arc::downgrade(&net.chooser), name.clone());
            let (served, cancels) = (served.clone(), Arc::clone(&others));
            let notice = move |_| {
                let Some(chooser) = chooser.upgrade() else { return };
                let cancelled = cancels.lock().unwrap().pop();
                cancelled.map(|id| chooser.cancel_notice(id));
                do_everything(&chooser, &own);
                chooser.try_choose(&named(&own)).unwrap().finish(Outcome::Success);
                served.send(()).unwrap();
            };
            net.chooser.notify_ready(&named(&name), Box::new(notice)).unwrap();
            let other = net.chooser.notify_ready(&named(&name), Box::new(|_| ()));
            others.lock().unwrap().extend(other);
        }
        for name in names(70) {
            net.transport.set_status(&name, ConnectionStatus::Available);
        }
        assert_eq!(count.try_iter().count(), 70);
    });
}

/// Told by the stop, not by a peer: and then nothing holds on to the chooser or its transport.
#[test]
fn a_chooser_that_is_dropped_gives_the_notices_that_wait_and_is_gone() {
    let net = Net::new(0, None);
    let (transport, names) = (net.transport.clone(), names(70));
    let (told, given) = mpsc::channel();
    for name in &names {
        let told = told.clone();
        let notice = move |ready| told.send(ready).unwrap();
        net.chooser.notify_ready(&named(name), Box::new(notice)).unwrap();
    }
    assert_eq!(transport.retained(), names.len());
    let chooser = Arc::downgrade(&net.chooser);
    let retained = Arc::downgrade(&transport);
    drop(net);
    assert_eq!(given.try_iter().filter(|ready| *ready == Ready::Stopped).count(), names.len());
    assert!(chooser.upgrade().is_none());
    assert_eq!(transport.retained(), 0);
    drop(transport);
    // The thread of the net may be looking at it just now.
    until("the transport is dropped", || retained.upgrade().is_none());
}

/// A notice that owns the chooser it waits in is a circle, which a stop cuts.
#[test]
fn a_notice_that_owns_its_chooser_is_dropped_by_a_stop() {
    let transport = FakeTransport::with_initial_status(ConnectionStatus::Connecting);
    let chooser = Arc::new(Direct::new(transport, DirectOptions::new()));
    chooser.start().unwrap();
    let own = Arc::clone(&chooser);
    let notice = move |_| assert!(!own.is_running());
    chooser.notify_ready(&named("a:1"), Box::new(notice)).unwrap();
    chooser.stop().unwrap();
    let gone = Arc::downgrade(&chooser);
    drop(chooser);
    assert!(gone.upgrade().is_none());
}

#[test]
fn a_notice_may_stop_the_chooser_and_drop_it() {
    within(|| {
        let net = Net::new(0, None);
        let (told, given) = mpsc::channel();
        let last = Mutex::new(Some(Arc::clone(&net.chooser)));
        let notice = move |_| {
            let chooser = last.lock().unwrap().take().unwrap();
            chooser.stop().unwrap();
            drop(chooser);
            told.send(()).unwrap();
        };
        net.chooser.notify_ready(&named("a:1"), Box::new(notice)).unwrap();
        let others = net.blocked_in_vain("a:1");
        let Net { chooser, transport, .. } = net;
        until("both wait", || chooser.stats().waiting == 2);
        drop(chooser);
        transport.set_status("a:1", ConnectionStatus::Available);
        given.recv_timeout(LIMIT).unwrap();
        others.join().unwrap();
        assert_eq!(transport.retained(), 0);
    });
}

/// More callers than there are kinds of them, while everything ends.
#[test]
fn a_stop_meets_callers_of_every_kind() {
    for _ in 0..20 {
        let net = Net::new(1, None);
        let names = names(9);
        let blocked: Vec<_> = names.iter().map(|name| net.blocked_in_vain(name)).collect();
        let asking = {
            let (chooser, names) = (Arc::clone(&net.chooser), names.clone());
            thread::spawn(move || names.iter().for_each(|name| do_everything(&chooser, name)))
        };
        let connecting = {
            let (transport, names) = (Arc::clone(&net.transport), names.clone());
            let up = move |name: &String| transport.set_status(name, ConnectionStatus::Available);
            thread::spawn(move || names.iter().for_each(up))
        };
        net.chooser.stop().unwrap();
        blocked.into_iter().for_each(|caller| caller.join().unwrap());
        asking.join().unwrap();
        connecting.join().unwrap();
        let stats = net.chooser.stats();
        assert_eq!((stats.waiting, stats.pending, net.transport.retained()), (0, 0, 0));
    }
}
