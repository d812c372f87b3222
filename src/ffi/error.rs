//! What exactly was wrong: an object of the caller's, never something thread-local.

use super::status::{
    PEERAGE_ERR_DUPLICATE, PEERAGE_ERR_INVALID_ARGUMENT, PEERAGE_ERR_NOT_FOUND,
    PEERAGE_ERR_NULL_POINTER, PEERAGE_ERR_REJECTED, PEERAGE_ERR_STOPPED, PEERAGE_OK,
    peerage_status, peerage_status_message,
};
use super::types::{Text, peerage_str};
use super::{PEERAGE_ERR_PANIC, guarded};
use crate::error::{LifecycleError, PeerFailureKind, UpdateError};

/// What was wrong with one call.
pub struct peerage_error {
    status: peerage_status,
    message: Text,
}

/// A failure on its way to C.
pub(super) struct Failure(peerage_status, String);

impl From<peerage_status> for Failure {
    fn from(status: peerage_status) -> Self {
        // SAFETY: the texts are static and terminated.
        let text = unsafe { std::ffi::CStr::from_ptr(peerage_status_message(status)) };
        Self(status, text.to_string_lossy().into_owned())
    }
}

impl Failure {
    /// A status with what it is about: an argument or a field.
    pub(super) fn of(status: peerage_status, what: &str) -> Self {
        let Self(status, message) = status.into();
        Self(status, format!("{what}: {message}"))
    }

    #[allow(clippy::needless_pass_by_value, reason = "an error or a text")]
    pub(super) fn new(status: peerage_status, message: impl ToString) -> Self {
        Self(status, message.to_string())
    }
}

impl From<crate::error::SpecError> for Failure {
    fn from(error: crate::error::SpecError) -> Self {
        Self::new(PEERAGE_ERR_INVALID_ARGUMENT, error)
    }
}

impl From<UpdateError> for Failure {
    fn from(error: UpdateError) -> Self {
        let status = match error.failures().first().map(|failure| failure.kind()) {
            Some(PeerFailureKind::AlreadyInList) => PEERAGE_ERR_DUPLICATE,
            Some(PeerFailureKind::NotInList) => PEERAGE_ERR_NOT_FOUND,
            _ => PEERAGE_ERR_REJECTED,
        };
        Self::new(status, error)
    }
}

impl From<LifecycleError> for Failure {
    fn from(error: LifecycleError) -> Self {
        match error {
            LifecycleError::Stopped(_) => Self::new(PEERAGE_ERR_STOPPED, error),
            LifecycleError::Peers(peers) => peers.into(),
            _ => Self::new(PEERAGE_ERR_PANIC, error),
        }
    }
}

/// Runs the body of a cold function and hands its failure out.
///
/// # Safety
///
/// `out` is `NULL` or can be written.
pub(super) unsafe fn reported(
    out: *mut *mut peerage_error,
    body: impl FnOnce() -> Result<(), Failure>,
) -> peerage_status {
    let failed = guarded(Err(PEERAGE_ERR_PANIC.into()), body);
    let Err(Failure(status, message)) = failed else { return PEERAGE_OK };
    if !out.is_null() {
        let error = peerage_error { status, message: Text::new(&one_line(&message)) };
        // SAFETY: by contract of the caller.
        unsafe { out.write(Box::into_raw(Box::new(error))) };
    }
    status
}

/// A peer's name may hold anything; a message must not end early nor look like two.
fn one_line(message: &str) -> String {
    let mut line = String::with_capacity(message.len());
    for c in message.chars() {
        if c.is_control() {
            line.extend(c.escape_default());
        } else {
            line.push(c);
        }
    }
    line
}

/// Returns the status of an error; `NULL` gives `PEERAGE_ERR_NULL_POINTER`.
///
/// Ownership: borrows `error`
/// Threads: any
/// Blocks: never
/// Calls back: none
/// Errors: none
/// Since: 0.1
#[unsafe(no_mangle)]
pub unsafe extern "C" fn peerage_error_status(error: *const peerage_error) -> peerage_status {
    // SAFETY: `NULL` or a live error.
    unsafe { error.as_ref() }.map_or(PEERAGE_ERR_NULL_POINTER, |error| error.status)
}

/// Returns the message of an error: one line that names the peer or the option at fault.
///
/// Ownership: the text is borrowed from `error`
/// Threads: any
/// Blocks: never
/// Calls back: none
/// Errors: none; empty for `NULL`
/// Since: 0.1
#[unsafe(no_mangle)]
pub unsafe extern "C" fn peerage_error_message(error: *const peerage_error) -> peerage_str {
    // SAFETY: `NULL` or a live error.
    unsafe { error.as_ref() }.map_or(peerage_str::EMPTY, |error| error.message.lend())
}

/// Frees an error. `NULL` does nothing.
///
/// Ownership: consumes `error`
/// Threads: any
/// Blocks: never
/// Calls back: none
/// Errors: none
/// Since: 0.1
#[unsafe(no_mangle)]
pub unsafe extern "C" fn peerage_error_free(error: *mut peerage_error) {
    if !error.is_null() {
        // SAFETY: made by `reported`, and freed once.
        drop(unsafe { Box::from_raw(error) });
    }
}
