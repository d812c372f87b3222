//! Why there is no answer.

use thiserror::Error;

use crate::error::ChooseError;

/// Why a request of a [`Balanced`](super::Balanced) got no answer. A status of the server's, 503 say,
/// is an answer.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum CallError {
    /// The request cannot be sent by this client; nothing was.
    #[error("the request can't be sent: {0}")]
    Request(String),
    /// No peer could be chosen for the first try; nothing was sent.
    #[error(transparent)]
    Choose(#[from] ChooseError),
    /// The last try failed, and there was no further one.
    #[error(
        "no answer from {peer:?}, the {tries}. peer that was tried{}: {source}",
        if *.may_be_done { "; it may have done what was asked" } else { "" }
    )]
    Failed {
        /// The peer of the last try.
        peer: String,
        /// How many peers were tried.
        tries: usize,
        /// Whether any of them may have got the whole request, and so have done what it asks for.
        may_be_done: bool,
        /// What ureq says.
        source: ureq::Error,
    },
}
