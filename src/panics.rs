//! Where a panic in a callback ends.
//!
//! Transports, peers, observers, notices and policies run on whichever thread caused the event: a
//! caller's, a transport's. A panic there must not unwind into a thread that has nothing to do with
//! it, nor leave an update half done, so every such call goes through here and becomes an error, or,
//! where there is no caller to return one to, an event
//! ([`Event::Panicked`](crate::Event::Panicked)).

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use thiserror::Error;

/// A callback that panicked.
#[derive(Debug, Error)]
#[error("{what} panicked: {message}")]
pub(crate) struct Panicked {
    pub(crate) what: &'static str,
    pub(crate) message: String,
}

/// Runs any callback.
pub(crate) fn catch<T>(what: &'static str, call: impl FnOnce() -> T) -> Result<T, Panicked> {
    catch_unwind(AssertUnwindSafe(call)).map_err(|payload| {
        let message = message(&*payload);
        discard(payload);
        Panicked { what, message }
    })
}

/// Runs a callback that may fail: a panic becomes its error.
pub(crate) fn fallible<T, E: From<Panicked>>(
    what: &'static str,
    call: impl FnOnce() -> Result<T, E>,
) -> Result<T, E> {
    catch(what, call).unwrap_or_else(|panicked| Err(panicked.into()))
}

/// The payload is an object of the user's too: its `Drop` may panic as well.
fn discard(payload: Box<dyn Any + Send>) {
    if let Err(second) = catch_unwind(AssertUnwindSafe(|| drop(payload))) {
        // A payload whose drop panics with a payload whose drop panics could go on for ever.
        std::mem::forget(second);
    }
}

fn message(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<&str>().copied();
    let text = text.or_else(|| payload.downcast_ref::<String>().map(String::as_str));
    text.unwrap_or("no message").to_owned()
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    struct Grenade;

    impl Drop for Grenade {
        fn drop(&mut self) {
            std::panic::panic_any(Self);
        }
    }

    #[test]
    fn a_payload_whose_drop_panics_does_not_get_out() {
        let panicked = catch("a test", || std::panic::panic_any(Grenade)).unwrap_err();
        assert_eq!(panicked.to_string(), "a test panicked: no message");
    }
}
