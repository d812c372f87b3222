//! Who gets a place that becomes free: the caller that has waited the longest, or the newest.
//!
//! First come first served is fair as long as the queue drains. In a list that is asked for more than
//! its peers can do it never does, and then in-order waiting serves each caller when it is nearly too
//! late: at 1.3 times the capacity no answer comes in time at all. The newest first leaves those to
//! time out that would have anyway, and answers the others at once. So the adaptive order is the first
//! until a caller has always been waiting for 100 ms, and then the second until the queue has drained:
//! Facebook's adaptive LIFO (Maurer, "Fail at Scale", 2015), whose interval this is.

use std::sync::Arc;
use std::time::Duration;

use crate::clock;
use crate::cost::Clock;

/// Who of the callers that wait for a place gets the next one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum QueueOrder {
    /// The one that has waited the longest, as long as the queue drains; the newest once there was
    /// always a caller waiting for 100 ms.
    #[default]
    Adaptive,
    /// The one that has waited the longest. In a list that is asked for more than its peers can do, each
    /// caller is served when it is nearly too late.
    Fifo,
    /// The newest.
    Lifo,
}

impl QueueOrder {
    const ALL: [Self; 3] = [Self::Adaptive, Self::Fifo, Self::Lifo];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Adaptive => "adaptive",
            Self::Fifo => "fifo",
            Self::Lifo => "lifo",
        }
    }

    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|order| order.name() == name)
    }
}

/// A queue that has not drained for so long serves the newest first.
const DRAINS_WITHIN: Duration = Duration::from_millis(100);

/// Whose turn it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Turn {
    Oldest,
    Newest,
}

/// The order of a gate, and the clock that the adaptive one goes by.
#[derive(Debug, Default)]
pub(crate) struct Ordered {
    pub(crate) order: QueueOrder,
    /// Instead of the system's coarse one.
    pub(crate) clock: Option<Arc<dyn Clock>>,
}

impl Ordered {
    /// The time, if the order goes by it. A clock may be the user's: called with no lock held.
    pub(super) fn now(&self) -> Duration {
        match (self.order, &self.clock) {
            (QueueOrder::Fifo | QueueOrder::Lifo, _) => Duration::ZERO,
            (QueueOrder::Adaptive, Some(clock)) => clock.now(),
            (QueueOrder::Adaptive, None) => clock::coarse(),
        }
    }

    /// Whose turn it is in a queue that has not drained since then.
    pub(super) fn turn(&self, since: Duration, now: Duration) -> Turn {
        match self.order {
            QueueOrder::Fifo => Turn::Oldest,
            QueueOrder::Lifo => Turn::Newest,
            QueueOrder::Adaptive if now.saturating_sub(since) >= DRAINS_WITHIN => Turn::Newest,
            QueueOrder::Adaptive => Turn::Oldest,
        }
    }
}
