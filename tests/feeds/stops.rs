//! Stops, while the source waits, while the list is told, and from inside of that.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::channel;
use std::sync::{Arc, Barrier, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use peerage::policy::RoundRobin;
use peerage::sources::{Answer, Source, SourceError, Stop};
use peerage::testing::FakeTransport;
use peerage::updaters::Watching;
use peerage::{Chooser, Event, Lifecycle, List, ListOptions, PeerList, SourceNews, State};

use crate::script::{Bed, Said, Scripted, options, peers};
use crate::support::{until, within};

/// What a stop may take, and what the machine may.
const SOON: Duration = Duration::from_millis(250);

#[test]
fn a_stop_takes_the_peers_out_and_listens_no_more() {
    within(|| {
        let bed = Bed::started("");
        bed.say(peers("a b"));
        bed.has("a b");
        bed.asked(2);
        let begun = Instant::now();
        bed.updater.stop().unwrap(); // the source waits, and cannot be interrupted
        assert!(begun.elapsed() < SOON, "{:?}", begun.elapsed());
        assert_eq!((bed.members().as_str(), bed.updater.is_running()), ("", false));
        let told = bed.told().len();
        bed.say(peers("c"));
        until("the thread ends", || bed.script.send(Box::new(|| Ok(peers("d")))).is_err());
        assert_eq!((bed.members().as_str(), bed.told().len()), ("", told));
        assert!(bed.updater.start().unwrap_err().to_string().contains("was stopped"));
    });
}

#[test]
fn a_source_that_can_be_interrupted_is() {
    struct Blocked(Arc<AtomicBool>);
    impl Source for Blocked {
        fn name(&self) -> &str {
            "blocked"
        }
        fn next(&mut self, stop: &Stop) -> Result<Answer, SourceError> {
            let (sender, receiver) = channel::<()>();
            let sender = Mutex::new(Some(sender));
            let _guard = stop.interrupt_with(move || drop(sender.lock().unwrap().take()));
            let _ = receiver.recv();
            self.0.store(true, Ordering::Release);
            Err("interrupted".into())
        }
    }
    within(|| {
        let returned = Arc::new(AtomicBool::new(false));
        let bed = Bed::with_source(Box::new(Blocked(Arc::clone(&returned))), channel().0, "");
        bed.updater.start().unwrap();
        bed.asked(1);
        bed.updater.stop().unwrap();
        assert!(returned.load(Ordering::Acquire), "the stop has waited for it");
        assert!(bed.told().is_empty(), "an end is no failure");
    });
}

#[test]
fn a_stop_before_the_start_and_a_drop_are_stops() {
    within(|| {
        let bed = Bed::new("");
        bed.updater.stop().unwrap();
        assert!(bed.updater.start().is_err());
        let (script, said) = channel::<Said>();
        let bed = Bed::with_source(Box::new(Scripted(said)), script, "");
        bed.updater.start().unwrap();
        let Bed { updater, script, .. } = bed;
        drop(updater);
        until("the thread ends", || script.send(Box::new(|| Ok(peers("a")))).is_err());
    });
}

/// An observer is called on the thread of the source.
#[test]
fn a_stop_from_inside_of_an_event_waits_for_nothing() {
    within(|| {
        let updater = Arc::new(Mutex::new(None::<Arc<Watching>>));
        let stopped = Arc::clone(&updater);
        let observer = move |_: &str, event: &Event<'_>| {
            if let Event::Updated { .. } | Event::Source { news: SourceNews::Changed { .. }, .. } =
                event
            {
                let updater = stopped.lock().unwrap().clone();
                updater.unwrap().stop().unwrap();
            }
        };
        let list = ListOptions::new().with_observer(Arc::new(observer));
        let list = Arc::new(PeerList::new(RoundRobin::new(), FakeTransport::new(), list));
        list.start().unwrap();
        let (script, said) = channel();
        let fed: Arc<dyn List> = list.clone();
        let watching = Arc::new(Watching::new(fed, Box::new(Scripted(said)), options("")));
        *updater.lock().unwrap() = Some(Arc::clone(&watching));
        watching.start().unwrap();
        let said: Said = Box::new(|| Ok(peers("a b")));
        script.send(said).unwrap();
        until("the thread ends", || script.send(Box::new(|| Ok(peers("c")))).is_err());
        until("the peers are gone", || list.stats().peers == 0);
        updater.lock().unwrap().take();
    });
}

/// Whatever is being applied when the stop comes is taken out as well.
#[test]
fn a_stop_while_the_list_is_told_leaves_nothing() {
    within(|| {
        for round in 0..50 {
            let bed = Bed::started("");
            let barrier = Arc::new(Barrier::new(2));
            let meets = Arc::clone(&barrier);
            bed.script
                .send(Box::new(move || {
                    meets.wait();
                    Ok(peers("a b c d e f g h i"))
                }))
                .unwrap();
            barrier.wait();
            for _ in 0..round {
                thread::yield_now();
            }
            bed.updater.stop().unwrap();
            assert_eq!(bed.members(), "");
            assert_eq!(bed.list.stats().state, State::Running);
        }
    });
}
