//! One small error type per operation. Those of `api/peer` keep their texts to the letter, so that
//! logs and alerts written for YARPC go on working.

mod api;
mod cause;
mod choose;
mod drain;
mod lifecycle;
mod nothing;
mod seen;
mod spec;
#[cfg(test)]
mod texts;
mod update;

pub use api::{
    ChooseHasNoDeadline, InvalidPeerConversion, InvalidPeerType, InvalidTransportConversion,
    PeerAddAlreadyInList, PeerHasNoReferenceToSubscriber, PeerListAlreadyStarted,
    PeerListNotStarted, PeerRemoveNotInList, TransportHasNoReferenceToPeer,
    UnknownConnectionStatus,
};
pub use cause::Cause;
pub use choose::{ChooseError, ChooseErrorKind, Waited};
pub use drain::{Departing, DrainError};
pub use lifecycle::LifecycleError;
pub use nothing::Nothing;
pub(crate) use seen::Seen;
pub use spec::{SpecError, SpecPlace};
pub use update::{PeerFailure, PeerFailureKind, UpdateError};

/// The error a transport answers with: any error of its own.
pub type TransportError = Box<dyn std::error::Error + Send + Sync>;
