//! A `Direct` whose names come and go: each request gets the peer it names.

use std::sync::Arc;
use std::thread;

use peerage::{
    ChooseErrorKind, Chooser, Direct, DirectOptions, Lifecycle, ListOptions, Outcome, Wait,
};

use crate::bed::Bed;
use crate::changes::flap;
use crate::lasting::{counts, gone};
use crate::onlookers::echo;
use crate::plan::{Plan, Role, name};
use crate::support::{LIMIT, named, until};

pub(crate) fn play(plan: Plan) {
    let bed = Bed::new(plan);
    let list = ListOptions::new().with_observer(Arc::clone(&bed.observer) as _);
    let options = DirectOptions { keep: bed.plan.keep, list };
    let chooser = Direct::new(bed.transport.clone(), options);
    chooser.start().expect("starts");
    // Names come from requests, so all may be chosen at any time.
    (0..bed.plan.peers).for_each(|peer| bed.ledger.enters(peer));

    among_all(&bed, 1, &chooser, false);
    assert_eq!((chooser.stats().waiting, pending(&chooser)), (0, 0));
    counts(&bed);
    among_all(&bed, 3, &chooser, true);
    assert!(chooser.introspect().peers.is_empty(), "{chooser:?}");
    drop(chooser);
    gone(&bed);
}

fn among_all(bed: &Bed, act: u64, chooser: &Direct, stops: bool) {
    let before = bed.ledger.attempts();
    thread::scope(|scope| {
        for me in 0..bed.plan.choosers {
            scope.spawn(move || {
                let _alarm = Alarm(chooser);
                choose(bed, act, chooser, me);
            });
        }
        scope.spawn(move || flap(bed, act));
        scope.spawn(move || echo(bed, act));
        if stops {
            let mark = bed.plan.random(act, Role::Owner, 0).below(bed.plan.choices);
            until("its end has come", || bed.ledger.attempts() > before + mark);
            chooser.stop().expect("stops");
            bed.ledger.stopped();
        }
    });
}

fn choose(bed: &Bed, act: u64, chooser: &Direct, me: usize) {
    let random = bed.plan.random(act, Role::Chooser, me);
    for _ in 0..bed.plan.choices {
        let name = name(random.below(bed.plan.peers));
        let request = named(&name);
        let began = bed.ledger.now();
        bed.ledger.attempt();
        let choice = if random.below(2) == 0 {
            chooser.choose(&request, Wait::timeout(LIMIT))
        } else {
            chooser.try_choose(&request)
        };
        match choice {
            Ok(pick) => {
                bed.ledger.check(&pick, began);
                assert_eq!(pick.identifier(), name);
                pick.finish(Outcome::Success);
            }
            Err(error) => match error.kind() {
                ChooseErrorKind::NoPeer | ChooseErrorKind::Stopped => {}
                kind => panic!("{kind:?}: {error}"),
            },
        }
    }
}

fn pending(chooser: &Direct) -> u32 {
    let peers = chooser.introspect().peers;
    peers.iter().map(|peer| peer.status.pending_request_count).sum()
}

struct Alarm<'c>(&'c Direct);

impl Drop for Alarm<'_> {
    fn drop(&mut self) {
        if thread::panicking() {
            let _ = self.0.stop();
        }
    }
}
