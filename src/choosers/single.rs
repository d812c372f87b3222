//! One peer, always the same.

use std::sync::Arc;

use super::delegate::delegate_chooser;
use crate::error::LifecycleError;
use crate::feeding::{List, ListUpdates};
use crate::lifecycle::Lifecycle;
use crate::list::{ListOptions, PeerList};
use crate::peer::Identifier;
use crate::policy;
use crate::transport::Transport;

/// Hands out one peer.
///
/// It is a list of one, and waits like any other until the peer is available. (yarpc-go's `Single`
/// hands its peer out in any state.)
///
/// ```
/// use peerage::transports::Always;
/// use peerage::{Chooser, Lifecycle, Outcome, Request, Single, Wait, identify};
///
/// let gateway = Single::new(identify("10.0.0.1:80"), Always::new());
/// gateway.start()?;
/// let pick = gateway.choose(&Request::new(), Wait::default())?;
/// assert_eq!(pick.identifier(), "10.0.0.1:80");
/// pick.finish(Outcome::Success);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Single {
    list: PeerList<policy::Single>,
}

impl Single {
    /// The chooser of the peer called `id`, not started.
    #[must_use]
    pub fn new(id: Arc<dyn Identifier>, transport: Arc<dyn Transport>) -> Self {
        Self::with_options(id, transport, ListOptions::new())
    }

    /// The same with other settings than a list's defaults.
    #[must_use]
    pub fn with_options(
        id: Arc<dyn Identifier>,
        transport: Arc<dyn Transport>,
        options: ListOptions,
    ) -> Self {
        let list = PeerList::new(policy::Single::new(), transport, options);
        // The list is new, so there is nothing that this peer could be a duplicate of.
        let _ = list.update(ListUpdates { additions: vec![id], removals: vec![] });
        Self { list }
    }
}

impl Lifecycle for Single {
    fn start(&self) -> Result<(), LifecycleError> {
        self.list.start()
    }

    fn stop(&self) -> Result<(), LifecycleError> {
        self.list.stop()
    }

    fn is_running(&self) -> bool {
        self.list.is_running()
    }
}

delegate_chooser!([] Single => list);
