//! A name with attributes.

use std::fmt;
use std::sync::Arc;

use crate::attributes::Attributes;
use crate::peer::{Identifier, Seal};

/// A name with attributes, for updaters that need no type of their own.
///
/// ```
/// use peerage::{Attributes, Identifier, Member};
///
/// let member = Member::new("10.0.0.1:80", Attributes::new().with_weight(3));
/// assert_eq!(member.identifier(), "10.0.0.1:80");
/// assert_eq!(member.attributes().weight, 3);
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Member {
    id: Arc<str>,
    attributes: Attributes,
}

impl Member {
    /// The peer called `id`.
    #[must_use]
    pub fn new(id: impl Into<Box<str>>, attributes: Attributes) -> Self {
        Self { id: id.into().into(), attributes }
    }
}

impl Identifier for Member {
    fn identifier(&self) -> &str {
        &self.id
    }

    fn attributes(&self) -> Attributes {
        self.attributes.clone()
    }

    fn shared_name(&self, _: Seal) -> Option<Arc<str>> {
        Some(Arc::clone(&self.id))
    }
}

impl fmt::Debug for Member {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Member")
            .field("id", &self.id)
            .field("attributes", &self.attributes)
            .finish()
    }
}
