//! How long a caller is ready to wait.

use std::time::{Duration, Instant};

use super::cancel::CancelToken;

/// How long `choose` may wait while no peer can be chosen.
///
/// The limit bounds the *wait*: a choice that needs none reads no clock, so a peer that is there
/// is handed out even if the instant has passed. A cancelled token is always looked at.
///
/// ```
/// use std::time::Duration;
/// use peerage::{CancelToken, Wait};
///
/// let token = CancelToken::new();
/// let wait = Wait::timeout(Duration::from_millis(20)).cancelled_by(&token);
/// # let _ = wait;
/// ```
#[derive(Debug, Clone, Copy, Default)]
pub struct Wait<'a> {
    pub(crate) limit: Limit,
    pub(crate) cancel: Option<&'a CancelToken>,
}

#[derive(Debug, Clone, Copy, Default)]
pub(crate) enum Limit {
    #[default]
    Default,
    Timeout(Duration),
    Until(Instant),
    Forever,
}

impl Limit {
    /// Whether the caller has named an instant, which may be past.
    pub(crate) fn is_instant(self) -> bool {
        matches!(self, Self::Until(_))
    }

    /// The instant at which a wait that begins now ends; `None` = never.
    pub(crate) fn deadline(self, now: Instant, default: Duration) -> Option<Instant> {
        match self {
            Self::Default => now.checked_add(default),
            Self::Timeout(timeout) => now.checked_add(timeout),
            Self::Until(instant) => Some(instant),
            Self::Forever => None,
        }
    }
}

impl<'a> Wait<'a> {
    /// Waits as long as the list's default choose timeout; the same as `Wait::default()`.
    #[must_use]
    pub const fn list_default() -> Self {
        Self { limit: Limit::Default, cancel: None }
    }

    /// Waits for at most this long; zero does not wait.
    #[must_use]
    pub const fn timeout(timeout: Duration) -> Self {
        Self { limit: Limit::Timeout(timeout), cancel: None }
    }

    /// Waits until this instant.
    #[must_use]
    pub const fn until(instant: Instant) -> Self {
        Self { limit: Limit::Until(instant), cancel: None }
    }

    /// Waits until a peer can be chosen, the wait is cancelled or the list stops.
    #[must_use]
    pub const fn forever() -> Self {
        Self { limit: Limit::Forever, cancel: None }
    }

    /// Ends the wait when `token` is triggered. A wait whose token is set takes no peer, not even
    /// one that is there.
    #[must_use]
    pub const fn cancelled_by(mut self, token: &'a CancelToken) -> Self {
        self.cancel = Some(token);
        self
    }
}
