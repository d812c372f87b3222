//! Why a choice found no peer, told afterwards: for callers that got a number and no text.

use std::time::Duration;

use super::peer_list::PeerList;
use super::why::Why;
use crate::error::{ChooseError, ChooseErrorKind, Nothing, Waited};
use crate::policy::Policy;
use crate::request::Request;

/// How a choice ended, as its caller remembers it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ended {
    /// It was not to wait, or the list fails fast, and there was no peer.
    NoPeer,
    TimedOut,
    QueueFull,
    Cancelled,
    Stopped,
    NotRunning,
    NotRetained,
    InvalidRequest,
    PolicyPanicked,
}

impl<P: Policy> PeerList<P> {
    /// The error of a choice that has ended so, as the list looks now. `waited` is `None` for a call
    /// that was not to wait. The policy is asked once more, for its reason; a peer that it has by now
    /// is given back.
    pub(crate) fn explain(
        &self,
        ended: Ended,
        waited: Option<Duration>,
        request: &Request<'_>,
    ) -> ChooseError {
        let shared = &self.core.shared;
        let early = waited.is_none_or(|waited| waited.is_zero());
        let kind = self.kind_of(ended, waited);
        match ended {
            Ended::NoPeer | Ended::TimedOut | Ended::QueueFull => {}
            Ended::Cancelled => {
                let error = shared.error(kind);
                return if early { error.early() } else { error };
            }
            _ => return shared.error(kind),
        }
        let error = match self.pin(request) {
            // The reason is gone.
            Ok(Ok(_) | Err(Why::NotOpen)) => shared.error_without(kind, Nothing::Unavailable),
            Ok(Err(Why::Below(percent))) => shared.error(kind).below(percent),
            Ok(Err(Why::Policy(nothing))) => shared.error_without(kind, nothing),
            Err(error) => error,
        };
        if early { error.early() } else { error }
    }

    /// The case of a choice that has ended so.
    pub(super) fn kind_of(&self, ended: Ended, waited: Option<Duration>) -> ChooseErrorKind {
        let shared = &self.core.shared;
        match ended {
            Ended::NoPeer if waited.is_some() && shared.fail_fast => ChooseErrorKind::FailFast,
            Ended::NoPeer => ChooseErrorKind::NoPeer,
            Ended::TimedOut => ChooseErrorKind::TimedOut(Waited(waited.unwrap_or_default())),
            Ended::QueueFull => shared.queue_full(),
            Ended::Cancelled => ChooseErrorKind::Cancelled,
            Ended::Stopped => ChooseErrorKind::Stopped,
            Ended::NotRunning => ChooseErrorKind::NotRunning(self.state()),
            Ended::NotRetained => ChooseErrorKind::NotRetained,
            Ended::PolicyPanicked => ChooseErrorKind::PolicyPanicked,
            Ended::InvalidRequest => {
                ChooseErrorKind::InvalidRequest("a request of valid texts and lengths")
            }
        }
    }
}
