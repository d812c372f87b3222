//! The clients: threads that make one request after the other.
//!
//! This is what a caller of the library looks like: choose, take the transport's own peer out of
//! the pick, send, finish with how it went. A request that no server can have seen is tried again
//! with another pick.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Instant;

use hdrhistogram::CreationError;
use peerage::policy::Rng;
use peerage::transports::pool::{PoolPeer, Tcp};
use peerage::{ChooseErrorKind, Chooser, Outcome, PeerList, Request, Wait};

use crate::connection::{CallError, call};
use crate::tally::{Cause, Tally};
use crate::wire;

/// How often a request is sent before it is given up.
const TRIES: u32 = 4;
/// How many different shard keys there are.
const KEYS: usize = 10_000;

/// What all clients share.
pub(crate) struct Load {
    pub(crate) list: Arc<PeerList>,
    pub(crate) ended: AtomicBool,
    /// For the progress line.
    pub(crate) served: AtomicU64,
    pub(crate) failed: AtomicU64,
    numbers: AtomicU64,
}

impl Load {
    pub(crate) fn new(list: Arc<PeerList>) -> Self {
        let (served, failed, numbers) = Default::default();
        Self { list, ended: AtomicBool::new(false), served, failed, numbers }
    }

    /// The clients finish the request they are at.
    pub(crate) fn end(&self) {
        self.ended.store(true, Ordering::Release);
    }

    /// One client, until the end.
    pub(crate) fn run(&self) -> Result<Tally, CreationError> {
        let rng = Rng::unseeded();
        let mut tally = Tally::default();
        while !self.ended.load(Ordering::Acquire) {
            let key = format!("user-{}", rng.below(KEYS));
            tally.made += 1;
            match self.request(&key, &mut tally)? {
                Ok(()) => {
                    tally.served += 1;
                    self.served.fetch_add(1, Ordering::Relaxed);
                }
                Err(cause) => {
                    *tally.failed.entry(cause).or_default() += 1;
                    self.failed.fetch_add(1, Ordering::Relaxed);
                }
            }
        }
        Ok(tally)
    }

    /// One request. The outer error is of the tally, the inner one of the request.
    fn request(&self, key: &str, tally: &mut Tally) -> Result<Result<(), Cause>, CreationError> {
        // `hashring32` places the key; the other policies do not look at it.
        let request = Request::new().with_shard_key(key);
        let number = self.numbers.fetch_add(1, Ordering::Relaxed);
        for nth in 1..=TRIES {
            tally.retried += u64::from(nth > 1);
            let pick = match self.list.choose(&request, Wait::list_default()) {
                Ok(pick) => pick,
                Err(error) => return Ok(Err(cause(error.kind()))),
            };
            let begun = Instant::now();
            let Ok(peer) = pick.downcast::<PoolPeer<Tcp>>() else {
                pick.finish(Outcome::NotSent);
                return Ok(Err(Cause::Refused));
            };
            let result = call(
                peer,
                |to| wire::write_frame(to, number, key.as_bytes()),
                |from| wire::read_answer(from, number),
            );
            let peer = tally.of(pick.identifier())?;
            match result {
                Ok(()) => {
                    peer.answered(begun.elapsed());
                    pick.finish(Outcome::Success);
                    return Ok(Ok(()));
                }
                Err(error) => {
                    peer.failed += 1;
                    pick.finish(Outcome::Failure);
                    match error {
                        CallError::Lost => return Ok(Err(Cause::Lost)),
                        CallError::NoAnswer => return Ok(Err(Cause::NoAnswer)),
                        CallError::NotConnected | CallError::NotSent => {}
                    }
                }
            }
        }
        Ok(Err(Cause::OutOfTries))
    }
}

fn cause(kind: ChooseErrorKind) -> Cause {
    match kind {
        ChooseErrorKind::TimedOut(_) => Cause::NoPeer,
        _ => Cause::Refused,
    }
}
