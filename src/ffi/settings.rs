//! What a chooser was made with, and what a binding may make of its policy.

use super::chooser::{Made, peerage_chooser};
use super::options::PEERAGE_TIMEOUT_FOREVER;
use super::status::peerage_status;
use super::types::{peerage_str, write_sized};
use super::{checked, hold};

/// A choice fails at once when no peer is available, instead of waiting.
pub const PEERAGE_FAILS_FAST: u32 = 1;
/// A choice calls nothing back: the policy is the library's and retains nothing, and the transport
/// does not want to hear of requests.
pub const PEERAGE_CALLS_NOTHING: u32 = 2;
/// The policy counts requests and looks at nothing else of them, and the transport does not want to hear
/// of their ends. So the end of one may be told late, with any outcome, if it is told before the next choice
/// and before counts are looked at, and at once if its peer was removed.
pub const PEERAGE_COUNTS_ENDS: u32 = 4;
/// A choice may fail with `PEERAGE_CAUSE_BELOW_THRESHOLD`, which is not to be waited for: `panic=fail`.
pub const PEERAGE_FAILS_BELOW: u32 = 8;
/// What `PEERAGE_COUNTS_ENDS` says, of requests that have succeeded: the policy learns from others, or
/// the transport does, and the policy goes by no latency and no report. So their ends may be told late,
/// without a latency.
pub const PEERAGE_COUNTS_SUCCESSES: u32 = 16;

/// What a chooser was made with.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct peerage_settings {
    /// Its name, in errors and status pages.
    pub name: peerage_str,
    /// How long `PEERAGE_TIMEOUT_DEFAULT` waits: nanoseconds or `PEERAGE_TIMEOUT_FOREVER`.
    pub default_timeout_ns: i64,
    /// `PEERAGE_FAILS_FAST`, `PEERAGE_CALLS_NOTHING`, `PEERAGE_COUNTS_ENDS`, `PEERAGE_FAILS_BELOW`,
    /// `PEERAGE_COUNTS_SUCCESSES`, added up. Later versions may set others.
    pub flags: u32,
    /// 0.
    pub reserved: u32,
}

fn flags(made: &Made) -> u32 {
    let flag = |is_set, flag| if is_set { flag } else { 0 };
    flag(made.fails_fast, PEERAGE_FAILS_FAST)
        | flag(!made.calls_back, PEERAGE_CALLS_NOTHING)
        | flag(made.counts_ends, PEERAGE_COUNTS_ENDS)
        | flag(made.fails_below, PEERAGE_FAILS_BELOW)
        | flag(made.counts_successes, PEERAGE_COUNTS_SUCCESSES)
}

/// Writes what the chooser was made with to `out`: as many bytes as `size` says, so that the struct
/// can grow.
///
/// Ownership: the name is borrowed from `chooser`
/// Threads: any
/// Blocks: never
/// Calls back: none
/// Errors: NULL_POINTER, INVALID_ARGUMENT (`size` is 0 or absurd)
/// Since: 0.1
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn peerage_chooser_settings(
    chooser: *const peerage_chooser,
    out: *mut peerage_settings,
    size: usize,
) -> peerage_status {
    checked(|| {
        // SAFETY: pointers as the header demands.
        let chooser = unsafe { hold(chooser) }?;
        let made = &chooser.made;
        let written = peerage_settings {
            name: made.name.lend(),
            // What is longer than a clock of this type runs is for ever.
            default_timeout_ns: i64::try_from(made.default_timeout.as_nanos())
                .unwrap_or(PEERAGE_TIMEOUT_FOREVER),
            flags: flags(made),
            reserved: 0,
        };
        // SAFETY: as above.
        unsafe { write_sized(out, size, &written) }
    })
}
