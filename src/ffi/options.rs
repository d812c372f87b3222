//! The settings of a chooser.

use std::time::Duration;

use super::error::Failure;
use super::log::peerage_log_opts;
use super::policy::peerage_policy;
use super::status::PEERAGE_ERR_INVALID_ARGUMENT;
use super::transport::peerage_transport;
use super::types::{SizeFirst, peerage_str};
use crate::ListOptions;

/// The default of a chooser; for `default_timeout_ns` itself, 500 ms.
pub const PEERAGE_DEFAULT_TIMEOUT: i64 = -2_i64;
/// No limit.
pub const PEERAGE_FOREVER: i64 = -1_i64;

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
    /// Where to log; `NULL`: nowhere. Borrowed for the call.
    pub log: *const peerage_log_opts,
}

// SAFETY: `repr(C)`, size first, all fields may be zero.
unsafe impl SizeFirst for peerage_chooser_opts {}

impl peerage_chooser_opts {
    pub(super) fn seed(&self) -> Option<u64> {
        (self.has_seed != 0).then_some(self.seed)
    }

    /// What a list makes of them; the policy and the transport are not among it.
    ///
    /// # Safety
    ///
    /// The name is as the header demands.
    pub(super) unsafe fn list_options(&self) -> Result<ListOptions, Failure> {
        let wrong = |what| Failure::new(PEERAGE_ERR_INVALID_ARGUMENT, what);
        if self.reserved != [0; 5] {
            return Err(wrong("opts.reserved must be 0".to_owned()));
        }
        let mut options = ListOptions::new()
            .with_fail_fast(self.fail_fast != 0)
            .with_shuffle(self.no_shuffle == 0);
        if let Some(seed) = self.seed() {
            options = options.with_seed(seed);
        }
        match self.default_timeout_ns {
            0 | PEERAGE_DEFAULT_TIMEOUT => {}
            PEERAGE_FOREVER => options = options.with_default_choose_timeout(Duration::MAX),
            ns => {
                let timeout = u64::try_from(ns).map_err(|_| {
                    wrong(format!(
                        "opts.default_timeout_ns is {ns}: give nanoseconds, PEERAGE_FOREVER or \
                         PEERAGE_DEFAULT_TIMEOUT"
                    ))
                })?;
                options = options.with_default_choose_timeout(Duration::from_nanos(timeout));
            }
        }
        // SAFETY: by contract of the caller.
        let name =
            unsafe { self.name.text() }.map_err(|status| Failure::of(status, "opts.name"))?;
        Ok(if name.is_empty() { options } else { options.with_name(name) })
    }
}
