//! Who owns a slot in use: what the slot calls when it has to leave the fast path.

use std::sync::Arc;

use crate::error::PeerFailure;
use crate::outcome::Outcome;
use crate::panics::Panicked;
use crate::peer::{Identifier, Peer, Subscriber};

/// The part of a list that a slot in use holds on to. It is also the subscriber that the transport
/// got for the slot's peer.
pub(crate) trait Owner: Subscriber {
    /// The identifier that the peer was added with.
    fn identifier(&self) -> &Arc<dyn Identifier>;

    /// A request on its slot has ended; the slot is still pinned.
    fn finished(&self, outcome: Outcome);

    /// A hook of the peer's has panicked.
    fn panicked(&self, panicked: &Panicked);

    /// Gives the peer back to its transport and frees the slot, whose cells the caller has emptied
    /// as the one to retire it.
    fn release(self: Arc<Self>, peer: Arc<dyn Peer>) -> Result<(), PeerFailure>;

    /// The same when a request was the last of a removed peer: nobody is there to hear of an error
    /// but the observer.
    fn retire(self: Arc<Self>, peer: Arc<dyn Peer>);
}
