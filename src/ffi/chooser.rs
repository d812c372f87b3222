//! A chooser: its life.

use std::sync::Arc;
use std::time::Duration;

use super::custom::Custom;
use super::error::{Failure, peerage_error, reported};
use super::log::Log;
use super::options::{PEERAGE_TIMEOUT_FOREVER, peerage_chooser_opts};
use super::status::{
    PEERAGE_ERR_INVALID_ARGUMENT, PEERAGE_ERR_NULL_POINTER, PEERAGE_ERR_TIMED_OUT, peerage_status,
};
use super::types::{Text, read_prefix};
use super::updater::Feeding;
use super::{add_ref, checked, guarded, hold, un_ref};
use crate::policy::{AnyPolicy, PolicySpec, Serial};
use crate::sync::Mutex;
use crate::{AnyChooser, Chooser, OnPanic, PeerList, Request, Transport};

/// Hands out a peer for each request.
pub struct peerage_chooser {
    pub(super) kind: AnyChooser,
    pub(super) made: Made,
    /// The updaters that feed it.
    pub(super) feeding: Mutex<Vec<Feeding>>,
}

/// What it was made with, as `settings.rs` tells it.
pub(super) struct Made {
    pub(super) name: Text,
    pub(super) default_timeout: Duration,
    pub(super) fails_fast: bool,
    /// A choice may run callbacks, and so needs a reference of its own.
    pub(super) calls_back: bool,
    /// The policy counts requests and looks at nothing else of them.
    pub(super) counts_ends: bool,
    /// The same of requests that have succeeded.
    pub(super) counts_successes: bool,
    pub(super) fails_below: bool,
}

impl peerage_chooser {
    pub(super) fn chooser(&self) -> &dyn Chooser {
        &self.kind
    }

    /// Whether the chooser can take the request as it is: `direct` makes a name of its key, which
    /// must not hold a NUL.
    pub(super) fn check(&self, request: &Request<'_>) -> Result<(), peerage_status> {
        let is_name = matches!(self.kind, AnyChooser::Direct(_));
        if is_name && request.shard_key().contains(&0) {
            return Err(PEERAGE_ERR_INVALID_ARGUMENT);
        }
        Ok(())
    }

    pub(super) fn list(&self) -> Option<&PeerList> {
        match &self.kind {
            AnyChooser::List(list) => Some(list),
            AnyChooser::Direct(_) => None,
        }
    }

    /// # Safety
    ///
    /// The pointers of `opts` are as the header demands.
    unsafe fn new(opts: &peerage_chooser_opts, log: Option<Log>) -> Result<Self, Failure> {
        let wrong = |what| Failure::new(PEERAGE_ERR_INVALID_ARGUMENT, what);
        // SAFETY: by contract of the caller.
        let (transport, policy, mut options, custom) = unsafe {
            let of = |what| move |status| Failure::of(status, what);
            let transport = hold(opts.transport).map_err(of("opts.transport"))?;
            let policy = opts.policy.text().map_err(of("opts.policy"))?;
            (transport, policy, opts.list_options()?, opts.custom_policy.as_ref())
        };
        if let Some(log) = log {
            options = options.with_observer(Arc::new(log));
        }
        let (hooks, hears_ends) = (transport.hooks().any(), transport.hooks().ends());
        let transport: Arc<dyn Transport> = transport;
        let given = options.clone();
        let (kind, counts_ends) = if let Some(custom) = custom {
            if !policy.is_empty() {
                return Err(wrong("opts.policy and opts.custom_policy exclude each other"));
            }
            let custom = custom.take();
            let custom =
                custom.ok_or_else(|| wrong("opts.custom_policy serves another chooser already"))?;
            let policy = AnyPolicy::Custom(Box::new(Serial::new(Custom::new(custom))));
            (AnyChooser::List(PeerList::new(policy, transport, options)), false)
        } else {
            let spec: PolicySpec = policy.parse()?;
            (AnyChooser::from_spec(&spec, transport, options), spec.row().counts_ends())
        };
        let calls_back = match &kind {
            // A peer that is tried again is taken out of the choice meanwhile.
            AnyChooser::List(list) => hooks || list.may_panic() || given.eject > 0,
            // A choice retains and releases peers.
            AnyChooser::Direct(_) => true,
        };
        let counts_successes = match &kind {
            AnyChooser::List(list) => counts_ends || list.learns_of_failures(),
            AnyChooser::Direct(_) => false,
        };
        // An end that is told late would keep its place from those that wait for it. A list that ejects
        // listens to how requests end.
        let may_be_late = given.max_pending.is_none() && given.eject == 0;
        // A transport that hears of ends heeds how they are.
        let any_may_be_late = may_be_late && !hears_ends;
        let made = Made {
            name: Text::new(&kind.introspect().name),
            default_timeout: given.default_timeout,
            fails_fast: given.fail_fast,
            calls_back,
            counts_ends: counts_ends && any_may_be_late,
            counts_successes: counts_successes && may_be_late,
            fails_below: given.on_panic == OnPanic::Fail,
        };
        Ok(Self { kind, made, feeding: Mutex::default() })
    }
}

