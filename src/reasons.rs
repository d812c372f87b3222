//! Why a peer cannot be chosen.

use std::fmt;

/// One reason why a peer cannot be chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
#[non_exhaustive]
pub enum Reason {
    /// Its connection status is not `Available`.
    NotConnected = 1,
    /// Its requests went wrong, and it is left alone for a while.
    Ejected = 1 << 1,
    /// Other clients use it, and this one does not: its user's to say. (A list that uses a
    /// [subset](crate::ListOptions::with_subset) does not retain the others at all.)
    OutsideSubset = 1 << 2,
    /// It is about to go: it finishes what it has, and gets nothing new.
    Draining = 1 << 3,
    /// Peers of an earlier tier serve, and are enough: the list's to say, if it has
    /// [tiers](crate::ListOptions::with_spill).
    LaterTier = 1 << 4,
}

impl Reason {
    const ALL: [Self; 5] =
        [Self::NotConnected, Self::Ejected, Self::OutsideSubset, Self::Draining, Self::LaterTier];

    fn text(self) -> &'static str {
        match self {
            Self::NotConnected => "not connected",
            Self::Ejected => "ejected",
            Self::OutsideSubset => "outside the subset",
            Self::Draining => "draining",
            Self::LaterTier => "in a later tier",
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text())
    }
}

/// Every reason why a peer cannot be chosen: it is available when there is none.
///
/// ```
/// use peerage::{Reason, Reasons};
///
/// let reasons = Reasons::NONE.with(Reason::NotConnected).with(Reason::Draining);
/// assert_eq!(reasons.to_string(), "not connected, draining");
/// assert!(reasons.without(Reason::NotConnected).without(Reason::Draining).is_none());
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Reasons(u8);

impl Reasons {
    /// No reason: the peer can be chosen.
    pub const NONE: Self = Self(0);

    /// These and one more.
    #[must_use]
    pub const fn with(self, reason: Reason) -> Self {
        Self(self.0 | reason as u8)
    }

    /// These but for one.
    #[must_use]
    pub const fn without(self, reason: Reason) -> Self {
        Self(self.0 & !(reason as u8))
    }

    /// Whether `reason` is among them.
    #[must_use]
    pub const fn has(self, reason: Reason) -> bool {
        self.0 & reason as u8 != 0
    }

    /// Whether there is none, so that the peer can be chosen.
    #[must_use]
    pub const fn is_none(self) -> bool {
        self.0 == 0
    }

    /// Whether it is connected, and kept from being chosen all the same.
    #[must_use]
    pub const fn is_set_aside(self) -> bool {
        self.has_another() && !self.has(Reason::NotConnected)
    }

    /// Whether there is a reason other than that it is not connected.
    pub(crate) const fn has_another(self) -> bool {
        self.0 & !(Reason::NotConnected as u8) != 0
    }

    /// Each of them.
    pub fn iter(self) -> impl Iterator<Item = Reason> {
        Reason::ALL.into_iter().filter(move |reason| self.has(*reason))
    }
}

impl fmt::Display for Reasons {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, reason) in self.iter().enumerate() {
            if n > 0 {
                f.write_str(", ")?;
            }
            f.write_str(reason.text())?;
        }
        Ok(())
    }
}

impl fmt::Debug for Reasons {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}
