//! Waiting while nothing can be chosen.
//!
//! | file | what |
//! |---|---|
//! | `limit` | how long a caller is ready to wait |
//! | `cancel` | a latch that ends waits |
//! | `notice` | a one-shot callback in place of a blocked thread |
//! | `giver` | notices are given one after another, never one inside another |
//! | `waiter` | one blocked caller, and the one thing that ends its wait |
//! | `order` | who gets a place that becomes free: the first, or the newest |
//! | `room` | how many may wait |
//! | `lanes` | who waits for what, in order |
//! | `gate` | the queue of a list: who is woken by what, and why no wake-up is lost |

mod cancel;
mod gate;
mod giver;
mod lanes;
mod limit;
mod notice;
mod order;
mod room;
mod waiter;

pub use self::cancel::CancelToken;
pub(crate) use self::gate::{Entered, Gate, News};
pub(crate) use self::lanes::{Wants, name_hash};
pub use self::limit::Wait;
pub use self::notice::{Notice, NoticeId, Ready};
pub use self::order::QueueOrder;
pub(crate) use self::order::{Ordered, Turn};
pub(crate) use self::room::Admission;
pub(crate) use self::waiter::{Verdict, Waiter};
