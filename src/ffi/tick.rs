//! Time that passes for a chooser that nothing else is asked of.

use super::chooser::peerage_chooser;
use super::options::PEERAGE_TIMEOUT_FOREVER;
use super::status::peerage_status;
use super::{checked, hold};

/// Lets peers be tried that were ejected (the option `eject`) and whose time is over, and writes to
/// `next_ns` (may be `NULL`) how long until the next one may be, in nanoseconds, or
/// `PEERAGE_TIMEOUT_FOREVER` if none is out.
///
/// For event loops that wait for peerage_chooser_notify_ready or a descriptor and for nothing else: call
/// it once and then whenever the time that it has said is over. Every other call that has to do with
/// peers does the same: a choice that finds none, the end of a request, a push, an update; and
/// peerage_chooser_choose wakes in time by itself. What a policy has learnt of peers needs no call: it
/// fades with the first requests that end.
///
/// Ownership: writes `next_ns` on success
/// Threads: any
/// Blocks: never
/// Calls back: with `eject=` the policy's available and unavailable, ready notices, the log
/// Errors: NULL_POINTER (`chooser`)
/// Since: 0.1
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn peerage_chooser_tick(
    chooser: *const peerage_chooser,
    next_ns: *mut i64,
) -> peerage_status {
    checked(|| {
        // SAFETY: pointers as the header demands.
        let chooser = unsafe { hold(chooser) }?;
        // `direct` ejects no peer: its requests name theirs.
        let next = chooser.list().and_then(crate::PeerList::tick);
        let next = next.map_or(PEERAGE_TIMEOUT_FOREVER, |next| {
            i64::try_from(next.as_nanos()).unwrap_or(i64::MAX)
        });
        if !next_ns.is_null() {
            // SAFETY: as above.
            unsafe { next_ns.write(next) };
        }
        Ok(())
    })
}
