//! One small error type per operation. Those of `api/peer` keep their texts to the letter, so that
//! logs and alerts written for YARPC go on working.

mod api;
mod choose;
mod lifecycle;
mod spec;
mod update;

pub use api::{
    ChooseHasNoDeadline, InvalidPeerConversion, InvalidPeerType, InvalidTransportConversion,
    PeerAddAlreadyInList, PeerHasNoReferenceToSubscriber, PeerListAlreadyStarted,
    PeerListNotStarted, PeerRemoveNotInList, TransportHasNoReferenceToPeer,
    UnknownConnectionStatus,
};
pub(crate) use choose::Seen;
pub use choose::{ChooseError, ChooseErrorKind, Waited};
pub use lifecycle::LifecycleError;
pub use spec::SpecError;
pub use update::{PeerFailure, PeerFailureKind, UpdateError};
