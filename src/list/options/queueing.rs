//! Limits of requests and of callers that wait, and who is served first.

use std::num::NonZeroU32;

use super::{ListOptions, MAX_LIMIT};
use crate::wait::QueueOrder;

impl ListOptions {
    /// Limits the requests that each peer may have in flight, up to 16,777,216. When every peer that would
    /// do has so many, callers wait for a place up to their deadline, and a request that ends hands its
    /// place to one of them. 0 is no limit, the default.
    ///
    /// It holds for every policy, one of one's own included: a peer with so many requests cannot be
    /// pinned. With as many as a peer works on at once, and one client, the list is the queue of all
    /// peers together.
    ///
    /// ```
    /// use peerage::policy::Random;
    /// use peerage::transports::Always;
    /// use peerage::{Cause, Chooser, Lifecycle, List, ListOptions, ListUpdates, Outcome, PeerList, Request};
    ///
    /// let options = ListOptions::new().with_max_pending(1);
    /// let list = PeerList::new(Random::new(), Always::new(), options);
    /// list.start()?;
    /// list.update(ListUpdates::adding(["10.0.0.1:80"]))?;
    ///
    /// let pick = list.try_choose(&Request::new())?;
    /// let error = list.try_choose(&Request::new()).unwrap_err();
    /// assert_eq!(error.cause(), Cause::AtCapacity);
    /// pick.finish(Outcome::Success);
    /// list.try_choose(&Request::new())?.finish(Outcome::Success);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn with_max_pending(mut self, requests: u32) -> Self {
        self.max_pending = NonZeroU32::new(requests.min(MAX_LIMIT));
        self
    }

    /// Sets who of the callers that wait for a place gets the next one.
    #[must_use]
    pub fn with_queue(mut self, order: QueueOrder) -> Self {
        self.queue = order;
        self
    }

    /// Limits how many may wait, blocked callers and notices together, up to 16,777,216: one more gets
    /// [`ChooseErrorKind::QueueFull`](crate::ChooseErrorKind::QueueFull) at once. No limit by default.
    #[must_use]
    pub fn with_max_waiting(mut self, callers: usize) -> Self {
        self.max_waiting = Some(callers.min(MAX_LIMIT as usize));
        self
    }
}
