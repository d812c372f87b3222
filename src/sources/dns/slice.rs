//! Waiting in slices, between which a stop is looked for.

use std::io::{self, ErrorKind};
use std::time::Duration;

/// How long a socket is waited for before a stop is looked for.
pub(super) const SLICE: Duration = Duration::from_millis(10);

/// Whether a slice is over, and nothing else has happened.
pub(super) fn is_slice(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut | ErrorKind::Interrupted)
}
