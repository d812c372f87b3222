//! The caller says which peer: the request's shard key is its name.
//!
//! yarpc-go's `peer/direct` retains the peer for each request and releases it after, so a peer that
//! nobody else holds is connected and disconnected for each, and is handed out before it is
//! connected. Here the chooser is a list that grows by the names it is asked for: a peer stays
//! retained for the next request, a choice waits until it is available, and when there are more
//! peers than are to be kept, idle ones that nobody has asked for lately are let go.

use std::error::Error;
use std::str::Utf8Error;
use std::sync::Arc;

use crate::chooser::{Chooser, List, ListUpdates};
use crate::error::{ChooseError, ChooseErrorKind, LifecycleError, PeerFailureKind};
use crate::lifecycle::Lifecycle;
use crate::list::{ListOptions, PeerList};
use crate::policy;
use crate::policy::NameIndex;
use crate::request::Request;
use crate::shown::Shown;
use crate::slot::Pick;
use crate::stats::{ChooserStatus, Stats};
use crate::transport::Transport;
use crate::wait::{Notice, NoticeId, Wait};

/// The settings of a [`Direct`].
#[derive(Debug, Clone)]
pub struct DirectOptions {
    /// How many peers stay retained when no request needs them. 64 by default.
    pub keep: usize,
    /// The settings of the list behind it.
    pub list: ListOptions,
}

impl Default for DirectOptions {
    fn default() -> Self {
        Self { keep: 64, list: ListOptions::new() }
    }
}

/// Hands out the peer that the request's shard key names.
///
/// A name is text. A request whose shard key is empty or not UTF-8 is refused with
/// [`InvalidRequest`](ChooseErrorKind::InvalidRequest), and leaves nothing behind.
///
/// [`choose`](Chooser::choose) waits until that peer is available;
/// [`try_choose`](Chooser::try_choose) makes its transport connect, so a later try finds it.
/// Unlike the policies it takes a lock for each choice.
///
/// ```
/// use peerage::transports::Always;
/// use peerage::{Chooser, Direct, DirectOptions, Lifecycle, Outcome, Request, Wait};
///
/// let direct = Direct::new(Always::new(), DirectOptions { keep: 8, ..DirectOptions::default() });
/// direct.start()?;
/// let request = Request::new().with_shard_key("10.0.0.7:80");
/// let pick = direct.choose(&request, Wait::default())?;
/// assert_eq!(pick.identifier(), "10.0.0.7:80");
/// pick.finish(Outcome::Success);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Direct {
    list: PeerList<policy::Direct>,
    keep: usize,
}

impl Direct {
    /// The chooser, not started.
    #[must_use]
    pub fn new(transport: Arc<dyn Transport>, options: DirectOptions) -> Self {
        let list = PeerList::new(policy::Direct::new(), transport, options.list);
        Self { list, keep: options.keep }
    }

    /// The name of the peer that the request is for.
    fn named_by<'a>(&self, request: &Request<'a>) -> Result<&'a str, ChooseError> {
        let key = request.shard_key();
        let requires =
            |what| ChooseError::of(self.list.name(), ChooseErrorKind::InvalidRequest(what));
        if key.is_empty() {
            return Err(requires("ShardKey to be non-empty"));
        }
        std::str::from_utf8(key).map_err(|error| {
            requires("ShardKey to be UTF-8, for it names a peer").because(no_text(key, error))
        })
    }

    /// Makes the peer a member, if it is none, for as long as the guard lives.
    fn hold<'a>(&'a self, request: &Request<'a>) -> Result<Held<'a>, ChooseError> {
        let name = self.named_by(request)?;
        let error = |kind| ChooseError::of(self.list.name(), kind);
        let members = self.list.policy().members();
        let is_member = members.hold(name);
        let held = Held { members, name };
        if !is_member {
            match self.add(name) {
                Some(PeerFailureKind::Retain(cause)) => {
                    return Err(error(ChooseErrorKind::NotRetained).because(cause));
                }
                Some(PeerFailureKind::ListFull) => {
                    return Err(error(ChooseErrorKind::NotRetained));
                }
                // Somebody else is adding it at this moment: the choice waits for his peer.
                _ => {}
            }
        }
        self.let_idle_go();
        Ok(held)
    }

    fn add(&self, name: &str) -> Option<PeerFailureKind> {
        let error = self.list.update(ListUpdates::new().with_addition(name)).err()?;
        error.failures().first().map(|failure| failure.kind().clone())
    }

    /// Lets peers go that are not needed.
    ///
    /// A caller may begin to hold one while it is being removed. Either its hold is seen here, and
    /// the peer is added again, or the hold came after the removal, and the caller sees that and
    /// adds the peer itself.
    fn let_idle_go(&self) {
        let members = self.list.policy().members();
        for name in members.idle_beyond(self.keep) {
            // What another thread has let go meanwhile is not in the list any more: just as well.
            let _ = self.list.update(ListUpdates::removing([&*name]));
            if members.is_held(&name) {
                // If it fails, that caller's wait says that the peer is not there.
                let _ = self.add(&name);
            }
        }
    }
}

/// Bytes of a key that an error shows: enough to tell it by, however long it is.
const SHOWN: usize = 64;

/// What is wrong with a key that should be text.
fn no_text(key: &[u8], error: Utf8Error) -> Arc<dyn Error + Send + Sync> {
    let (len, at) = (key.len(), error.valid_up_to());
    let text = match key.get(..SHOWN) {
        Some(start) if len > SHOWN => format!(
            "{:?}.., the first {SHOWN} of {len} bytes, is not UTF-8 at byte {at}",
            Shown(start)
        ),
        _ => format!("{:?} is not UTF-8 at byte {at}", Shown(key)),
    };
    Box::<dyn Error + Send + Sync>::from(text).into()
}

struct Held<'a> {
    members: &'a NameIndex,
    name: &'a str,
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        self.members.unhold(self.name);
    }
}

impl Lifecycle for Direct {
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

impl Chooser for Direct {
    fn choose(&self, request: &Request<'_>, wait: Wait<'_>) -> Result<Pick, ChooseError> {
        let _held = self.hold(request)?;
        self.list.choose(request, wait)
    }

    fn try_choose(&self, request: &Request<'_>) -> Result<Pick, ChooseError> {
        let _held = self.hold(request)?;
        self.list.try_choose(request)
    }

    fn notify_ready(&self, request: &Request<'_>, notice: Notice) -> Option<NoticeId> {
        // A request that cannot be served is told so when it is tried.
        let _held = self.hold(request);
        self.list.notify_ready(request, notice)
    }

    fn cancel_notice(&self, id: NoticeId) -> bool {
        self.list.cancel_notice(id)
    }

    fn introspect(&self) -> ChooserStatus {
        self.list.introspect()
    }

    fn stats(&self) -> Stats {
        self.list.stats()
    }
}
