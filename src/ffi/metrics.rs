//! Choosers as text for Prometheus.

use std::ffi::c_char;
use std::slice;

use super::chooser::peerage_chooser;
use super::status::{PEERAGE_ERR_INVALID_ARGUMENT, PEERAGE_ERR_NULL_POINTER, peerage_status};
use super::types::{SizeFirst, read_prefix, write_shown};
use super::{checked, hold};
use crate::metrics::{MetricsText, Seen};
use crate::{MetricsFormat, MetricsOptions};

/// How metrics are written: one of `PEERAGE_METRICS_*`.
pub type peerage_metrics_format = i32;

/// Prometheus' text, version 0.0.4. An HTTP server calls it
/// `text/plain; version=0.0.4; charset=utf-8`.
pub const PEERAGE_METRICS_PROMETHEUS: peerage_metrics_format = 0;
/// OpenMetrics, version 1.0.0, for clients whose `Accept` has it. An HTTP server calls it
/// `application/openmetrics-text; version=1.0.0; charset=utf-8`.
pub const PEERAGE_METRICS_OPENMETRICS: peerage_metrics_format = 1;

/// What is written of choosers, and how.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct peerage_metrics_opts {
    /// The size of this struct.
    pub size: usize,
    /// One of `PEERAGE_METRICS_*`.
    pub format: peerage_metrics_format,
    /// Not 0: each peer has series of its own, some ten of them. A server of metrics keeps every series
    /// that it has ever seen, so this is for choosers whose peers are few and stay.
    pub peers: i32,
}

// SAFETY: `repr(C)`, size first, all fields may be zero.
unsafe impl SizeFirst for peerage_metrics_opts {}

/// Writes choosers as one text that Prometheus scrapes, what an HTTP server answers to `GET /metrics`, to
/// `buf`, cut to `buf_len` bytes and always NUL-terminated. docs/metrics.md lists the metrics.
///
/// Each has the chooser's name as its label `chooser`; of two choosers of one name the second is
/// `users (2)`, by their order here. An updater's source is told with its chooser. `opts` may be `NULL`:
/// Prometheus' text without peers. `needed` (may be `NULL`) gets the length of the whole text, the
/// terminator not counted; the numbers in it grow, so leave room for some more bytes before the second
/// call. `buf` may be `NULL` when `buf_len` is 0.
///
/// Ownership: borrows `choosers` and `opts`; writes `buf` and `needed` on success
/// Threads: any
/// Blocks: never
/// Calls back: none; with peers as peerage_chooser_snapshot
/// Errors: NULL_POINTER (`choosers`, or one of them), INVALID_ARGUMENT (`opts`)
/// Since: 0.1
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn peerage_metrics_text(
    choosers: *const *const peerage_chooser,
    choosers_len: usize,
    opts: *const peerage_metrics_opts,
    buf: *mut c_char,
    buf_len: usize,
    needed: *mut usize,
) -> peerage_status {
    checked(|| {
        // SAFETY: pointers as the header demands.
        let (choosers, options) = unsafe { (all(choosers, choosers_len)?, options(opts)?) };
        let mut held = Vec::with_capacity(choosers.len());
        for &chooser in choosers {
            // SAFETY: as above.
            held.push(unsafe { hold(chooser) }?);
        }
        let look = |chooser: &peerage_chooser| {
            let seen = Seen::of(chooser.chooser(), options)?;
            Some(Seen { sources: chooser.sources(), ..seen })
        };
        let seen = held.iter().filter_map(|chooser| look(chooser));
        // SAFETY: as above.
        unsafe { write_shown(&MetricsText::new(seen, options), buf, buf_len, needed) }
    })
}

/// # Safety
///
/// `choosers` points to so many, or is `NULL`.
unsafe fn all<'a>(
    choosers: *const *const peerage_chooser,
    len: usize,
) -> Result<&'a [*const peerage_chooser], peerage_status> {
    match (choosers.is_null(), len) {
        (_, 0) => Ok(&[]),
        (true, _) => Err(PEERAGE_ERR_NULL_POINTER),
        (false, _) if len > isize::MAX as usize / size_of::<usize>() => {
            Err(PEERAGE_ERR_INVALID_ARGUMENT)
        }
        // SAFETY: by contract of the caller.
        (false, _) => Ok(unsafe { slice::from_raw_parts(choosers, len) }),
    }
}

/// # Safety
///
/// `NULL`, or as the header demands.
unsafe fn options(opts: *const peerage_metrics_opts) -> Result<MetricsOptions, peerage_status> {
    if opts.is_null() {
        return Ok(MetricsOptions::new());
    }
    // SAFETY: by contract of the caller.
    let (opts, understood) = unsafe { read_prefix(opts) }?;
    understood?;
    let format = match opts.format {
        PEERAGE_METRICS_PROMETHEUS => MetricsFormat::Prometheus,
        PEERAGE_METRICS_OPENMETRICS => MetricsFormat::OpenMetrics,
        _ => return Err(PEERAGE_ERR_INVALID_ARGUMENT),
    };
    Ok(MetricsOptions::new().with_format(format).with_peers(opts.peers != 0))
}
