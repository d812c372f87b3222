//! The table that nearly every transport needs: which peers there are, and who wants to hear of
//! them.
//!
//! ```text
//!  Registry ── name ─▶ Record ─▶ the peer, which keeps a StatusReporter
//!                        │                          ┆ weak
//!                        └─▶ Subscriptions ◀╌╌╌╌╌╌╌╌┘
//! ```
//!
//! A peer has to tell its subscribers that its status has changed, and only the registry knows
//! them. A peer that looked them up would have to know the registry, by a weak reference, and its
//! own name in it. So the registry hands each peer that it has made a [`StatusReporter`]: a weak
//! reference to the peer's own subscriptions, which are a lock of their own. Peers that report at
//! the same time do not wait for each other, and a report after the release finds nothing.
//!
//! | file | what |
//! |---|---|
//! | `table` | the registry: what transports call |
//! | `look` | what can be read of it |
//! | `records` | which record has a name |
//! | `reporter` | how a peer reaches those that retain it |
//! | `subscribers` | who they are: nearly always one |

mod look;
mod records;
mod reporter;
mod subscribers;
mod table;

pub use self::reporter::StatusReporter;
#[cfg(feature = "capi")]
pub(crate) use self::subscribers::Subscribers;
pub use self::table::Registry;
