//! What can be seen of a chooser from outside: for status pages, metrics and tests.
//!
//! ```text
//!  Stats            a chooser in numbers: no names, cheap
//!   ├ Outcomes        how its requests have ended
//!   ├ Histogram       how long its callers have waited
//!   ├ Failures        its choices that found no peer, by reason
//!   ├ StatusChanges   of its peers
//!   └ Updates         of its members
//!  ChooserStatus    the same with its peers
//!   ├ PeerStatus      one of them
//!   │  └ Check          what its transport has found out about it
//!   └ SourceStatus    where they come from
//! ```
//!
//! # What counting costs
//!
//! A request that goes well pays nothing for being counted: the atomic operation that pins its peer's slot
//! adds to the number of requests as well, which is in the same word (`slot::word`). A request that does
//! not go well, a caller that waits, a choice in vain and a change of a status or of the members each add
//! to a counter of their own: none of them is on the way of a request that goes well.
//!
//! # What adds up
//!
//! `requests = outcomes.total() + pending + departing_pending`: exactly, when no request begins or ends
//! meanwhile; else within those that do.
//!
//! No counter ever goes down, but for `requests`: a choice that is taken back before its caller has it, for
//! a notice or a cancel, is a request for a moment.

mod failures;
mod histogram;
mod numbers;
mod outcomes;
mod source;
mod status;

pub use crate::peer::Check;
pub use failures::Failures;
pub(crate) use failures::place;
pub use histogram::Histogram;
pub use numbers::{Stats, StatusChanges, Updates};
pub use outcomes::Outcomes;
pub use source::SourceStatus;
pub use status::{ChooserStatus, PeerStatus};
