//! Waiting for the peers that have left.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::shared::ListShared;
use crate::error::{Departing, DrainError};

impl ListShared {
    /// How many peers are on their way out, and how many requests are in flight on them.
    pub(super) fn departing(&self) -> Departing {
        let asked = self.membership.lock().unwanted();
        let leaving = self.departures.slots();
        let pending = |&slot| self.roster.pending(slot).map_or(0, u64::from);
        Departing { peers: asked + leaving.len(), pending: leaving.iter().map(pending).sum() }
    }

    /// Blocks until no peer is on its way out.
    pub(super) fn drain(&self, timeout: Option<Duration>) -> Result<(), DrainError> {
        // A limit that is too far off to be named is none.
        let deadline = timeout.map(|timeout| Instant::now().checked_add(timeout));
        let is_asked = || self.membership.lock().unwanted() > 0;
        if self.departures.wait(deadline.flatten(), is_asked) {
            return Ok(());
        }
        Err(DrainError { chooser: Arc::clone(&self.name), left: self.departing() })
    }
}
