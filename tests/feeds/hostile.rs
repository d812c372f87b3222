//! Lists and sources that panic, and a stop that comes while the list is told.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::channel;
use std::sync::{Arc, Barrier, Mutex};
use std::thread;
use std::time::Duration;

use peerage::error::UpdateError;

use peerage::sources::{Answer, Source, SourceError, Stop};
use peerage::updaters::Watching;
use peerage::{Event, Identifier, Lifecycle, List, ListUpdates};

use crate::script::{Bed, NEVER, Said, Scripted, options, peers};
use crate::support::{until, within};

/// Does in `replace` and `update` what a test wants.
#[derive(Default)]
struct Played {
    replace: Option<Box<dyn Fn() + Send + Sync>>,
    update: Option<Box<dyn Fn() + Send + Sync>>,
    told: Mutex<Vec<String>>,
}

impl List for Played {
    fn update(&self, _: ListUpdates) -> Result<(), UpdateError> {
        self.update.iter().for_each(|update| update());
        Ok(())
    }

    fn replace(&self, _: Vec<Arc<dyn Identifier>>) -> Result<(), UpdateError> {
        self.replace.iter().for_each(|replace| replace());
        Ok(())
    }

    fn tell(&self, event: &Event<'_>) {
        self.told.lock().unwrap().push(event.to_string());
    }
}

#[test]
fn a_list_that_panics_does_not_hold_up_a_stop() {
    within(|| {
        let replace = Box::new(|| panic!("a list of one's own"));
        let list = Arc::new(Played { replace: Some(replace), ..Played::default() });
        let (script, said) = channel::<Said>();
        let fed: Arc<dyn List> = list.clone();
        let watching = Watching::new(fed, Box::new(Scripted(said)), options(""));
        watching.start().unwrap();
        script.send(Box::new(|| Ok(peers("a")))).unwrap();
        let panicked = "the list's replace panicked: a list of one's own";
        until("it is told", || list.told.lock().unwrap().iter().any(|line| line == panicked));
        watching.stop().unwrap();
        assert!(!watching.is_running());
    });
}

#[test]
fn an_interrupt_that_panics_leaves_no_peer() {
    struct Mined(bool, Arc<AtomicBool>);
    impl Source for Mined {
        fn name(&self) -> &str {
            "mined"
        }
        fn next(&mut self, stop: &Stop) -> Result<Answer, SourceError> {
            if !std::mem::replace(&mut self.0, true) {
                return Ok(peers("a"));
            }
            let _guard = stop.interrupt_with(|| panic!("an interrupt"));
            self.1.store(true, Ordering::Release);
            let _ = stop.pause(NEVER);
            Err("stopped".into())
        }
    }
    within(|| {
        let waits = Arc::new(AtomicBool::new(false));
        let bed = Bed::with_source(Box::new(Mined(false, Arc::clone(&waits))), channel().0, "");
        bed.updater.start().unwrap();
        until("it waits", || waits.load(Ordering::Acquire));
        bed.updater.stop().unwrap();
        assert_eq!(bed.members(), "");
    });
}

#[test]
fn a_stop_returns_when_the_peers_are_out() {
    within(|| {
        for _ in 0..10 {
            let barrier = Arc::new(Barrier::new(2));
            let meets = Arc::clone(&barrier);
            let out = Arc::new(AtomicBool::new(false));
            let done = Arc::clone(&out);
            let list = Played {
                replace: Some(Box::new(move || {
                    meets.wait();
                    thread::sleep(Duration::from_millis(20));
                })),
                update: Some(Box::new(move || {
                    thread::sleep(Duration::from_millis(100));
                    done.store(true, Ordering::Release);
                })),
                ..Played::default()
            };
            let (script, said) = channel::<Said>();
            let watching = Watching::new(Arc::new(list), Box::new(Scripted(said)), options(""));
            watching.start().unwrap();
            script.send(Box::new(|| Ok(peers("a")))).unwrap();
            barrier.wait();
            watching.stop().unwrap();
            assert!(out.load(Ordering::Acquire));
        }
    });
}
