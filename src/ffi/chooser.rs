//! A chooser: its life and its updates.

use std::sync::Arc;

use super::error::{Failure, peerage_error, reported};
use super::log::Log;
use super::options::peerage_chooser_opts;
use super::request::items;
use super::status::{
    PEERAGE_ERR_INVALID_ARGUMENT, PEERAGE_ERR_NULL_POINTER, PEERAGE_ERR_UNSUPPORTED, peerage_status,
};
use super::types::{peerage_str, read_prefix};
use super::{add_ref, guarded, hold, un_ref};
use crate::policy::{AnyPolicy, PolicySpec, Serial, Single};
use crate::{
    Chooser, Direct, DirectOptions, Identifier, List, ListUpdates, PeerList, Transport, identify,
};

pub(super) enum Kind {
    List(PeerList),
    Direct(Direct),
}

/// Hands out a peer for each request.
pub struct peerage_chooser {
    pub(super) kind: Kind,
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

    pub(super) fn list(&self) -> Option<&PeerList> {
        match &self.kind {
            Kind::List(list) => Some(list),
            Kind::Direct(_) => None,
        }
    }

    /// # Safety
    ///
    /// The pointers of `opts` are as the header demands.
    unsafe fn new(opts: &peerage_chooser_opts, log: Option<Log>) -> Result<Self, Failure> {
        let wrong = |what| Failure::new(PEERAGE_ERR_INVALID_ARGUMENT, what);
        // SAFETY: by contract of the caller.
        let (transport, spec, mut options, custom) = unsafe {
            let of = |what| move |status| Failure::of(status, what);
            let transport = hold(opts.transport).map_err(of("opts.transport"))?;
            let spec = opts.policy.text().map_err(of("opts.policy"))?;
            (transport, spec, opts.list_options()?, opts.policy_custom.as_ref())
        };
        if let Some(log) = log {
            options = options.with_observer(Arc::new(log));
        }
        let hooks = transport.hooks();
        let transport: Arc<dyn Transport> = transport;
        let policy = match (custom, spec) {
            (Some(_), spec) if !spec.is_empty() => {
                return Err(wrong("opts.policy and opts.policy_custom exclude each other"));
            }
            (Some(custom), _) => {
                let custom = custom.take();
                let custom = custom
                    .ok_or_else(|| wrong("opts.policy_custom serves another chooser already"))?;
                AnyPolicy::Custom(Box::new(Serial::new(custom)))
            }
            (None, "direct") => {
                let options = DirectOptions { list: options, ..DirectOptions::default() };
                let kind = Kind::Direct(Direct::new(transport, options));
                // A choice retains and releases peers.
                return Ok(Self { kind, calls_back: true });
            }
            (None, "single") => AnyPolicy::Single(Single::new()),
            (None, spec) => {
                let policy = AnyPolicy::from_spec(&spec.parse::<PolicySpec>()?, opts.seed());
                // What keeps the order of the additions keeps it in the policy too.
                if opts.no_shuffle == 0 { policy } else { policy.in_order() }
            }
        };
        let list = PeerList::new(policy, transport, options);
        let calls_back = hooks || list.may_panic();
        Ok(Self { kind: Kind::List(list), calls_back })
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
) -> peerage_status {
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
) -> peerage_status {
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
) -> peerage_status {
    // SAFETY: pointers as the header demands.
    unsafe {
        reported(err, || {
            let chooser = hold(chooser)?;
            let updates = ListUpdates {
                additions: ids("add", add, add_len)?,
                removals: ids("remove", remove, remove_len)?,
            };
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
unsafe fn ids(
    what: &str,
    ptr: *const peerage_str,
    len: usize,
) -> Result<Vec<Arc<dyn Identifier>>, Failure> {
    // SAFETY: by contract of the caller.
    let texts = unsafe { items(ptr, len) }.map_err(|status| Failure::of(status, what))?;
    let named = |(n, text): (usize, &peerage_str)| {
        // SAFETY: as above.
        let text = unsafe { text.text() };
        text.map(identify).map_err(|status| Failure::of(status, &format!("{what}[{n}]")))
    };
    texts.iter().enumerate().map(named).collect()
}
