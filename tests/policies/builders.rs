//! Several updaters of one ring: none loses what another has added.

use std::thread;

use peerage::policy::AnyPolicy;
use peerage::{Chooser, List, ListUpdates, Outcome, Request};

use crate::list;

const UPDATERS: usize = 4;
const EACH: usize = 40;

/// Every member is named by a request, and would not be found if it were not on the ring.
#[test]
fn a_ring_has_the_members_of_all_updaters() {
    let policy: AnyPolicy = "hashring32:replicas=20,peer-override-header=peer".parse().unwrap();
    let (list, _transport) = list(policy, 0);
    let name = |updater, n| format!("u{updater}-{n}");
    thread::scope(|scope| {
        for updater in 0..UPDATERS {
            let list = &list;
            scope.spawn(move || {
                for n in 0..EACH {
                    list.update(ListUpdates::adding([name(updater, n)])).unwrap();
                    // One in four is removed again, while the others add.
                    if n % 4 == 3 {
                        list.update(ListUpdates::removing([name(updater, n)])).unwrap();
                    }
                }
            });
        }
    });
    let found = |id: &str| {
        let headers = [("peer", id)];
        let pick = list.try_choose(&Request::new().with_headers(&headers)).unwrap();
        let found = pick.identifier() == id;
        pick.finish(Outcome::Success);
        found
    };
    for updater in 0..UPDATERS {
        for n in 0..EACH {
            let id = name(updater, n);
            assert_eq!(found(&id), n % 4 != 3, "{id}");
        }
    }
}
