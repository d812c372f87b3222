//! Those who change nothing: one who looks, and triggers the choosers' tokens; one who repeats
//! notifications, also of peers that have left.

use std::collections::{BTreeSet, VecDeque};
use std::sync::{Arc, Weak};
use std::thread;

use peerage::{Chooser, PeerList, Subscriber, identify};

use crate::bed::{Alarm, Bed};
use crate::plan::{Role, name, number};

/// Looks at everything that can be seen, again and again.
pub(crate) fn look(bed: &Bed, act: u64, list: &Weak<PeerList>) {
    let _alarm = Alarm(list.clone());
    let random = bed.plan.random(act, Role::Onlooker, 0);
    let most = bed.plan.choosers * bed.plan.choices;
    for _ in 0..bed.plan.looks {
        let Some(list) = list.upgrade() else { break };
        let page = list.introspect();
        let names: BTreeSet<&str> = page.peers.iter().map(|peer| &*peer.identifier).collect();
        assert!(page.peers.is_sorted_by_key(|peer| &peer.identifier), "{page}");
        assert_eq!(names.len(), page.peers.len(), "{page}");
        assert!(names.into_iter().all(|id| number(id) < bed.plan.peers), "{page}");
        for peer in &page.peers {
            let pending = peer.status.pending_request_count as usize;
            assert!(pending <= most, "{page}");
        }
        assert!(list.available() <= bed.plan.peers);
        let id = name(random.below(bed.plan.peers));
        // Any answer is right by the time it is looked at: that they can be asked is what is tried.
        let _ = (list.is_available(&id), list.is_uninitialized(&id), list.waiting());
        assert!(format!("{list:?}").starts_with("PeerList"));
        trigger(bed, random.below(bed.plan.choosers));
        thread::yield_now();
    }
    // A wait that begins now is served: all peers are up in the end. Those of before are not left.
    (0..bed.plan.choosers).for_each(|chooser| trigger(bed, chooser));
}

fn trigger(bed: &Bed, chooser: usize) {
    let token = bed.tokens[chooser].lock().unwrap().clone();
    token.trigger();
}

/// Notifies of nothing new, by subscribers of now and of before.
pub(crate) fn echo(bed: &Bed, act: u64) {
    let random = bed.plan.random(act, Role::Echo, 0);
    let mut old: VecDeque<(String, Arc<dyn Subscriber>)> = VecDeque::new();
    for _ in 0..bed.plan.flaps {
        let id = name(random.below(bed.plan.peers));
        let now = bed.transport.subscribers(&id);
        old.extend(now.into_iter().map(|subscriber| (id.clone(), subscriber)));
        while old.len() > 20 {
            old.pop_front();
        }
        if let Some((id, subscriber)) = old.get(random.below(old.len().max(1))) {
            subscriber.notify_status_changed(&*identify(id.clone()));
        }
    }
}
