//! What exactly was wrong: an object of the caller's, never something thread-local.

use std::error::Error;

use super::status::{
    PEERAGE_ERR_ALREADY_IN_LIST, PEERAGE_ERR_INVALID_ARGUMENT, PEERAGE_ERR_NOT_IN_LIST,
    PEERAGE_ERR_NULL_POINTER, PEERAGE_ERR_REJECTED, PEERAGE_ERR_STOPPED, PEERAGE_ERR_UNSUPPORTED,
    PEERAGE_OK, peerage_status, peerage_status_message,
};
use super::types::{Text, peerage_str};
use super::{PEERAGE_ERR_PANIC, guarded};
use crate::error::{LifecycleError, PeerFailureKind, SpecError, UpdateError};
use crate::line::Line;
use crate::panics::Panicked;

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

    /// What is wrong with a text that was to be a name, and is called `what`.
    pub(super) fn of_name(status: peerage_status, what: &str, text: peerage_str) -> Self {
        if status != PEERAGE_ERR_INVALID_ARGUMENT {
            return Self::of(status, what);
        }
        if isize::try_from(text.len).is_err() {
            return Self(status, format!("{what}.len is {}: no text is as long", text.len));
        }
        Self(status, format!("{what} holds a NUL, at which a name would end"))
    }

    /// For functions that hand no error out.
    pub(super) fn status(&self) -> peerage_status {
        self.0
    }

    #[allow(clippy::needless_pass_by_value, reason = "an error or a text")]
    pub(super) fn new(status: peerage_status, message: impl ToString) -> Self {
        Self(status, message.to_string())
    }
}

impl From<SpecError> for Failure {
    fn from(error: SpecError) -> Self {
        let status = match error {
            SpecError::SourceNotInBuild { .. } => PEERAGE_ERR_UNSUPPORTED,
            _ => PEERAGE_ERR_INVALID_ARGUMENT,
        };
        Self::new(status, error)
    }
}

impl From<UpdateError> for Failure {
    fn from(error: UpdateError) -> Self {
        Self::new(status_of_update(&error), error)
    }
}

impl From<LifecycleError> for Failure {
    fn from(error: LifecycleError) -> Self {
        Self::new(status_of_lifecycle(&error), error)
    }
}

/// That of the first failure.
fn status_of_update(error: &UpdateError) -> peerage_status {
    match error.failures().first().map(|failure| failure.kind()) {
        Some(PeerFailureKind::AlreadyInList) => PEERAGE_ERR_ALREADY_IN_LIST,
        Some(PeerFailureKind::NotInList) => PEERAGE_ERR_NOT_IN_LIST,
        Some(
            PeerFailureKind::Retain(cause)
            | PeerFailureKind::Release(cause)
            | PeerFailureKind::Unreadable(cause),
        ) => status_of_cause(&**cause),
        Some(PeerFailureKind::TakesNoUpdates) => PEERAGE_ERR_UNSUPPORTED,
        Some(PeerFailureKind::ListFull) | None => PEERAGE_ERR_REJECTED,
    }
}

fn status_of_lifecycle(error: &LifecycleError) -> peerage_status {
    match error {
        LifecycleError::Stopped(_) => PEERAGE_ERR_STOPPED,
        LifecycleError::Peers(peers) => status_of_update(peers),
        // The second is about undoing what the first has left half done.
        LifecycleError::Both(first, _) => status_of_lifecycle(first),
        LifecycleError::Other(cause) => status_of_cause(&**cause),
    }
}

/// What a part of the chooser's answers is a refusal; only a panic is a fault.
fn status_of_cause(cause: &(dyn Error + Send + Sync + 'static)) -> peerage_status {
    if cause.is::<Panicked>() { PEERAGE_ERR_PANIC } else { PEERAGE_ERR_REJECTED }
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
        let error = peerage_error { status, message: Text::new(&Line(&message).to_string()) };
        // SAFETY: by contract of the caller. What it held is not looked at: it may never have been set.
        unsafe { out.write(Box::into_raw(Box::new(error))) };
    }
    status
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

#[cfg(all(test, not(loom)))]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::error::PeerFailure;
    use crate::panics;

    fn answer(error: LifecycleError) -> (peerage_status, String) {
        let Failure(status, message) = error.into();
        (status, message)
    }

    fn panicked() -> LifecycleError {
        panics::fallible::<(), LifecycleError>("start", || panic!("at the disco")).unwrap_err()
    }

    #[test]
    fn an_updater_that_fails_has_not_panicked() {
        let honest = || LifecycleError::other("no names");
        assert_eq!(answer(honest()), (PEERAGE_ERR_REJECTED, "no names".into()));
        let (status, message) = answer(panicked());
        assert_eq!((status, &*message), (PEERAGE_ERR_PANIC, "start panicked: at the disco"));
        let stopped = || LifecycleError::Stopped("users".into());
        assert_eq!(answer(stopped()).0, PEERAGE_ERR_STOPPED);
        for (first, second, status) in [
            (honest(), panicked(), PEERAGE_ERR_REJECTED),
            (panicked(), honest(), PEERAGE_ERR_PANIC),
            (stopped(), honest(), PEERAGE_ERR_STOPPED),
        ] {
            let texts = format!("{first}; {second}");
            let both = LifecycleError::Both(Box::new(first), Box::new(second));
            assert_eq!(answer(both), (status, texts), "both texts, and the first's status");
        }
    }

    #[test]
    fn a_peer_that_fails_has_the_status_of_its_reason() {
        let cause = |text: &str| Arc::from(Box::<dyn Error + Send + Sync>::from(text));
        let panicked = || {
            panics::fallible::<(), crate::TransportError>("retain_peer", || panic!("!"))
                .unwrap_err()
        };
        for (kind, status) in [
            (PeerFailureKind::AlreadyInList, PEERAGE_ERR_ALREADY_IN_LIST),
            (PeerFailureKind::NotInList, PEERAGE_ERR_NOT_IN_LIST),
            (PeerFailureKind::ListFull, PEERAGE_ERR_REJECTED),
            (PeerFailureKind::Retain(cause("no route")), PEERAGE_ERR_REJECTED),
            (PeerFailureKind::Release(cause("stuck")), PEERAGE_ERR_REJECTED),
            (PeerFailureKind::Retain(panicked().into()), PEERAGE_ERR_PANIC),
            (PeerFailureKind::Release(panicked().into()), PEERAGE_ERR_PANIC),
        ] {
            let failure = PeerFailure { peer: "a".into(), kind };
            let error = UpdateError::check(vec![failure]).unwrap_err();
            assert_eq!(answer(error.into()).0, status);
        }
    }
}
