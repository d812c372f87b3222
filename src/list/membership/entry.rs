//! A member as it goes from hand to hand.

use std::sync::Arc;

use crate::attributes::Attributes;
use crate::error::{PeerFailure, PeerFailureKind};
use crate::panics::{self, Panicked};
use crate::peer::Identifier;

/// A member's identifier, and what was read of it once.
#[derive(Debug, Clone)]
pub(in crate::list) struct Entry {
    pub(in crate::list) id: Arc<str>,
    pub(in crate::list) identifier: Arc<dyn Identifier>,
    pub(in crate::list) attributes: Arc<Attributes>,
}

impl Entry {
    /// Reads what a list needs to know of an identifier, once. It is code of the user's: called with
    /// no lock held.
    pub(in crate::list) fn read(identifier: Arc<dyn Identifier>) -> Result<Self, PeerFailure> {
        let id = Self::read_name(&*identifier)?;
        let attributes = panics::catch("attributes", || Arc::new(identifier.attributes()))
            .map_err(|panicked| unreadable(Arc::clone(&id), panicked))?;
        Ok(Self { id, identifier, attributes })
    }

    /// The name alone, for a removal.
    pub(in crate::list) fn read_name(identifier: &dyn Identifier) -> Result<Arc<str>, PeerFailure> {
        panics::catch("identifier", || Arc::from(identifier.identifier()))
            .map_err(|panicked| unreadable("".into(), panicked))
    }

    pub(in crate::list) fn failure(&self, kind: PeerFailureKind) -> PeerFailure {
        PeerFailure { peer: Arc::clone(&self.id), kind }
    }
}

fn unreadable(peer: Arc<str>, panicked: Panicked) -> PeerFailure {
    PeerFailure { peer, kind: PeerFailureKind::Unreadable(Arc::new(panicked)) }
}
