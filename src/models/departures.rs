//! A drain against a transport that answers: no caller sleeps through the last answer.

use std::sync::Arc;

use loom::thread;

use crate::list::Departures;
use crate::sync::Mutex;

/// So many transports are asked, in the place of a membership, and each answer is told there first.
struct World {
    asked: Mutex<u32>,
    departures: Departures,
}

impl World {
    fn asking(asked: u32) -> Arc<Self> {
        Arc::new(Self { asked: Mutex::new(asked), departures: Departures::default() })
    }

    fn answer(&self) {
        *self.asked.lock() -= 1;
        self.departures.answered();
    }

    /// A caller that slept on would be a deadlock, which the checker reports.
    fn drain(&self) {
        assert!(self.departures.wait(None, || *self.asked.lock() > 0));
        assert_eq!(*self.asked.lock(), 0);
    }
}

/// An answer takes no lock of the departures while no caller waits, so it must see one that does.
#[test]
fn a_drain_hears_the_only_answer() {
    loom::model(|| {
        let world = World::asking(1);
        let drain = thread::spawn({
            let world = Arc::clone(&world);
            move || world.drain()
        });
        world.answer();
        drain.join().unwrap();
    });
}

/// Two answers at once, and two callers: who is counted, and who has ended, differs for each answer.
#[test]
fn two_drains_hear_the_last_of_two_answers() {
    loom::model(|| {
        let world = World::asking(2);
        let threads = [World::answer as fn(&World), World::drain].map(|act| {
            let world = Arc::clone(&world);
            thread::spawn(move || act(&world))
        });
        world.answer();
        world.drain();
        for thread in threads {
            thread.join().unwrap();
        }
    });
}
