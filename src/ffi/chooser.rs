//! A chooser: its options, its life, its updates.

use std::ffi::c_void;
use std::sync::Arc;
use std::time::Duration;

use super::error::{Failure, peerage_error, reported};
use super::policy::peerage_policy;
use super::status::{
    PEERAGE_ERR_INVALID_ARGUMENT, PEERAGE_ERR_NULL_POINTER, PEERAGE_ERR_UNSUPPORTED,
};
use super::transport::peerage_transport;
use super::types::{Context, SizeFirst, peerage_drop_fn, peerage_str, read_prefix};
use super::{add_ref, guarded, hold, un_ref};
use crate::policy::{AnyPolicy, Policy, PolicySpec, Serial};
use crate::single::Only;
use crate::{
    Chooser, Direct, DirectOptions, Event, Identifier, List, ListOptions, ListUpdates, PeerList,
    Transport, identify,
};

/// The default of a chooser; for `default_timeout_ns` itself, 500 ms.
pub const PEERAGE_DEFAULT_TIMEOUT: i64 = -2_i64;
/// No limit.
pub const PEERAGE_FOREVER: i64 = -1_i64;

/// What a chooser logs, and how much of it.
pub const PEERAGE_LOG_OFF: i32 = 0;
/// Failures that nobody was there to hear of.
pub const PEERAGE_LOG_ERROR: i32 = 1;
/// Updates and changes of status too.
pub const PEERAGE_LOG_INFO: i32 = 2;
/// Waits too.
pub const PEERAGE_LOG_DEBUG: i32 = 3;

/// Where a chooser logs to. All zeros: nowhere.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct peerage_log_opts {
    /// The size of this struct, or 0 for no log.
    pub size: usize,
    /// The most detailed level that is emitted.
    pub level: i32,
    /// One line. It may call any function.
    pub emit:
        Option<unsafe extern "C-unwind" fn(ctx: *mut c_void, level: i32, message: peerage_str)>,
    /// Optional: the last call ever for `ctx`.
    pub drop: peerage_drop_fn,
    /// Passed to both.
    pub ctx: *mut c_void,
}

/// The settings of a chooser. `PEERAGE_CHOOSER_OPTS_INIT` has the defaults.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct peerage_chooser_opts {
    /// The size of this struct.
    pub size: usize,
    /// `name[:key=value[,key=value]...]`: round-robin, random, two-random-choices,
    /// fewest-pending-requests, hashring32 (replicas, delimiter, ...), single or direct.
    pub policy: peerage_str,
    /// A policy of one's own, instead of `policy`; each serves one chooser.
    pub policy_custom: *const peerage_policy,
    /// Required. Borrowed: the chooser takes a reference.
    pub transport: *const peerage_transport,
    /// The name in errors and status pages; empty: the policy's.
    pub name: peerage_str,
    /// How long `PEERAGE_DEFAULT_TIMEOUT` waits; 0 or `PEERAGE_DEFAULT_TIMEOUT`: 500 ms.
    pub default_timeout_ns: i64,
    /// Makes shuffle and policy repeatable, if `has_seed` is not 0.
    pub seed: u64,
    /// Whether `seed` counts.
    pub has_seed: u8,
    /// Not 0: a choice fails at once when no peer is available, instead of waiting.
    pub fail_fast: u8,
    /// Not 0: additions keep their order, instead of being shuffled.
    pub no_shuffle: u8,
    /// Must be 0.
    pub reserved: [u8; 5],
    /// Where to log.
    pub log: peerage_log_opts,
}

// SAFETY: `repr(C)`, size first, all fields may be zero.
unsafe impl SizeFirst for peerage_chooser_opts {}

pub(super) enum Kind {
    List(PeerList),
    Direct(Direct),
}

/// Hands out a peer for each request.
pub struct peerage_chooser {
    kind: Kind,
    /// Whether a choice may run callbacks, and so needs a reference of its own.
    pub(super) calls_back: bool,
}

impl peerage_chooser {
    pub(super) fn chooser(&self) -> &dyn Chooser {
        match &self.kind {
            Kind::List(list) => list,
            Kind::Direct(direct) => direct,
        }
    }

    pub(super) fn waiting(&self) -> usize {
        match &self.kind {
            Kind::List(list) => list.waiting(),
            Kind::Direct(_) => 0,
        }
    }

