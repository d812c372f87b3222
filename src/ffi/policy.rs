//! A policy made of C functions; `custom` calls them.

use std::ffi::c_void;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::ask_again::peerage_ask_again;
use super::error::{Failure, peerage_error, reported};
use super::request::peerage_request;
use super::status::{PEERAGE_ERR_INVALID_ARGUMENT, PEERAGE_ERR_NULL_POINTER, peerage_status};
use super::types::{
    Context, SizeFirst, peerage_drop_fn, peerage_outcome, peerage_str, read_prefix,
};
use super::{add_ref, un_ref};

/// What a policy's `choose` answers: one of `PEERAGE_CHOICE_*`.
pub type peerage_choice = i32;

/// `choose` has found a peer.
pub const PEERAGE_CHOICE_MADE: peerage_choice = 0;
/// Peers are available, but none for this request. Asked again when another one is. Any number that
/// is not one of these is taken for it.
pub const PEERAGE_CHOICE_EXCLUDED: peerage_choice = 1;
/// No peer is available. Asked again when one is.
pub const PEERAGE_CHOICE_UNAVAILABLE: peerage_choice = 2;
/// Fewer peers are available than the request needs: `choose` has written to `out` how many it
/// needs. Asked again when that many are.
pub const PEERAGE_CHOICE_TOO_FEW: peerage_choice = 3;
/// Only the peer that the request's shard key names will do, and it is not available. Asked again
/// when it is.
pub const PEERAGE_CHOICE_NOT_THE_NAMED: peerage_choice = 4;
/// Every peer that would do has as many requests as it may have. Asked again when a peer becomes
/// available, and, which needs `PEERAGE_WATCH_PLACES`, when a request ends: one blocked caller for
/// each, and all ready notices.
pub const PEERAGE_CHOICE_AT_CAPACITY: peerage_choice = 5;
/// The policy cannot choose just now. Asked again when it says so: see peerage_ask_again_trigger.
pub const PEERAGE_CHOICE_NOT_READY: peerage_choice = 6;

/// How long requests took. A choice and a finish whose caller does not say then look at the clock.
pub const PEERAGE_WATCH_LATENCY: u64 = 1;
/// That a place has become free, for a policy that answers `PEERAGE_CHOICE_AT_CAPACITY`.
pub const PEERAGE_WATCH_PLACES: u64 = 2;

/// A peer that has become available, as a policy is told of it. The texts end in NUL and are
/// borrowed for the call. Fields may be added at the end: `size` says which there are.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct peerage_peer_info {
    /// The size of this struct.
    pub size: usize,
    /// Which peer it is; see peerage_key_index.
    pub key: u64,
    /// Its identifier.
    pub id: peerage_str,
    /// The name under which a hash ring would place it; empty: its identifier.
    pub shard: peerage_str,
    /// Where it is; empty: unknown.
    pub zone: peerage_str,
    /// How much it can take beside others, at least 1.
    pub weight: u32,
    /// Which tier it belongs to: 0 is the first to be used.
    pub tier: u32,
    /// Its requests in flight, from before it became unavailable.
    pub pending: u32,
    /// 0.
    pub reserved: u32,
}

/// The callbacks of a policy. They are called one at a time, by whichever thread chooses, finishes
/// or reports a status, and should only compute. Fill it from `PEERAGE_POLICY_OPS_INIT`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct peerage_policy_ops {
    /// The size of this struct.
    pub size: usize,
    /// Required: a peer can be chosen from now on; or its weight, tier, zone or shard have changed,
    /// and then it was `unavailable` just before. So it was, too, if a request has preferred the peer:
    /// that request is among the pending ones, `choose` is not called for it, and its end is told.
    pub available:
        Option<unsafe extern "C-unwind" fn(ctx: *mut c_void, peer: *const peerage_peer_info)>,
    /// Required: the peer cannot be chosen any more. It may become available again, with the same
    /// key.
    pub unavailable: Option<unsafe extern "C-unwind" fn(ctx: *mut c_void, key: u64)>,
    /// Required: write the key of an available peer to `out` and return `PEERAGE_CHOICE_MADE`, or return
    /// why there is none, one of `PEERAGE_CHOICE_*`, on which depends when a waiting caller asks
    /// again. The request counts as pending when this returns. Its keys are those of the caller who
    /// chooses: any bytes, which need not end in NUL; its headers are found with
    /// peerage_request_header. A choice of a peer that is to be avoided is taken back, and this is
    /// called again a few times.
    pub choose: Option<
        unsafe extern "C-unwind" fn(
            ctx: *mut c_void,
            request: *const peerage_request,
            out: *mut u64,
        ) -> peerage_choice,
    >,
    /// Optional: a request on the peer, which may have become unavailable or left since, has ended;
    /// or a choice was taken back, and then `outcome` is `PEERAGE_OUTCOME_NOT_SENT`. `latency_ns` is how
    /// long it took, or `PEERAGE_LATENCY_UNKNOWN`.
    pub finished: Option<
        unsafe extern "C-unwind" fn(
            ctx: *mut c_void,
            key: u64,
            outcome: peerage_outcome,
            latency_ns: i64,
        ),
    >,
    /// Optional: the policy serves a chooser from now on. Called once, before all others, while
    /// peerage_chooser_new runs. `ask_again` is borrowed: take a reference to keep it.
    pub attached:
        Option<unsafe extern "C-unwind" fn(ctx: *mut c_void, ask_again: *const peerage_ask_again)>,
    /// Optional: the last call ever for `ctx`.
    pub drop: peerage_drop_fn,
    /// What it wants to hear of each request beside its end: `PEERAGE_WATCH_*`, or 0.
    pub watches: u64,
}

