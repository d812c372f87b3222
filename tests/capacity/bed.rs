//! Callers that wait in lists with limits.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::{self, JoinHandle};

use peerage::policy::Policy;
use peerage::{
    Cause, ChooseError, Chooser, NoticeId, Outcome, PeerList, Pick, Ready, Request, Wait,
};

use crate::support::LIMIT;

/// Policies that find any peer with a place.
pub(crate) const ANY: [&str; 9] = [
    "round-robin",
    "random",
    "two-random-choices",
    "fewest-pending-requests",
    "least-loaded",
    "least-latency",
    "least-reported",
    "hashring32",
    "single",
];

pub(crate) type List = Arc<PeerList>;

/// Takes every place that there is.
pub(crate) fn fill(list: &PeerList<impl Policy>) -> Vec<Pick> {
    std::iter::from_fn(|| list.try_choose(&Request::new()).ok()).collect()
}

/// Notices that wait, one after another, and tell who was given one. Unlike a blocked caller, one waits
/// when the call that asked for it has returned.
pub(crate) struct Notices {
    told: Sender<(usize, Ready)>,
    given: Receiver<(usize, Ready)>,
    number: usize,
}

impl Notices {
    pub(crate) fn new() -> Self {
        let (told, given) = channel();
        Self { told, given, number: 0 }
    }

    /// One more. `None`: it does not wait.
    pub(crate) fn arrives(&mut self, list: &List) -> Option<NoticeId> {
        let (told, number) = (self.told.clone(), self.number);
        self.number += 1;
        let notice = Box::new(move |ready| {
            let _ = told.send((number, ready));
        });
        list.notify_ready(&Request::new(), notice)
    }

    /// Who was given one that was not told of yet, if any was. (On this thread, so it is known.)
    pub(crate) fn next(&self) -> Option<(usize, Ready)> {
        self.given.try_recv().ok()
    }
}

/// A blocked caller that gives its place back at once. One that is refused a place in the queue comes again.
pub(crate) fn caller(list: &List) -> JoinHandle<Result<(), ChooseError>> {
    let list = Arc::clone(list);
    thread::spawn(move || {
        loop {
            match list.choose(&Request::new(), Wait::timeout(LIMIT)) {
                Err(error) if error.cause() == Cause::QueueFull => thread::yield_now(),
                choice => return choice.map(|pick| pick.finish(Outcome::Success)),
            }
        }
    })
}
