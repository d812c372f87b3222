//! One peer, always the same.

use std::sync::Arc;

use crate::chooser::{Chooser, List, ListUpdates};
use crate::error::{ChooseError, LifecycleError};
use crate::introspect::ChooserStatus;
use crate::lifecycle::Lifecycle;
use crate::list::{ListOptions, PeerList};
use crate::peer::Identifier;
use crate::policy::{Policy, Roster};
use crate::request::{Request, Wait};
use crate::slot::pick::{Pick, Pinned};
use crate::transport::Transport;
use crate::wait::{Notice, NoticeId};

/// Hands out one peer.
///
/// It is a list of one, and waits like any other until the peer is available. (yarpc-go's `Single`
/// hands its peer out in any state.)
#[derive(Debug)]
pub struct Single {
    list: PeerList<Only>,
}

#[derive(Debug)]
pub(crate) struct Only;

impl Policy for Only {
    fn name(&self) -> &str {
        "single"
    }

    fn may_panic(&self) -> bool {
        false
    }

    fn choose<'r>(&self, roster: &'r Roster, _: &Request<'_>) -> Option<Pinned<'r>> {
        roster.available().iter().find_map(|entry| entry.pin())
    }
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
        let list = PeerList::new(Only, transport, options);
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

impl Chooser for Single {
    fn choose(&self, request: &Request<'_>, wait: Wait<'_>) -> Result<Pick, ChooseError> {
        self.list.choose(request, wait)
    }

    fn try_choose(&self, request: &Request<'_>) -> Result<Pick, ChooseError> {
        self.list.try_choose(request)
    }

    fn notify_ready(&self, request: &Request<'_>, notice: Notice) -> Option<NoticeId> {
        self.list.notify_ready(request, notice)
    }

    fn cancel_notice(&self, id: NoticeId) -> bool {
        self.list.cancel_notice(id)
    }

    fn introspect(&self) -> ChooserStatus {
        self.list.introspect()
    }
}