    /// # Safety
    ///
    /// The pointers of `opts` are as the header demands.
    unsafe fn new(opts: &peerage_chooser_opts, log: Option<Log>) -> Result<Self, Failure> {
        let wrong = |what| Failure::new(PEERAGE_ERR_INVALID_ARGUMENT, what);
        // SAFETY: by contract of the caller.
        let (name, policy, transport, custom) = unsafe {
            let custom = opts.policy_custom.as_ref();
            (opts.name.text()?, opts.policy.text()?, hold(opts.transport), custom)
        };
        let no_transport = |status| Failure::new(status, "opts.transport must not be NULL");
        let transport = transport.map_err(no_transport)?;
        if opts.reserved != [0; 5] {
            return Err(wrong("opts.reserved must be 0"));
        }
        let seed = (opts.has_seed != 0).then_some(opts.seed);
        let mut options = ListOptions::new()
            .with_fail_fast(opts.fail_fast != 0)
            .with_shuffle(opts.no_shuffle == 0);
        options = seed.into_iter().fold(options, ListOptions::with_seed);
        match opts.default_timeout_ns {
            0 | PEERAGE_DEFAULT_TIMEOUT => {}
            PEERAGE_FOREVER => options = options.with_default_choose_timeout(Duration::MAX),
            ns => {
                let ns = u64::try_from(ns).map_err(|_| wrong("opts.default_timeout_ns < 0"))?;
                options = options.with_default_choose_timeout(Duration::from_nanos(ns));
            }
        }
        if !name.is_empty() {
            options = options.with_name(name);
        }
        if let Some(log) = log {
            options = options.with_observer(Arc::new(log));
        }
        let hooks = transport.hooks();
        let transport: Arc<dyn Transport> = transport;
        let list = |policy: AnyPolicy, options| {
            let calls_back = hooks || policy.may_panic();
            let kind = Kind::List(PeerList::new(policy, Arc::clone(&transport), options));
            Ok(Self { kind, calls_back })
        };
        match (custom, policy) {
            (Some(_), policy) if !policy.is_empty() => {
                Err(wrong("opts.policy and opts.policy_custom exclude each other"))
            }
            (Some(custom), _) => {
                let custom = custom
                    .take()
                    .ok_or_else(|| wrong("opts.policy_custom serves another chooser already"))?;
                list(AnyPolicy::Custom(Box::new(Serial::new(custom))), options)
            }
            (None, "direct") => {
                let options = DirectOptions { list: options, ..DirectOptions::default() };
                let kind = Kind::Direct(Direct::new(transport, options));
                // A choice retains and releases peers.
                Ok(Self { kind, calls_back: true })
            }
            (None, "single") => list(AnyPolicy::Custom(Box::new(Only)), options),
            (None, spec) => list(AnyPolicy::from_spec(&spec.parse::<PolicySpec>()?, seed), options),
        }
    }
}

struct Log {
    level: i32,
    emit: Option<unsafe extern "C-unwind" fn(*mut c_void, i32, peerage_str)>,
    context: Context,
}

impl crate::Observer for Log {
    fn observe(&self, list: &str, event: &Event<'_>) {
        let level = match event {
            Event::ReleaseFailed { .. } | Event::Panicked { .. } => PEERAGE_LOG_ERROR,
            Event::Updated { error: Some(_), .. } => PEERAGE_LOG_ERROR,
            Event::Updated { .. } | Event::StatusChanged { .. } => PEERAGE_LOG_INFO,
            Event::Waited { .. } | Event::TimedOut { .. } => PEERAGE_LOG_DEBUG,
        };
        if let (true, Some(emit)) = (level <= self.level, self.emit) {
            let message = super::types::Text::new(&format!("{list}: {event:?}"));
            // SAFETY: the user's own function; the text lives until it returns.
            unsafe { emit(self.context.ctx, level, message.lend()) };
        }
    }
}

