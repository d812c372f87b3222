//! Why there is no pick, and what the request waits for then.

use crate::error::{ChooseError, Nothing};
use crate::request::Request;
use crate::wait::{Wants, name_hash};

/// A choice that may also have been ended by an error.
pub(super) type Checked<T> = Result<T, ChooseError>;

/// Why there is no pick: the list is not open, or its policy has nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Why {
    NotOpen,
    Policy(Nothing),
    /// Too few peers are available, and the list fails then: below so many percent.
    Below(u8),
}

impl Why {
    /// Whether no news would change it.
    pub(super) fn is_final(self) -> bool {
        matches!(self, Self::Policy(Nothing::NotInList) | Self::Below(_))
    }
}

/// What a request waits for whose policy gave this reason.
pub(super) fn wants(why: Why, request: &Request<'_>) -> Wants {
    match why {
        // Below the threshold a notice alone waits: a caller that waits gets its error at once.
        Why::NotOpen | Why::Below(_) => Wants::Word,
        Why::Policy(nothing) => match nothing {
            Nothing::NotReady => Wants::Word,
            Nothing::Unavailable => Wants::Peers(1),
            Nothing::TooFew(needed) => Wants::Peers(needed),
            Nothing::NotTheNamed => Wants::Name(name_hash(request.shard_key())),
            Nothing::AtCapacity => Wants::Place,
            // A reason that is final is not waited for.
            Nothing::Excluded | Nothing::NotInList => Wants::Peers(0),
        },
    }
}
