//! What a transport of C's has found out about its peers by checks of its own.

use std::sync::atomic::Ordering;

use super::followed::Known;
use super::peer::peerage_peer;
use super::status::{
    PEERAGE_ERR_GONE, PEERAGE_ERR_INVALID_ARGUMENT, PEERAGE_ERR_UNSUPPORTED, peerage_status,
};
use super::types::peerage_str;
use super::{checked, hold};
use crate::sync::Mutex;

impl peerage_peer {
    fn count_check(&self, passed: i32, what: &str) -> Result<(), peerage_status> {
        let passed = match passed {
            0 => false,
            1 => true,
            _ => return Err(PEERAGE_ERR_INVALID_ARGUMENT),
        };
        if self.gone.load(Ordering::Acquire) {
            return Err(PEERAGE_ERR_GONE);
        }
        let last = what.to_owned();
        if self.known.get().is_none() {
            self.known.set(Known::Checked(Mutex::default()));
        }
        let Some(Known::Checked(check)) = self.known.get() else {
            return Err(PEERAGE_ERR_UNSUPPORTED);
        };
        let mut check = check.lock();
        if passed {
            check.passed += 1;
        } else {
            check.failed += 1;
        }
        check.last = last;
        Ok(())
    }
}

/// Counts a check that a transport has made of a peer, for status pages and metrics: `passed` is 1 if the
/// peer has passed it, else 0, and `what` says in words how it ended, such as `200 in 3 ms`, or is empty.
/// It changes nothing else: whether the peer is available is said by peerage_peer_set_status.
///
/// Ownership: `what` is borrowed for the call
/// Threads: any, also inside `retain`
/// Blocks: never
/// Calls back: drop, if this was the last use of a transport
/// Errors: NULL_POINTER, INVALID_UTF8, INVALID_ARGUMENT (`passed` is neither, `what` has a NUL), GONE (after `release`), UNSUPPORTED (the peer's transport probes it)
/// Since: 0.1
#[unsafe(no_mangle)]
pub unsafe extern "C" fn peerage_peer_checked(
    peer: *const peerage_peer,
    passed: i32,
    what: peerage_str,
) -> peerage_status {
    // SAFETY: pointers as the header demands.
    checked(|| unsafe { hold(peer)?.count_check(passed, what.name()?) })
}
