//! How a request ended.

/// How a request ended, as the one who sent it sees it.
///
/// # When does a request end?
///
/// When the peer has nothing more to do for it: for a unary call, when the response has arrived or
/// the call was given up; for a stream, when the stream is closed. Until then it counts as pending.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Outcome {
    /// The peer answered.
    Success = 0,
    /// The peer failed: no connection, a broken one, an error that is its fault, no answer in time.
    Failure = 1,
    /// The peer refused because it has too much to do.
    Overloaded = 2,
    /// The caller gave up. Says nothing about the peer.
    Cancelled = 3,
    /// The request was never sent. Says nothing about the peer.
    NotSent = 4,
    /// The pick was dropped without [`finish`](Pick::finish).
    Abandoned = 5,
}
