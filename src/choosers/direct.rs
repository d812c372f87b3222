//! The caller says which peer: the request's shard key is its name.
//!
//! yarpc-go's `peer/direct` retains the peer for each request and releases it after, so a peer that
//! no other holder has is connected and disconnected for each, and is handed out before it is
//! connected. Here the chooser is a list that grows by the names it is asked for: a peer stays
//! retained for the next request, a choice waits until it is available, and when there are more
//! peers than are to be kept, those are let go that are not needed.
//!
//! # Who needs a peer
//!
//! | a peer is needed | from | until |
//! |---|---|---|
//! | by a blocked caller | the call | it returns |
//! | by a caller that tries | the call | it returns |
//! | by a notice | it is asked for | it is given, or cancelled: the notice owns its hold |
//! | by a request | it is chosen | it is finished |
//! | by a caller that is expected back | one of the first three ended without a choice | it comes, or 5 s have passed |
//!
//! The last row is for callers that were told to try again, or that try from time to time. Without it
//! the peers that they wait for would be let go while they connect, or before their callers came
//! back, and connected again for each other, without end. It ends by itself: a name that never
//! connects does not stay for ever. Which caller comes is not known, so any that asks for the name is
//! taken for one that was expected.
//!
//! # When a peer is let go
//!
//! Each choice that finds more peers than are kept lets those go that are not needed, until so many
//! are left: first those that were expected in vain, then those that were chosen, from the one that
//! is idle the longest (least recently used). Which one that is, is known
//! (`policy/engine/name_table.rs`): a choice pays for what it lets go, and for nothing else.
//!
//! A peer is taken out of the names and out of the list in one step, under the mutex of the list's
//! membership. A caller that asks for it at that moment holds it before, and then it is not let go,
//! or after, and then it is not in the list, and the caller adds it.
//!
//! # When a peer is added
//!
//! By the first caller that holds its name and finds it neither in the list nor being added. Others
//! wait with it. If the transport refuses they are told so as well, and notices are given: the try
//! that follows asks the transport again. While the list does not run no name is added, and none is
//! remembered: callers wait for the start, and then add what they came for.

mod name;
#[cfg(feature = "capi")]
mod raw;

use std::sync::Arc;
use std::time::{Duration, Instant};

use self::name::name_of;
use super::direct_options::DirectOptions;
use crate::chooser::Chooser;
use crate::error::{
    ChooseError, ChooseErrorKind, DrainError, LifecycleError, Nothing, PeerFailureKind,
};
use crate::lifecycle::Lifecycle;
use crate::list::PeerList;
use crate::policy;
use crate::policy::{Hold, NameIndex};
use crate::request::Request;
use crate::slot::Pick;
use crate::stats::{ChooserStatus, SourceStatus, Stats};
use crate::transport::Transport;
use crate::wait::{Notice, NoticeId, Ready, Wait};

/// Hands out the peer that the request's shard key names.
///
/// A name is text. A request whose shard key is empty or not UTF-8 is refused with
/// [`InvalidRequest`](ChooseErrorKind::InvalidRequest), and leaves nothing behind.
///
/// [`choose`](Chooser::choose) waits until that peer is available;
/// [`try_choose`](Chooser::try_choose) makes its transport connect, so a later try finds it. Both
/// retain the peer if it is not retained, and release others that are not needed
/// ([`with_keep`](DirectOptions::with_keep)): they call the transport, on the caller's thread and
/// with no lock held. A [notice](Chooser::notify_ready) keeps the peer until it is given or
/// cancelled; that of a request that cannot be served, because it names no peer or its peer is
/// refused, is given at once, and the try that follows says why.
///
/// Unlike the policies it takes a lock for each choice and for each finish.
///
/// ```
/// use peerage::transports::Always;
/// use peerage::{Chooser, Direct, DirectOptions, Lifecycle, Outcome, Request, Wait};
///
/// let chooser = Direct::new(Always::new(), DirectOptions::new());
/// chooser.start()?;
/// let request = Request::new().with_shard_key("10.0.0.7:80");
/// let pick = chooser.choose(&request, Wait::default())?;
/// assert_eq!(pick.identifier(), "10.0.0.7:80");
/// pick.finish(Outcome::Success);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Direct {
    list: PeerList<policy::Direct>,
    /// The names, which are the policy's index.
    names: Arc<NameIndex>,
    default_timeout: Duration,
}

impl Direct {
    /// The chooser, not started.
    #[must_use]
    pub fn new(transport: Arc<dyn Transport>, options: DirectOptions) -> Self {
        let default_timeout = options.list.default_timeout;
        let policy = policy::Direct::keeping(options.keep);
        let names = Arc::clone(policy.members());
        Self {
            list: PeerList::new(policy, transport, options.list.without_choice()),
            names,
            default_timeout,
        }
    }

