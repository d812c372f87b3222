//! What a chooser was made with, and what a binding may make of its policy.

use std::time::Duration;

use super::chooser::peerage_chooser;
use super::options::PEERAGE_FOREVER;
use super::status::peerage_status;
use super::types::{Text, peerage_str, write_sized};
use super::{checked, hold};
use crate::{Chooser, ListOptions};

/// A choice fails at once when no peer is available, instead of waiting.
pub const PEERAGE_FAILS_FAST: u32 = 1;
/// A choice calls nothing back: the policy is the library's and retains nothing, and the transport
/// does not want to hear of requests.
pub const PEERAGE_CALLS_NOTHING: u32 = 2;
/// The policy counts requests and looks at nothing else of them. So the end of one may be told late,
/// with any outcome, if it is told before the next choice and before counts are looked at, and at once
/// if its peer was removed.
pub const PEERAGE_COUNTS_ENDS: u32 = 4;

/// What a chooser was made with.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct peerage_settings {
    /// Its name, in errors and status pages.
    pub name: peerage_str,
    /// How long `PEERAGE_DEFAULT_TIMEOUT` waits: nanoseconds or `PEERAGE_FOREVER`.
    pub default_timeout_ns: i64,
    /// `PEERAGE_FAILS_FAST`, `PEERAGE_CALLS_NOTHING`, `PEERAGE_COUNTS_ENDS`, added up. Later versions
    /// may set others.
    pub flags: u32,
    /// 0.
    pub reserved: u32,
}

/// What of the settings a chooser keeps.
pub(super) struct Settings {
    name: Text,
    default_timeout: Duration,
    flags: u32,
}

impl Settings {
    /// `flags` is what the policy adds to those of the options.
    pub(super) fn new(options: &ListOptions, chooser: &dyn Chooser, flags: u32) -> Self {
        let fails_fast = if options.fail_fast { PEERAGE_FAILS_FAST } else { 0 };
        Self {
            name: Text::new(&chooser.introspect().name),
            default_timeout: options.default_timeout,
            flags: flags | fails_fast,
        }
    }
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
pub unsafe extern "C" fn peerage_chooser_settings(
    chooser: *const peerage_chooser,
    out: *mut peerage_settings,
    size: usize,
) -> peerage_status {
    checked(|| {
        // SAFETY: pointers as the header demands.
        let chooser = unsafe { hold(chooser) }?;
        let settings = &chooser.settings;
        let written = peerage_settings {
            name: settings.name.lend(),
            // What is longer than a clock of this type runs is for ever.
            default_timeout_ns: i64::try_from(settings.default_timeout.as_nanos())
                .unwrap_or(PEERAGE_FOREVER),
            flags: settings.flags,
            reserved: 0,
        };
        // SAFETY: as above.
        unsafe { write_sized(out, size, &written) }
    })
}
