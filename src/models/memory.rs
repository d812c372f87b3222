//! The memory of cheap peers, while one that is in it leaves and another one gets its slot.

use std::sync::Arc;

use loom::thread;

use super::fakes::{Host, Probe, choose, remove, seat_with};
use crate::outcome::Outcome;
use crate::policy::choose_remembered;
use crate::slot::WATCH_COST;

/// Chooses the cheapest that is remembered and has a request of it answered, which is noted. Returns
/// whether there was one.
fn request(host: &Host) -> bool {
    let Some(pinned) = choose_remembered(&host.roster, host.learner.group(0)) else { return false };
    let pick = pinned.into_pick();
    assert_eq!(pick.identifier(), "probe");
    pick.finish(Outcome::Success);
    true
}

#[test]
fn what_is_remembered_is_a_peer_or_none() {
    loom::model(|| {
        let host = Host::remembering();
        let probes = [Probe::new(), Probe::new()];
        let join = |probe| seat_with(&host, probe, None, WATCH_COST);
        let first = join(&probes[0]);
        choose(&host, first).expect("it is available").finish(Outcome::Success);
        let chooser = thread::spawn({
            let host = Arc::clone(&host);
            move || {
                // It looks at what is noted, and then at what is remembered.
                request(&host);
                request(&host);
            }
        });
        remove(&host, first);
        let second = join(&probes[1]);
        if let Some(pick) = choose(&host, second) {
            pick.finish(Outcome::Success);
        }
        chooser.join().unwrap();

        // Another thread may have lost the note that the one before made: that is all it may do.
        choose(&host, second).expect("it is available").finish(Outcome::Success);
        // In vain, if the slot of the first was remembered last: a choice draws again then.
        assert!(request(&host) || request(&host), "a peer has just answered");
        assert_eq!((probes[0].released(), probes[1].released()), (1, 0));
        remove(&host, second);
        assert!(!request(&host) && !request(&host));
        assert_eq!(probes[1].released(), 1);
    });
}
