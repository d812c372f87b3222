//! What a list does when too few of its peers are left.

/// What a list does when fewer of its peers are available than a [threshold](crate::ListOptions::with_panic)
/// says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum OnPanic {
    /// Nothing: those that are left serve, and if there is none callers wait.
    #[default]
    Off,
    /// Peers that it has [ejected](crate::ListOptions::with_eject) serve again, and none is ejected; not
    /// those that are not connected, or draining.
    Any,
    /// Every choice fails at once, with [`Cause::BelowThreshold`](crate::Cause::BelowThreshold): the
    /// peers that are left would get the load of all.
    Fail,
}

impl OnPanic {
    pub(super) fn named(word: &str) -> Option<Self> {
        [Self::Off, Self::Any, Self::Fail].into_iter().find(|on| on.name() == word)
    }

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Any => "any",
            Self::Fail => "fail",
        }
    }
}