/// Makes a chooser that is not started, and writes a handle with one reference to `out`.
///
/// Ownership: takes a reference to the transport and the policy; consumes `log.ctx`, also on failure; `out` is the caller's, for peerage_chooser_unref
/// Threads: any
/// Blocks: never
/// Calls back: the policy's attached; drop of the log, on failure
/// Errors: NULL_POINTER (`opts`, `out`, the transport), INVALID_ARGUMENT (the policy, a setting), INVALID_UTF8
/// Since: 0.1
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn peerage_chooser_new(
    opts: *const peerage_chooser_opts,
    out: *mut *const peerage_chooser,
    err: *mut *mut peerage_error,
) -> peerage_status {
    // SAFETY: pointers as the header demands.
    unsafe {
        reported(err, || {
            let (opts, understood) =
                read_prefix(opts).map_err(|status| Failure::of(status, "opts"))?;
            let log = Log::new(opts.log)?;
            understood.map_err(|status| Failure::of(status, "opts.size"))?;
            if out.is_null() {
                return Err(Failure::of(PEERAGE_ERR_NULL_POINTER, "out"));
            }
            out.write(Arc::into_raw(Arc::new(peerage_chooser::new(&opts, log)?)));
            Ok(())
        })
    }
}

/// Takes one more reference and returns `chooser`.
///
/// Ownership: the new reference is the caller's
/// Threads: any
/// Blocks: never
/// Calls back: none
/// Errors: none; `NULL` gives `NULL`
/// Since: 0.1
#[unsafe(no_mangle)]
pub unsafe extern "C" fn peerage_chooser_ref(
    chooser: *const peerage_chooser,
) -> *const peerage_chooser {
    // SAFETY: `NULL` or a live handle.
    unsafe { add_ref(chooser) }
}

/// Gives one reference back. The last one stops the chooser and releases its peers.
///
/// Ownership: consumes one reference
/// Threads: any
/// Blocks: never, but if this was the last use of a transport that probes: as peerage_transport_unref
/// Calls back: release, drop, ready notices
/// Errors: none; `NULL` does nothing
/// Since: 0.1
#[unsafe(no_mangle)]
pub unsafe extern "C" fn peerage_chooser_unref(chooser: *const peerage_chooser) {
    // SAFETY: `NULL` or a live handle of the caller's.
    unsafe { un_ref(chooser) };
}

/// Retains the peers added so far and begins to hand them out. Idempotent; not after a stop.
///
/// Ownership: borrows `chooser`
/// Threads: any
/// Blocks: while another thread starts it, unless that one waits for this one
/// Calls back: retain, release, the policy's available and unavailable, ready notices, the log
/// Errors: NULL_POINTER, STOPPED, REJECTED (by the transport: nothing is retained, and it may be tried again)
/// Since: 0.1
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn peerage_chooser_start(
    chooser: *const peerage_chooser,
    err: *mut *mut peerage_error,
) -> peerage_status {
    // SAFETY: pointers as the header demands.
    unsafe { reported(err, || Ok(hold(chooser)?.chooser().start()?)) }
}

/// Ends every wait with `STOPPED` and releases the peers; one with requests in flight when the
/// last of them finishes. Idempotent. Never waits for callbacks.
///
/// Ownership: borrows `chooser`
/// Threads: any
/// Blocks: while another thread stops it, unless that one waits for this one; never inside a callback of the stop
/// Calls back: release, the policy's unavailable, ready notices, the log
/// Errors: NULL_POINTER
/// Since: 0.1
#[unsafe(no_mangle)]
pub unsafe extern "C" fn peerage_chooser_stop(
    chooser: *const peerage_chooser,
    err: *mut *mut peerage_error,
) -> peerage_status {
    // SAFETY: pointers as the header demands.
    unsafe { reported(err, || Ok(hold(chooser)?.chooser().stop()?)) }
}

/// Waits until every peer that has left has been released, and so until none of its requests is in
/// flight: those of peers that were removed, and after peerage_chooser_stop those of all. Requests on
/// peers that are still there are not waited for. How many are left is in peerage_stats.
///
/// Not from inside a callback of the chooser's, nor with a pick of it in hand that this thread is to
/// finish: it would wait for itself.
///
/// Ownership: borrows `chooser`
/// Threads: any
/// Blocks: until the last of them is released, or for `timeout_ns`: `PEERAGE_TIMEOUT_FOREVER`, or 0 to not wait
/// Calls back: none
/// Errors: NULL_POINTER, INVALID_ARGUMENT (`timeout_ns`), TIMED_OUT
/// Since: 0.1
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn peerage_chooser_drain(
    chooser: *const peerage_chooser,
    timeout_ns: i64,
) -> peerage_status {
    checked(|| {
        // SAFETY: pointers as the header demands.
        let chooser = unsafe { hold(chooser) }?;
        let timeout = match timeout_ns {
            PEERAGE_TIMEOUT_FOREVER => None,
            ns => Some(u64::try_from(ns).map_err(|_| PEERAGE_ERR_INVALID_ARGUMENT)?),
        };
        let drained = chooser.chooser().drain(timeout.map(Duration::from_nanos));
        drained.map_err(|_| PEERAGE_ERR_TIMED_OUT)
    })
}

/// Returns 1 if the chooser is running, else 0.
///
/// Ownership: borrows `chooser`
/// Threads: any
/// Blocks: never
/// Calls back: none
/// Errors: none; 0 for `NULL`
/// Since: 0.1
#[unsafe(no_mangle)]
pub unsafe extern "C" fn peerage_chooser_is_running(chooser: *const peerage_chooser) -> i32 {
    // SAFETY: `NULL` or a live handle.
    let chooser = unsafe { chooser.as_ref() };
    guarded(0, || chooser.is_some_and(|chooser| chooser.chooser().is_running()).into())
}
