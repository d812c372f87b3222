//! The subscribers of one peer: nearly always one, the list whose transport the registry is part of.

use std::ops::Deref;
use std::slice;
use std::sync::Arc;

use crate::peer::Subscriber;

/// Subscribers, those that have subscribed first before the others. One alone is kept in place: that a
/// transport has very many peers does not cost an allocation for each, and neither does a report.
#[derive(Clone)]
pub(crate) enum Subscribers {
    One(Arc<dyn Subscriber>),
    /// `None`: there is none. A vector by itself would be longer than the one in place.
    #[expect(clippy::box_collection, reason = "it is rare, and one word")]
    Other(Option<Box<Vec<Arc<dyn Subscriber>>>>),
}

// An `Arc` is never null, so the other case needs no room of its own.
#[cfg(target_pointer_width = "64")]
const _: () = assert!(size_of::<Subscribers>() == 16);

impl Subscribers {
    pub(super) fn push(&mut self, subscriber: Arc<dyn Subscriber>) {
        *self = match std::mem::take(self) {
            Self::Other(None) => Self::One(subscriber),
            Self::One(first) => Self::Other(Some(Box::new(vec![first, subscriber]))),
            Self::Other(Some(mut many)) => {
                many.push(subscriber);
                Self::Other(Some(many))
            }
        };
    }

    /// Removes one that is the same as `subscriber`; `None` if none is.
    pub(super) fn remove(
        &mut self,
        subscriber: &Arc<dyn Subscriber>,
    ) -> Option<Arc<dyn Subscriber>> {
        let position = self.iter().position(|known| Arc::ptr_eq(known, subscriber))?;
        match std::mem::take(self) {
            Self::One(only) => Some(only),
            Self::Other(many) => {
                let mut many = many?;
                let removed = many.remove(position);
                *self = match many.len() {
                    1 => many.pop().map(Self::One).unwrap_or_default(),
                    _ => Self::Other(Some(many)),
                };
                Some(removed)
            }
        }
    }
}

impl Default for Subscribers {
    fn default() -> Self {
        Self::Other(None)
    }
}

impl Deref for Subscribers {
    type Target = [Arc<dyn Subscriber>];

    fn deref(&self) -> &Self::Target {
        match self {
            Self::One(only) => slice::from_ref(only),
            Self::Other(many) => many.as_deref().map_or(&[], Vec::as_slice),
        }
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;
    use crate::peer::Identifier;
    use crate::rng::Rng;

    struct Deaf(#[expect(dead_code, reason = "a size, so that each has an address")] u8);

    impl Subscriber for Deaf {
        fn notify_status_changed(&self, _: &dyn Identifier) {}
    }

    /// Random subscriptions, several by one subscriber among them, against a plain list.
    #[test]
    fn they_are_those_that_were_pushed_and_not_removed_in_order() {
        let some: Vec<Arc<dyn Subscriber>> = (0..4).map(|n| Arc::new(Deaf(n)) as _).collect();
        let address = |it: &Arc<dyn Subscriber>| Arc::as_ptr(it).cast::<()>();
        let rng = Rng::seeded(1);
        let (mut subscribers, mut plain) = (Subscribers::default(), vec![]);
        for _ in 0..if cfg!(miri) { 100 } else { 2000 } {
            let one = &some[rng.below(some.len())];
            if rng.below(5) < 2 {
                subscribers.push(Arc::clone(one));
                plain.push(address(one));
            } else {
                let position = plain.iter().position(|known| *known == address(one));
                let expected = position.map(|position| plain.remove(position));
                assert_eq!(subscribers.remove(one).as_ref().map(address), expected);
            }
            assert!(subscribers.clone().iter().map(address).eq(plain.iter().copied()));
        }
        assert!(plain.len() < 100, "they were few, one and none again and again");
    }
}