/// Makes a chooser that is not started, and writes a handle with one reference to `out`.
///
/// Ownership: takes a reference to the transport and the policy; consumes `log.ctx`, also on failure; `out` is the caller's, for peerage_chooser_unref
/// Threads: any
/// Blocks: never
/// Calls back: drop of the log, on failure
/// Errors: NULL_POINTER (`opts`, `out`, the transport), INVALID_ARGUMENT (the policy, a setting), INVALID_UTF8
/// Since: 0.1
#[unsafe(no_mangle)]
pub unsafe extern "C" fn peerage_chooser_new(
    opts: *const peerage_chooser_opts,
    out: *mut *const peerage_chooser,
    err: *mut *mut peerage_error,
) -> i32 {
    // SAFETY: pointers as the header demands.
    unsafe {
        reported(err, || {
            let (opts, understood) = read_prefix(opts)?;
            let (log, has_log) = (opts.log, opts.log.size != 0);
            let log = has_log.then(|| Log {
                level: log.level,
                emit: log.emit,
                context: Context { ctx: log.ctx, drop: log.drop },
            });
            understood?;
            if has_log && opts.log.size != size_of::<peerage_log_opts>() {
                return Err(Failure::new(PEERAGE_ERR_INVALID_ARGUMENT, "opts.log.size is wrong"));
            }
            if out.is_null() {
                return Err(Failure::new(PEERAGE_ERR_NULL_POINTER, "out must not be NULL"));
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
/// Blocks: never
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
/// Blocks: while another thread starts it
/// Calls back: retain, release, ready notices, the log
/// Errors: NULL_POINTER, STOPPED, REJECTED (by the transport: nothing is retained, and it may be tried again)
/// Since: 0.1
#[unsafe(no_mangle)]
pub unsafe extern "C" fn peerage_chooser_start(
    chooser: *const peerage_chooser,
    err: *mut *mut peerage_error,
) -> i32 {
    // SAFETY: pointers as the header demands.
    unsafe { reported(err, || Ok(hold(chooser)?.chooser().start()?)) }
}

/// Ends every wait with `STOPPED` and releases the peers; one with requests in flight when the
/// last of them finishes. Idempotent. Never waits for callbacks.
///
/// Ownership: borrows `chooser`
/// Threads: any
/// Blocks: while another thread stops it; never inside a callback of the stop
/// Calls back: release, ready notices, the log
/// Errors: NULL_POINTER
/// Since: 0.1
#[unsafe(no_mangle)]
pub unsafe extern "C" fn peerage_chooser_stop(
    chooser: *const peerage_chooser,
    err: *mut *mut peerage_error,
) -> i32 {
    // SAFETY: pointers as the header demands.
    unsafe { reported(err, || Ok(hold(chooser)?.chooser().stop()?)) }
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

/// Removes and adds peers, in this order. What can be done is done; what cannot is reported
/// together, with the status of the first.
///
/// Ownership: the texts are borrowed for the call
/// Threads: any
/// Blocks: never
/// Calls back: retain, release, drop, ready notices, the log
/// Errors: NULL_POINTER, INVALID_UTF8, UNSUPPORTED (by `direct`), DUPLICATE, NOT_FOUND, REJECTED (by the transport)
/// Since: 0.1
#[unsafe(no_mangle)]
pub unsafe extern "C" fn peerage_chooser_update(
    chooser: *const peerage_chooser,
    add: *const peerage_str,
    add_len: usize,
    remove: *const peerage_str,
    remove_len: usize,
    err: *mut *mut peerage_error,
) -> i32 {
    // SAFETY: pointers as the header demands.
    unsafe {
        reported(err, || {
            let chooser = hold(chooser)?;
            let updates =
                ListUpdates { additions: ids(add, add_len)?, removals: ids(remove, remove_len)? };
            match &chooser.kind {
                Kind::List(list) => Ok(list.update(updates)?),
                Kind::Direct(_) => {
                    let what = "direct takes the peer from the shard key, not from updates";
                    Err(Failure::new(PEERAGE_ERR_UNSUPPORTED, what))
                }
            }
        })
    }
}

/// # Safety
///
/// `NULL` or `len` texts.
unsafe fn ids(ptr: *const peerage_str, len: usize) -> Result<Vec<Arc<dyn Identifier>>, Failure> {
    if len == 0 {
        return Ok(vec![]);
    }
    if ptr.is_null() {
        return Err(PEERAGE_ERR_NULL_POINTER.into());
    }
    // SAFETY: by contract of the caller.
    let texts = unsafe { std::slice::from_raw_parts(ptr, len) };
    // SAFETY: as above.
    texts.iter().map(|text| Ok(identify(unsafe { text.text() }?))).collect()
}
