//! A policy made of C functions: a [`SerialPolicy`], so it is called one call at a time.

use std::ffi::c_void;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::error::{Failure, peerage_error, reported};
use super::request::peerage_request;
use super::status::{PEERAGE_ERR_NULL_POINTER, peerage_status};
use super::types::{Context, SizeFirst, Text, peerage_drop_fn, peerage_str, read_prefix};
use super::{add_ref, un_ref};
use crate::policy::{Key, Nothing, PeerInfo, SerialPolicy};
use crate::{Finish, Request};

/// The callbacks of a policy. They are called one at a time, by whichever thread chooses, finishes
/// or reports a status, and should only compute. Set `size` to `sizeof(peerage_policy_ops)`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct peerage_policy_ops {
    /// The size of this struct.
    pub size: usize,
    /// Required: a peer can be chosen from now on; it may have `pending` requests from before.
    pub added: Option<
        unsafe extern "C-unwind" fn(ctx: *mut c_void, key: u64, id: peerage_str, pending: u32),
    >,
    /// Required: the peer cannot be chosen any more. It may be added again.
    pub removed: Option<unsafe extern "C-unwind" fn(ctx: *mut c_void, key: u64)>,
    /// Required: write the key of a peer that is added to `out` and return 0, or return another
    /// number for none. The request's keys are those of the caller who chooses: any bytes, which
    /// need not end in NUL. Its headers and the peers to avoid are not passed on (a choice of a peer
    /// to avoid is taken back, and this is called again a few times). The request counts as pending
    /// when this returns.
    pub choose: Option<
        unsafe extern "C-unwind" fn(
            ctx: *mut c_void,
            request: *const peerage_request,
            out: *mut u64,
        ) -> i32,
    >,
    /// Optional: a request on the peer, which may have been removed meanwhile, has ended.
    pub finished: Option<unsafe extern "C-unwind" fn(ctx: *mut c_void, key: u64, outcome: i32)>,
    /// Optional: the last call ever for `ctx`.
    pub drop: peerage_drop_fn,
}

// SAFETY: `repr(C)`, size first, all fields may be zero.
unsafe impl SizeFirst for peerage_policy_ops {}

pub(super) struct Shared {
    ops: peerage_policy_ops,
    context: Context,
}

/// A policy of the user's own, for one chooser.
pub struct peerage_policy {
    shared: Arc<Shared>,
    taken: AtomicBool,
}

impl peerage_policy {
    /// The policy itself, for the first chooser that asks.
    pub(super) fn take(&self) -> Option<Custom> {
        let first = !self.taken.swap(true, Ordering::Relaxed);
        first.then(|| Custom(Arc::clone(&self.shared)))
    }
}

pub(super) struct Custom(Arc<Shared>);

impl fmt::Debug for Custom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Custom")
    }
}

impl SerialPolicy for Custom {
    fn name(&self) -> &'static str {
        "custom"
    }

    fn available(&mut self, peer: &PeerInfo<'_>) {
        if let Some(added) = self.0.ops.added {
            let id = Text::new(peer.id);
            let (key, pending) = (peer.key.to_bits(), peer.pending);
            // SAFETY: the user's own function, with arguments as the header promises.
            unsafe { added(self.0.context.ctx, key, id.lend(), pending) };
        }
    }

    fn unavailable(&mut self, peer: Key) {
        if let Some(removed) = self.0.ops.removed {
            // SAFETY: as above.
            unsafe { removed(self.0.context.ctx, peer.to_bits()) };
        }
    }

    fn choose(&mut self, request: &Request<'_>) -> Result<Key, Nothing> {
        let (request, mut key) = (peerage_request::lend(request), 0);
        let choose = self.0.ops.choose.ok_or(Nothing::Unavailable)?;
        // SAFETY: as above.
        let answer = unsafe { choose(self.0.context.ctx, &request, &mut key) };
        if answer == 0 { Ok(Key::from_bits(key)) } else { Err(Nothing::Excluded) }
    }

    fn finished(&mut self, peer: Key, finish: Finish) {
        if let Some(finished) = self.0.ops.finished {
            // SAFETY: as above.
            unsafe { finished(self.0.context.ctx, peer.to_bits(), finish.outcome as i32) };
        }
    }
}

/// Makes a policy of callbacks, for `policy_custom` of one chooser's options.
///
/// Ownership: consumes `ctx`, also on failure (of `ops` without a `drop` nothing can be called); `out` is the caller's, for peerage_policy_unref
/// Threads: any
/// Blocks: never
/// Calls back: drop, on failure
/// Errors: NULL_POINTER (`ops`, `out` or a required callback), INVALID_ARGUMENT (`size`)
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
            let complete = ops.added.is_some() && ops.removed.is_some() && ops.choose.is_some();
            if !complete || out.is_null() {
                let what = "ops.added, ops.removed, ops.choose and out must not be NULL";
                return Err(Failure::new(PEERAGE_ERR_NULL_POINTER, what));
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
