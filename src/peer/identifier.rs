//! What names a peer.

use std::any::Any;
use std::fmt;
use std::sync::Arc;

use super::seal::Seal;
use crate::attributes::Attributes;

/// The string that names a peer, usually `host:port`.
///
/// An updater may supply its own type to carry more than a name to its transport (a TLS server
/// name, a zone); the transport gets the same object back in
/// [`retain_peer`](crate::Transport::retain_peer) and can downcast it:
///
/// ```
/// use std::sync::Arc;
/// use peerage::{Identifier, ListUpdates};
///
/// #[derive(Debug)]
/// struct Secure {
///     address: String,
///     server_name: &'static str,
/// }
///
/// impl Identifier for Secure {
///     fn identifier(&self) -> &str {
///         &self.address
///     }
/// }
///
/// let id = Secure { address: "10.0.0.1:443".into(), server_name: "users.example" };
/// let updates = ListUpdates { additions: vec![Arc::new(id)], removals: vec![] };
///
/// // What a transport over this list does.
/// let id: &Arc<dyn Identifier> = &updates.additions[0];
/// let server_name = id.downcast_ref::<Secure>().map(|id| id.server_name);
/// assert_eq!(server_name, Some("users.example"));
/// ```
///
/// A list reads the name and the attributes once, when the peer is added, with no lock held.
pub trait Identifier: AsAny + Send + Sync + fmt::Debug {
    /// The identity: lists compare peers by this string and nothing else.
    fn identifier(&self) -> &str;

    /// What is known of the peer beside its name: its weight, tier, zone and place on a hash ring.
    /// Nothing unless overridden; [`Member`](crate::Member) is a name with attributes.
    fn attributes(&self) -> Attributes {
        Attributes::new()
    }

    /// The name, if a list can share it and need not copy it: identifiers of this crate whose name never
    /// changes have it so.
    #[doc(hidden)]
    fn shared_name(&self, _: Seal) -> Option<Arc<str>> {
        None
    }
}

/// The way from a trait object back to a type, which the language has by itself from Rust 1.86 on.
#[doc(hidden)]
pub trait AsAny: Any {
    fn as_any(&self) -> &dyn Any;
}

impl<T: Any> AsAny for T {
    fn as_any(&self) -> &dyn Any {
        self
    }
}

impl dyn Identifier {
    /// The identifier as the updater's own type, or `None` if it is of another.
    #[must_use]
    pub fn downcast_ref<T: Identifier>(&self) -> Option<&T> {
        self.as_any().downcast_ref()
    }

    /// The name, to be kept: not a copy of its own if it can be shared.
    pub(crate) fn kept_name(&self) -> Arc<str> {
        self.shared_name(Seal(())).unwrap_or_else(|| self.identifier().into())
    }
}

impl Identifier for String {
    fn identifier(&self) -> &str {
        self
    }
}

impl Identifier for Box<str> {
    fn identifier(&self) -> &str {
        self
    }
}

impl Identifier for Arc<str> {
    fn identifier(&self) -> &str {
        self
    }

    fn shared_name(&self, _: Seal) -> Option<Arc<str>> {
        Some(Self::clone(self))
    }
}

impl Identifier for &'static str {
    fn identifier(&self) -> &str {
        self
    }
}

/// Makes an [`Identifier`] of a plain string.
///
/// ```
/// let id = peerage::identify("10.0.0.1:4040");
/// assert_eq!(id.identifier(), "10.0.0.1:4040");
/// ```
pub fn identify(id: impl Into<String>) -> Arc<dyn Identifier> {
    Arc::new(Arc::<str>::from(id.into()))
}
