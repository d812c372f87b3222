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

/// A member whose transport is to be asked, and the number by which the table knows it: it is the
/// asking thread's until that has told what has come of it.
#[derive(Debug)]
pub(in crate::list) struct Asked {
    pub(in crate::list) entry: Entry,
    pub(in crate::list) number: u32,
}

impl Entry {
    /// Reads what a list needs to know of an identifier, once. It is code of the user's: called with
    /// no lock held. One that cannot be read is given back.
    pub(in crate::list) fn read(
        identifier: Arc<dyn Identifier>,
        alike: &mut Alike,
    ) -> Result<Self, (PeerFailure, Arc<dyn Identifier>)> {
        let read = Self::read_name(&*identifier).and_then(|id| {
            let attributes = panics::catch("attributes", || identifier.attributes())
                .map_err(|panicked| unreadable(Arc::clone(&id), panicked))?;
            Ok((id, attributes))
        });
        match read {
            Ok((id, attributes)) => {
                Ok(Self { id, identifier, attributes: alike.shared(attributes) })
            }
            Err(failure) => Err((failure, identifier)),
        }
    }

    /// The name alone, for a removal.
    pub(in crate::list) fn read_name(identifier: &dyn Identifier) -> Result<Arc<str>, PeerFailure> {
        panics::catch("identifier", || identifier.kept_name())
            .map_err(|panicked| unreadable("".into(), panicked))
    }

    pub(in crate::list) fn failure(&self, kind: PeerFailureKind) -> PeerFailure {
        PeerFailure { peer: Arc::clone(&self.id), kind }
    }
}

/// The kinds of attributes that an update has met last. Nearly all members are of a few kinds, and
/// those of one kind share one copy.
#[derive(Debug)]
pub(in crate::list) struct Alike {
    first: Arc<Attributes>,
    others: Vec<Arc<Attributes>>,
    /// Which of the others makes way for the next one.
    oldest: usize,
}

impl Alike {
    /// How many beside the first are compared with each member's.
    const OTHERS: usize = 3;

    /// Knows one kind.
    pub(in crate::list) fn to(kind: &Arc<Attributes>) -> Self {
        Self { first: Arc::clone(kind), others: vec![], oldest: 0 }
    }

    fn shared(&mut self, attributes: Attributes) -> Arc<Attributes> {
        let mut known = std::iter::once(&self.first).chain(&self.others);
        if let Some(known) = known.find(|known| ***known == attributes) {
            return Arc::clone(known);
        }
        let attributes = Arc::new(attributes);
        if self.others.len() < Self::OTHERS {
            self.others.push(Arc::clone(&attributes));
        } else {
            self.others[self.oldest] = Arc::clone(&attributes);
            self.oldest = (self.oldest + 1) % Self::OTHERS;
        }
        attributes
    }
}

fn unreadable(peer: Arc<str>, panicked: Panicked) -> PeerFailure {
    PeerFailure { peer, kind: PeerFailureKind::Unreadable(Arc::new(panicked)) }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn members_of_one_kind_share_their_attributes() {
        let plain = Arc::new(Attributes::new());
        let mut alike = Alike::to(&plain);
        let of = |alike: &mut Alike, weight| alike.shared(Attributes::new().with_weight(weight));
        assert!(Arc::ptr_eq(&of(&mut alike, 1), &plain));
        let (two, three) = (of(&mut alike, 2), of(&mut alike, 3));
        assert!(Arc::ptr_eq(&of(&mut alike, 2), &two) && Arc::ptr_eq(&of(&mut alike, 3), &three));
        // More kinds than are remembered: the values are right all the same.
        for weight in (1..=9).chain(1..=9) {
            assert_eq!(of(&mut alike, weight).weight, weight);
            assert!(alike.others.len() <= Alike::OTHERS);
        }
    }

    #[test]
    fn a_name_that_can_be_shared_is_not_copied() {
        let of = |identifier: Arc<dyn Identifier>| {
            let id = Entry::read_name(&*identifier).unwrap();
            assert_eq!(*id, *identifier.identifier());
            std::ptr::eq(&*id, identifier.identifier())
        };
        assert!(of(crate::identify("a")) && of(Arc::new(Arc::<str>::from("a"))));
        assert!(of(Arc::new(crate::Member::new("a", Attributes::new()))));
        // These have nothing that could be shared.
        assert!(!of(Arc::new("a")) && !of(Arc::new(String::from("a"))));
    }
}
