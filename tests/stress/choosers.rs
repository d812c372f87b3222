//! Those who ask for a peer: at once, waiting, with a token, by notice.

use std::collections::VecDeque;
use std::sync::atomic::Ordering::SeqCst;
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};

use peerage::policy::Rng;
use peerage::{CancelToken, ChooseError, ChooseErrorKind, Chooser, Outcome, PeerList, Pick};
use peerage::{Ready, Request, Wait};

use crate::bed::{Alarm, Bed};
use crate::plan::{Role, name};
use crate::support::LIMIT;

/// Makes its choices, and holds up to `hold` picks. One in eight is left to be finished `later`.
pub(crate) fn choose(bed: &Bed, act: u64, list: &Weak<PeerList>, me: usize, later: &Sender<Pick>) {
    let _alarm = Alarm(list.clone());
    let random = bed.plan.random(act, Role::Chooser, me);
    let mut held = VecDeque::new();
    for _ in 0..bed.plan.choices {
        let Some(list) = list.upgrade() else { break };
        bed.ledger.attempt();
        let began = bed.ledger.now();
        if let Some(pick) = one(bed, &list, &random, me) {
            bed.ledger.check(&pick, began);
            held.push_back(pick);
        }
        // Perhaps the last reference: the list then stops on this thread.
        drop(list);
        while held.len() > bed.plan.hold || (!held.is_empty() && random.below(4) == 0) {
            end(held.pop_front().expect("not empty"), &random, later);
        }
    }
    held.into_iter().for_each(|pick| end(pick, &random, later));
}

pub(crate) fn end(pick: Pick, random: &Rng, later: &Sender<Pick>) {
    match random.below(8) {
        0 => later.send(pick).expect("the owner takes them"),
        1 => drop(pick),
        2 => pick.finish(Outcome::Overloaded),
        3 => pick.finish(Outcome::NotSent),
        _ => pick.finish(Outcome::Success),
    }
}

fn one(bed: &Bed, list: &PeerList, random: &Rng, me: usize) -> Option<Pick> {
    let key = random.next().to_string();
    let mut request = Request::new().with_shard_key(&key);
    // More than eight need memory of their own.
    let avoided: Vec<String> = match random.below(8) {
        0 => (0..random.below(18)).map(|_| name(random.below(bed.plan.peers))).collect(),
        _ => vec![],
    };
    let avoided: Vec<&str> = avoided.iter().map(String::as_str).collect();
    request = request.with_avoid(&avoided);
    let short = Duration::from_micros(random.below(2_000) as u64);
    match random.below(16) {
        0 => waited(list, &request, Wait::timeout(short), Some(short)),
        1 => waited(list, &request, Wait::until(Instant::now() + short), None),
        2 => waited(list, &request, Wait::forever(), None),
        3 => cancelled(bed, list, &request, me),
        4 => {
            notice(bed, list, &request, random);
            None
        }
        _ => allowed(list.try_choose(&request), |kind| kind == ChooseErrorKind::NoPeer),
    }
}

/// A pick, or an error of the kinds that are `expected` here, or of a list that does not run.
fn allowed(
    choice: Result<Pick, ChooseError>,
    expected: impl Fn(ChooseErrorKind) -> bool,
) -> Option<Pick> {
    choice
        .map_err(|error| match error.kind() {
            ChooseErrorKind::Stopped | ChooseErrorKind::NotRunning(_) => {}
            kind => assert!(expected(kind), "{error}"),
        })
        .ok()
}

fn waited(
    list: &PeerList,
    request: &Request<'_>,
    wait: Wait<'_>,
    at_least: Option<Duration>,
) -> Option<Pick> {
    allowed(list.choose(request, wait), |kind| match kind {
        ChooseErrorKind::TimedOut(waited) => at_least.is_none_or(|least| waited.0 >= least),
        // An instant that has passed is not waited for.
        ChooseErrorKind::NoPeer | ChooseErrorKind::FailFast => true,
        _ => false,
    })
}

/// A wait that an onlooker may cancel.
fn cancelled(bed: &Bed, list: &PeerList, request: &Request<'_>, me: usize) -> Option<Pick> {
    let token = {
        let mut mine = bed.tokens[me].lock().unwrap();
        if mine.is_triggered() {
            *mine = CancelToken::new();
        }
        mine.clone()
    };
    let choice = list.choose(request, Wait::forever().cancelled_by(&token));
    allowed(choice, |kind| match kind {
        ChooseErrorKind::Cancelled => token.is_triggered(),
        kind => kind == ChooseErrorKind::FailFast,
    })
}

/// A notice that is waited for, taken back, or left.
fn notice(bed: &Bed, list: &PeerList, request: &Request<'_>, random: &Rng) {
    let ledger = Arc::clone(&bed.ledger);
    ledger.registered.fetch_add(1, SeqCst);
    let (tell, told) = channel::<Ready>();
    let give = move |ready| {
        ledger.given.fetch_add(1, SeqCst);
        let _ = tell.send(ready);
    };
    match list.notify_ready(request, Box::new(give)) {
        Some(id) if random.below(2) == 0 => {
            if list.cancel_notice(id) {
                bed.ledger.cancelled.fetch_add(1, SeqCst);
                assert!(told.recv().is_err(), "taken back, and given");
            } else {
                told.recv_timeout(LIMIT).expect("not taken back, so given");
            }
        }
        Some(_) if random.below(2) == 0 => {}
        _ => {
            told.recv_timeout(LIMIT).expect("a notice is given in the end");
        }
    }
}
