//! Waiting while nothing can be chosen: blocked callers, one-shot notices, and what ends a wait.

mod cancel;
pub(crate) mod gate;
mod notice;
pub(crate) mod waiter;

pub use self::cancel::CancelToken;
pub use self::notice::{Notice, NoticeId, Ready};
