//! Where a chooser writes its events, a line each: their words and levels are those of `Event`.

use std::ffi::c_void;

use super::error::Failure;
use super::status::{PEERAGE_ERR_INVALID_ARGUMENT, PEERAGE_ERR_NULL_POINTER};
use super::types::{Context, SizeFirst, Text, peerage_drop_fn, peerage_str, read_prefix};
use crate::line::Name;
use crate::{Event, LogLevel, Observer};

/// What a chooser logs, and how much of it: one of `PEERAGE_LOG_*`.
pub type peerage_log_level = i32;

/// Nothing.
pub const PEERAGE_LOG_OFF: peerage_log_level = 0;
/// What failed, whether a call returned it or not.
pub const PEERAGE_LOG_ERROR: peerage_log_level = 1;
/// Updates and changes of status too, and what comes of them: ejections, tiers that serve, the subset.
pub const PEERAGE_LOG_INFO: peerage_log_level = 2;
/// Waits too.
pub const PEERAGE_LOG_DEBUG: peerage_log_level = 3;

const _: () = assert!(
    PEERAGE_LOG_ERROR == LogLevel::Error as i32
        && PEERAGE_LOG_INFO == LogLevel::Info as i32
        && PEERAGE_LOG_DEBUG == LogLevel::Debug as i32
);

/// Where a chooser logs to.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct peerage_log_opts {
    /// The size of this struct.
    pub size: usize,
    /// The most detailed level that is emitted.
    pub level: peerage_log_level,
    /// Required: gets one line of words, `NAME: EVENT`. It may call any function.
    pub emit: Option<
        unsafe extern "C-unwind" fn(
            ctx: *mut c_void,
            level: peerage_log_level,
            message: peerage_str,
        ),
    >,
    /// Optional: the last call ever for `ctx`.
    pub drop: peerage_drop_fn,
    /// Passed to both.
    pub ctx: *mut c_void,
}

// SAFETY: `repr(C)`, size first, all fields may be zero.
unsafe impl SizeFirst for peerage_log_opts {}

/// The log of a chooser.
pub(super) struct Log {
    level: peerage_log_level,
    emit: Option<unsafe extern "C-unwind" fn(*mut c_void, i32, peerage_str)>,
    context: Context,
}

impl Observer for Log {
    fn observe(&self, list: &str, event: &Event<'_>) {
        let level = event.level() as i32;
        if let (true, Some(emit)) = (level <= self.level, self.emit) {
            let message = Text::new(&format!("{}: {event}", Name(list)));
            // SAFETY: the user's own function; the text lives until it returns.
            unsafe { emit(self.context.ctx, level, message.lend()) };
        }
    }
}

impl Log {
    /// Takes the context over, also when it fails.
    ///
    /// # Safety
    ///
    /// `NULL`, or as the header demands.
    pub(super) unsafe fn new(given: *const peerage_log_opts) -> Result<Option<Self>, Failure> {
        if given.is_null() {
            return Ok(None);
        }
        // SAFETY: by contract of the caller.
        let (opts, understood) = unsafe { read_prefix(given) }
            .map_err(|status| Failure::of(status, "opts.log->size"))?;
        let context = Context { ctx: opts.ctx, drop: opts.drop };
        understood.map_err(|status| Failure::of(status, "opts.log->size"))?;
        if !(PEERAGE_LOG_OFF..=PEERAGE_LOG_DEBUG).contains(&opts.level) {
            let what = format!("opts.log->level is {}: give one of PEERAGE_LOG_*", opts.level);
            return Err(Failure::new(PEERAGE_ERR_INVALID_ARGUMENT, what));
        }
        if opts.emit.is_none() {
            return Err(Failure::of(PEERAGE_ERR_NULL_POINTER, "opts.log->emit"));
        }
        Ok(Some(Self { level: opts.level, emit: opts.emit, context }))
    }
}
