//! Where a panic in somebody's callback ends.
//!
//! Transports, peers, observers, notices and policies run on whatever thread happened to cause
//! them: a caller's, a transport's. A panic there must not unwind into a party that has nothing to
//! do with it, nor leave an update half done, so every such call goes through here and becomes an
//! error, or, where nobody is there to return one to, an event
//! ([`Event::Panicked`](crate::Event::Panicked)).

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use thiserror::Error;

use crate::error::LifecycleError;
use crate::error::TransportError;

/// A callback that panicked.
#[derive(Debug, Error)]
#[error("{what} panicked: {message}")]
pub(crate) struct Panicked {
    pub(crate) what: &'static str,
    pub(crate) message: String,
}

/// Runs a callback that may fail.
pub(crate) fn fallible<T>(
    what: &'static str,
    call: impl FnOnce() -> Result<T, TransportError>,
) -> Result<T, TransportError> {
    run(what, call).unwrap_or_else(|panicked| Err(panicked.into()))
}

/// Runs the work of a start or a stop.
pub(crate) fn lifecycle(
    what: &'static str,
    work: impl FnOnce() -> Result<(), LifecycleError>,
) -> Result<(), LifecycleError> {
    run(what, work).unwrap_or_else(|panicked| Err(LifecycleError::other(panicked)))
}

/// Runs any callback.
pub(crate) fn run<T>(what: &'static str, call: impl FnOnce() -> T) -> Result<T, Panicked> {
    catch_unwind(AssertUnwindSafe(call))
        .map_err(|payload| Panicked { what, message: message(&*payload) })
}

fn message(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<&str>().copied();
    let text = text.or_else(|| payload.downcast_ref::<String>().map(String::as_str));
    text.unwrap_or("no message").to_owned()
}
