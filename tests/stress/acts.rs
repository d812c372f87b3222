//! The three acts of a run.

use std::sync::atomic::Ordering::SeqCst;
use std::sync::mpsc::channel;
use std::sync::{Arc, Weak};
use std::thread;

use peerage::policy::AnyPolicy;
use peerage::{Chooser, Lifecycle, List, ListUpdates, Outcome, PeerList, Pick, Request, Wait};

use crate::bed::{Alarm, Bed};
use crate::plan::{Ending, Plan, Role, name};
use crate::support::until;
use crate::{changes, choosers, lasting, onlookers};

pub(crate) fn play(plan: Plan, policy: AnyPolicy) {
    let bed = Bed::new(plan);
    let list = bed.list(policy);
    start_among_all(&bed, &list);
    lasting::at_rest(&bed, &list);
    crowd(&bed, &list);
    lasting::at_rest(&bed, &list);
    end_among_all(&bed, list);
    lasting::gone(&bed);
}

/// Act 1: all at once, on a list that starts in their midst.
fn start_among_all(bed: &Bed, list: &Arc<PeerList>) {
    let first = 0..bed.plan.first;
    first.clone().for_each(|peer| bed.ledger.enters(peer));
    list.update(ListUpdates::adding(first.clone().map(name))).expect("writes them down");
    first.for_each(|peer| bed.members.lock().unwrap()[peer] = true);
    let (later, finished_later) = channel::<Pick>();
    thread::scope(|scope| {
        let weak = Arc::downgrade(list);
        let _alarm = Alarm(weak.clone());
        spawn_all(scope, bed, 1, &weak, &later);
        drop(later);
        list.start().expect("starts");
        // On another thread than the one that chose, and while others choose.
        finished_later.into_iter().for_each(|pick| pick.finish(Outcome::Success));
    });
}

/// Act 2: callers and notices wait for any peer, and one comes back.
fn crowd(bed: &Bed, list: &Arc<PeerList>) {
    let random = bed.plan.random(2, Role::Crowd, 0);
    (0..bed.plan.peers).for_each(|peer| changes::fall(bed, peer, random.below(2) == 0));
    assert_eq!(list.available(), 0);
    let blocked = if bed.plan.fail_fast { 0 } else { bed.plan.blocked };
    let members = bed.members();
    let saviour = members[random.below(members.len())];
    thread::scope(|scope| {
        let weak = Arc::downgrade(list);
        let _alarm = Alarm(weak.clone());
        for _ in 0..blocked {
            scope.spawn(|| {
                let _alarm = Alarm(Arc::downgrade(list));
                let began = bed.ledger.now();
                let pick = list.choose(&Request::new(), Wait::forever()).expect("it comes back");
                bed.ledger.check(&pick, began);
                assert_eq!(pick.identifier(), name(saviour));
            });
        }
        let notices: Vec<_> = (0..bed.plan.notices).map(|_| notice(bed, list)).collect();
        until("all wait", || list.waiting() == blocked + notices.len());
        for id in notices.iter().step_by(5) {
            assert!(list.cancel_notice(*id));
            bed.ledger.cancelled.fetch_add(1, SeqCst);
        }
        assert!(list.try_choose(&Request::new()).is_err());
        changes::rise(bed, saviour);
    });
    until("all notices are given", || bed.ledger.outstanding() == 0);
    (0..bed.plan.peers).for_each(|peer| changes::rise(bed, peer));
}

fn notice(bed: &Bed, list: &PeerList) -> peerage::NoticeId {
    let ledger = Arc::clone(&bed.ledger);
    ledger.registered.fetch_add(1, SeqCst);
    let give = move |_| {
        ledger.given.fetch_add(1, SeqCst);
    };
    list.notify_ready(&Request::new(), Box::new(give)).expect("there is no peer")
}

/// Act 3: all at once again, and the list ends in their midst. Some picks outlive it.
fn end_among_all(bed: &Bed, list: Arc<PeerList>) {
    let all = bed.plan.choosers * bed.plan.choices;
    let end = bed.ledger.attempts() + bed.plan.random(3, Role::Owner, 0).below(all);
    let (later, finished_later) = channel::<Pick>();
    let kept = thread::scope(|scope| {
        let weak = Arc::downgrade(&list);
        let alarm = Alarm(weak.clone());
        spawn_all(scope, bed, 3, &weak, &later);
        drop(later);
        // As long as that many choices take, which the limit of the whole run is for.
        while bed.ledger.attempts() <= end {
            thread::yield_now();
        }
        let kept = match bed.plan.ending {
            Ending::Drop => {
                drop(list);
                None
            }
            Ending::Stop => {
                list.stop().expect("stops");
                bed.ledger.stopped();
                assert!(list.try_choose(&Request::new()).is_err());
                Some(list)
            }
        };
        drop(alarm);
        kept
    });
    if let Some(list) = &kept {
        lasting::stopped(bed, list);
    }
    drop(kept);
    finished_later.into_iter().for_each(|pick| pick.finish(Outcome::Failure));
}

/// One of everything, but for as many choosers as the plan has.
fn spawn_all<'s>(
    scope: &'s thread::Scope<'s, '_>,
    bed: &'s Bed,
    act: u64,
    list: &Weak<PeerList>,
    later: &std::sync::mpsc::Sender<Pick>,
) {
    for me in 0..bed.plan.choosers {
        let (list, later) = (list.clone(), later.clone());
        scope.spawn(move || choosers::choose(bed, act, &list, me, &later));
    }
    let refusals = act == 3;
    let weak = || list.clone();
    scope.spawn({
        let list = weak();
        move || changes::update(bed, act, &list, refusals)
    });
    scope.spawn(move || changes::flap(bed, act));
    scope.spawn(move || onlookers::echo(bed, act));
    scope.spawn({
        let list = weak();
        move || onlookers::look(bed, act, &list)
    });
}