// SAFETY: `repr(C)`, size first, all fields may be zero.
unsafe impl SizeFirst for peerage_policy_ops {}

impl peerage_policy_ops {
    fn check(&self) -> Result<(), Failure> {
        if self.available.is_none() || self.unavailable.is_none() || self.choose.is_none() {
            let what = "ops.available, ops.unavailable and ops.choose must not be NULL";
            return Err(Failure::new(PEERAGE_ERR_NULL_POINTER, what));
        }
        if self.watches & !(PEERAGE_WATCH_LATENCY | PEERAGE_WATCH_PLACES) != 0 {
            let what = format!("ops.watches is {}: give PEERAGE_WATCH_* or 0", self.watches);
            return Err(Failure::new(PEERAGE_ERR_INVALID_ARGUMENT, what));
        }
        if self.watches & PEERAGE_WATCH_LATENCY != 0 && self.finished.is_none() {
            let what = "ops.watches asks for latencies, and ops.finished is NULL";
            return Err(Failure::new(PEERAGE_ERR_INVALID_ARGUMENT, what));
        }
        Ok(())
    }
}

/// The callbacks and their context, which goes with the last of policy and chooser.
pub(super) struct Shared {
    pub(super) ops: peerage_policy_ops,
    pub(super) context: Context,
}

/// A policy of the user's own, for one chooser.
pub struct peerage_policy {
    shared: Arc<Shared>,
    taken: AtomicBool,
}

impl peerage_policy {
    /// What it calls, for the first chooser that asks.
    pub(super) fn take(&self) -> Option<Arc<Shared>> {
        // Relaxed: a flag on its own.
        let first = !self.taken.swap(true, Ordering::Relaxed);
        first.then(|| Arc::clone(&self.shared))
    }
}

/// Makes a policy of callbacks, for `custom_policy` of one chooser's options.
///
/// Ownership: consumes `ctx`, also on failure (of `ops` without a `drop` nothing can be called); `out` is the caller's, for peerage_policy_unref
/// Threads: any
/// Blocks: never
/// Calls back: drop, on failure
/// Errors: NULL_POINTER (`ops`, `out` or a required callback), INVALID_ARGUMENT (`size`, unknown flags in `watches`, latencies without `finished`)
/// Since: 0.1
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn peerage_policy_new(
    ops: *const peerage_policy_ops,
    ctx: *mut c_void,
    out: *mut *const peerage_policy,
    err: *mut *mut peerage_error,
) -> peerage_status {
    // SAFETY: pointers as the header demands.
    unsafe {
        reported(err, || {
            let (ops, understood) = read_prefix(ops)?;
            let context = Context { ctx, drop: ops.drop };
            understood?;
            ops.check()?;
            if out.is_null() {
                return Err(Failure::of(PEERAGE_ERR_NULL_POINTER, "out"));
            }
            let shared = Arc::new(Shared { ops, context });
            let policy = peerage_policy { shared, taken: AtomicBool::new(false) };
            out.write(Arc::into_raw(Arc::new(policy)));
            Ok(())
        })
    }
}

/// Takes one more reference and returns `policy`.
///
/// Ownership: the new reference is the caller's
/// Threads: any
/// Blocks: never
/// Calls back: none
/// Errors: none; `NULL` gives `NULL`
/// Since: 0.1
#[unsafe(no_mangle)]
pub unsafe extern "C" fn peerage_policy_ref(
    policy: *const peerage_policy,
) -> *const peerage_policy {
    // SAFETY: `NULL` or a live handle.
    unsafe { add_ref(policy) }
}

/// Gives one reference back. The chooser that uses the policy keeps it alive.
///
/// Ownership: consumes one reference
/// Threads: any
/// Blocks: never
/// Calls back: drop
/// Errors: none; `NULL` does nothing
/// Since: 0.1
#[unsafe(no_mangle)]
pub unsafe extern "C" fn peerage_policy_unref(policy: *const peerage_policy) {
    // SAFETY: `NULL` or a live handle of the caller's.
    unsafe { un_ref(policy) };
}
