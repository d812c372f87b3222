//! What a chooser knows of the updaters that feed it.

use std::sync::{Arc, Weak};

use super::types::Text;
use crate::updaters::{SourceCounts, Watching};

/// Feeds a chooser with the peers that a source knows, in a thread of its own while it runs.
pub struct peerage_updater {
    pub(super) watching: Watching,
    pub(super) uri: Text,
}

/// An updater of a chooser, as that knows it: it does not keep it.
pub(super) struct Feeding {
    pub(super) updater: Weak<peerage_updater>,
    /// To look at the source: the last reference to an updater stops it, and may call back.
    pub(super) counts: Weak<SourceCounts>,
}

impl Feeding {
    pub(super) fn of(updater: &Arc<peerage_updater>) -> Self {
        let counts = Arc::downgrade(updater.watching.counts());
        Self { updater: Arc::downgrade(updater), counts }
    }

    /// Whether the updater may be there still.
    pub(super) fn is_alive(&self) -> bool {
        self.counts.strong_count() > 0
    }
}
