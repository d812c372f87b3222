//! The settings of a chooser.

use std::time::Duration;

use super::error::Failure;
use super::log::peerage_log_opts;
use super::policy::peerage_policy;
use super::status::PEERAGE_ERR_INVALID_ARGUMENT;
use super::transport::peerage_transport;
use super::types::{SizeFirst, peerage_str};
use crate::ListOptions;

/// The default of a chooser; for `default_timeout_ns` itself, what `options` says, or else 500 ms.
pub const PEERAGE_TIMEOUT_DEFAULT: i64 = -2_i64;
/// No limit.
pub const PEERAGE_TIMEOUT_FOREVER: i64 = -1_i64;

/// A switch that is on. (0 is one that is not set.)
pub const PEERAGE_SWITCH_ON: i32 = 1;
/// A switch that is off.
pub const PEERAGE_SWITCH_OFF: i32 = 2;

/// The settings of a chooser. `PEERAGE_CHOOSER_OPTS_INIT` has the defaults.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct peerage_chooser_opts {
    /// The size of this struct.
    pub size: usize,
    /// `name[:key=value[,key=value]...]`: round-robin, weighted-round-robin,
    /// random, two-random-choices, fewest-pending-requests, least-loaded, least-latency,
    /// least-reported, hashring32, maglev, single or direct. The keys are in the catalogue.
    pub policy: peerage_str,
    /// `key[=value][,key[=value]]...`: name, capacity, shuffle, seed, fail-fast, timeout,
    /// max-pending, queue, max-waiting, eject, panic, panic-threshold, subset, client, spill or
    /// zone, as in `fail-fast,timeout=200ms`. Which values they take is in the catalogue. A field
    /// below that is set stands above its key here.
    pub options: peerage_str,
    /// A policy of one's own, instead of `policy`; each serves one chooser.
    pub custom_policy: *const peerage_policy,
    /// Required. Borrowed: the chooser takes a reference.
    pub transport: *const peerage_transport,
    /// The name in errors and status pages; empty: not set, and if none is, the policy's.
    pub name: peerage_str,
    /// How long `PEERAGE_TIMEOUT_DEFAULT` waits; 0 or `PEERAGE_TIMEOUT_DEFAULT`: not set, and if
    /// none is, 500 ms.
    pub default_timeout_ns: i64,
    /// Makes shuffle and policy repeatable, if `has_seed` is not 0.
    pub seed: u64,
    /// Whether `seed` is set.
    pub has_seed: u8,
    /// `PEERAGE_SWITCH_ON`: a choice fails at once when no peer is available, instead of waiting;
    /// `PEERAGE_SWITCH_OFF`; 0: not set, and if none is, off.
    pub fail_fast: u8,
    /// `PEERAGE_SWITCH_ON`: the additions of one update are shuffled; `PEERAGE_SWITCH_OFF`: they keep their order;
    /// 0: not set, and if none is, on.
    pub shuffle: u8,
    /// Must be 0.
    pub reserved: [u8; 5],
    /// Where to log; `NULL`: nowhere. Borrowed for the call.
    pub log: *const peerage_log_opts,
}

// SAFETY: `repr(C)`, size first, all fields may be zero.
unsafe impl SizeFirst for peerage_chooser_opts {}

impl peerage_chooser_opts {
    /// What a list makes of them: the text, and above it the fields that are set. The policy, the
    /// transport and the log are not among it.
    ///
    /// # Safety
    ///
    /// The texts are as the header demands.
    pub(super) unsafe fn list_options(&self) -> Result<ListOptions, Failure> {
        if self.reserved != [0; 5] {
            return Err(wrong("opts.reserved must be 0"));
        }
        let of = |what| move |status| Failure::of(status, what);
        // SAFETY: by contract of the caller.
        let (text, name) = unsafe {
            let text = self.options.text().map_err(of("opts.options"))?;
            let name = self.name.name();
            (text, name.map_err(|status| Failure::of_name(status, "opts.name", self.name))?)
        };
        let mut options: ListOptions = text.parse()?;
        if !name.is_empty() {
            options = options.with_name(name);
        }
        if let Some(timeout) = timeout(self.default_timeout_ns)? {
            options = options.with_default_timeout(timeout);
        }
        if self.has_seed != 0 {
            options = options.with_seed(self.seed);
        }
        if let Some(fail_fast) = switch("opts.fail_fast", self.fail_fast)? {
            options = options.with_fail_fast(fail_fast);
        }
        if let Some(shuffle) = switch("opts.shuffle", self.shuffle)? {
            options = options.with_shuffle(shuffle);
        }
        Ok(options)
    }
}

fn wrong(what: impl ToString) -> Failure {
    Failure::new(PEERAGE_ERR_INVALID_ARGUMENT, what)
}

fn timeout(ns: i64) -> Result<Option<Duration>, Failure> {
    match ns {
        0 | PEERAGE_TIMEOUT_DEFAULT => Ok(None),
        PEERAGE_TIMEOUT_FOREVER => Ok(Some(Duration::MAX)),
        1.. => Ok(Some(Duration::from_nanos(ns.unsigned_abs()))),
        _ => Err(wrong(format!(
            "opts.default_timeout_ns is {ns}: give nanoseconds, PEERAGE_TIMEOUT_FOREVER or \
             PEERAGE_TIMEOUT_DEFAULT"
        ))),
    }
}

fn switch(what: &str, value: u8) -> Result<Option<bool>, Failure> {
    match value.into() {
        0 => Ok(None),
        PEERAGE_SWITCH_ON => Ok(Some(true)),
        PEERAGE_SWITCH_OFF => Ok(Some(false)),
        _ => Err(wrong(format!(
            "{what} is {value}: give PEERAGE_SWITCH_ON, PEERAGE_SWITCH_OFF or 0"
        ))),
    }
}
