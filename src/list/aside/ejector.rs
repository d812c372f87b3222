//! Which peers a list has ejected, and until when.

use std::sync::Arc;
use std::time::Duration;

use crate::clock;
use crate::cost::Clock;
use crate::policy::Rng;
use crate::roster::Availability;
use crate::slot::SlotRef;
use crate::sync::{AtomicU64, Mutex, Ordering};

/// No moment.
pub(in crate::list) const NEVER: u64 = u64::MAX;

/// What a list ejects by.
pub(in crate::list) struct Ejector {
    /// So many failures in a row are too many.
    pub(in crate::list) limit: u16,
    /// Instead of the system's.
    pub(in crate::list) clock: Option<Arc<dyn Clock>>,
    pub(in crate::list) rng: Rng,
    /// The first moment at which a peer is to be tried again, in milliseconds.
    pub(in crate::list) due: AtomicU64,
    pub(in crate::list) out: Mutex<Vec<Out>>,
}

/// A peer that is not in full service.
pub(in crate::list) struct Out {
    pub(in crate::list) slot: SlotRef,
    pub(in crate::list) id: Arc<str>,
    pub(in crate::list) lasts: Duration,
    /// When it is to be tried, in milliseconds.
    pub(in crate::list) until: u64,
}

/// A change that others are to hear of when the mutex is free.
pub(in crate::list) struct Changed {
    pub(in crate::list) id: Arc<str>,
    pub(in crate::list) availability: Availability,
}

impl Ejector {
    pub(in crate::list) fn new(
        limit: u16,
        clock: Option<Arc<dyn Clock>>,
        seed: Option<u64>,
    ) -> Self {
        let (due, out) = (AtomicU64::new(NEVER), Mutex::new(vec![]));
        Self { limit, clock, rng: Rng::from_seed(seed), due, out }
    }

    /// The time. The clock may be the user's: called with no lock held.
    pub(in crate::list) fn now(&self) -> u64 {
        let now = self.clock.as_ref().map_or_else(clock::coarse, |clock| clock.now());
        u64::try_from(now.as_millis()).unwrap_or(NEVER - 1)
    }

    /// Whether a peer is to be tried again by now.
    #[inline]
    pub(in crate::list) fn is_due(&self) -> bool {
        // Relaxed: the mutex orders what is done then.
        let due = self.due.load(Ordering::Relaxed);
        due != NEVER && self.now() >= due
    }

    pub(in crate::list) fn set_due(&self, out: &[Out]) {
        let due = out.iter().map(|out| out.until).min().unwrap_or(NEVER);
        self.due.store(due, Ordering::Relaxed);
    }

    /// How long until a peer is tried again; `None` if none is out.
    pub(in crate::list) fn remaining(&self, until: u64) -> Option<Duration> {
        (until != NEVER).then(|| Duration::from_millis(until.saturating_sub(self.now())))
    }
}