    /// A choice for a caller that found no peer: makes the peer a member, and tries again or waits
    /// for it, as `choose` does. `first` is what the caller found.
    #[cold]
    #[inline(never)]
    fn choose_held(
        &self,
        request: &Request<'_>,
        first: ChooseError,
        choose: impl Fn() -> Result<Pick, ChooseError>,
    ) -> Result<Pick, ChooseError> {
        let name = name_of(self.list.name(), request)?;
        if first.kind() == ChooseErrorKind::Cancelled {
            return Err(first);
        }
        let hold = self.names.hold(name);
        loop {
            self.join(&hold, name)?;
            self.let_go();
            match choose() {
                // The list had not been started and is now, or another caller could not add it.
                Err(error) if error.nothing() == Some(Nothing::NotInList) => {
                    hold.refusal().map_or(Ok(()), |kind| Err(self.not_retained(kind)))?;
                }
                Err(error) => return Err(error),
                Ok(pick) => {
                    hold.end_served();
                    return Ok(pick);
                }
            }
        }
    }

    /// As [`try_choose`](Chooser::try_choose), not counted if it is in vain.
    pub(super) fn try_uncounted(&self, request: &Request<'_>) -> Result<Pick, ChooseError> {
        match self.list.try_uncounted(request) {
            Ok(pick) => {
                self.let_go();
                Ok(pick)
            }
            // The list does not run: no name is asked for.
            Err(first) if first.nothing().is_none() => {
                name_of(self.list.name(), request).and(Err(first))
            }
            Err(first) => self.choose_held(request, first, || self.list.try_uncounted(request)),
        }
    }

    /// Adds a name that is held, unless it is in the list, or being added, or the list does not run.
    fn join(&self, hold: &Hold, name: &str) -> Result<(), ChooseError> {
        if !hold.begin_join() {
            return Ok(());
        }
        let failed = self.list.add_if_retaining(crate::identify(name)).err();
        let refusal = failed.as_ref().and_then(|error| Some(error.failures().first()?.kind()));
        if hold.end_join(refusal) {
            self.list.policy().ask_again_for(name);
        }
        refusal.map_or(Ok(()), |kind| Err(self.not_retained(kind.clone())))
    }

    fn not_retained(&self, kind: PeerFailureKind) -> ChooseError {
        let error = ChooseError::of(self.list.name(), ChooseErrorKind::NotRetained);
        match kind {
            PeerFailureKind::Retain(cause) => error.because(cause),
            _ => error,
        }
    }

    /// Lets peers go that are not needed, if there are more than are kept.
    #[inline]
    pub(crate) fn let_go(&self) {
        while self.names.has_spare() && self.list.remove_which(|| self.names.take_spare()) {}
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
        let no_wait = Wait { cancel: wait.cancel, ..Wait::timeout(Duration::ZERO) };
        match self.list.choose_uncounted(request, no_wait) {
            Ok(pick) => {
                self.let_go();
                Ok(pick)
            }
            Err(first) => {
                // However often it begins to wait, it waits no longer than it was asked to.
                let deadline = wait.limit.deadline(Instant::now(), self.default_timeout);
                let limit = deadline.map_or(Wait::forever(), Wait::until);
                let wait = Wait { cancel: wait.cancel, ..limit };
                let choose = || self.list.choose_uncounted(request, wait);
                self.list.counted(self.choose_held(request, first, choose))
            }
        }
    }

    fn try_choose(&self, request: &Request<'_>) -> Result<Pick, ChooseError> {
        self.list.counted(self.try_uncounted(request))
    }

    fn try_again(&self, request: &Request<'_>) -> Result<Pick, ChooseError> {
        self.try_uncounted(request)
    }

    fn waited(&self, ended: Option<ChooseErrorKind>, took: Duration) {
        self.list.waited(ended, took);
    }

    fn notify_ready(&self, request: &Request<'_>, notice: Notice) -> Option<NoticeId> {
        let give = |notice| {
            self.list.give_now(notice, Ready::TryAgain);
            None
        };
        let Ok(name) = name_of(self.list.name(), request) else { return give(notice) };
        let hold = self.names.hold(name);
        if self.join(&hold, name).is_err() {
            drop(hold);
            return give(notice);
        }
        self.let_go();
        let notice = move |ready| {
            // Before the caller comes, which may be from inside the notice.
            drop(hold);
            notice(ready);
        };
        self.list.notify_ready(request, Box::new(notice))
    }

    fn cancel_notice(&self, id: NoticeId) -> bool {
        self.list.cancel_notice(id)
    }

    fn drain(&self, timeout: Option<Duration>) -> Result<(), DrainError> {
        self.list.drain(timeout)
    }

    fn introspect(&self) -> ChooserStatus {
        self.list.introspect()
    }

    fn stats(&self) -> Stats {
        self.list.stats()
    }

    fn name(&self) -> String {
        self.list.name().to_owned()
    }

    fn source_status(&self) -> Option<SourceStatus> {
        None
    }
}

#[cfg(all(test, not(loom)))]
mod tests;
