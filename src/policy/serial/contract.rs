//! What a serial policy is: the trait.

use std::fmt;

use crate::attributes::Attributes;
use crate::outcome::Finish;
use crate::policy::choice::{AskAgain, Nothing, Watch};
use crate::request::Request;
use crate::slot::Key;

/// A peer that has become available, as a serial policy is told of it.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct PeerInfo<'a> {
    /// Which peer it is. The key of a peer that left the list is not used again for another one
    /// before the policy has been told that the peer is unavailable.
    pub key: Key,
    /// Its identifier.
    pub id: &'a str,
    /// Its requests in flight, from before it became unavailable.
    pub pending: u32,
    /// Its weight, tier, zone and shard.
    pub attributes: &'a Attributes,
}

/// A policy with plain data structures and no thought of threads; wrap it in
/// [`Serial`](super::Serial).
///
/// It is told of every peer that can be chosen, before the next choice; not of one that has come and
/// gone since. Its methods are called one at a time, on the threads that choose, finish and report
/// status changes. It should only compute: the next choice waits for it.
///
/// ```
/// use peerage::policy::{Key, Nothing, PeerInfo, Serial, SerialPolicy};
/// use peerage::Request;
///
/// /// The peer that became available last.
/// #[derive(Debug, Default)]
/// struct Latest(Vec<Key>);
///
/// impl SerialPolicy for Latest {
///     fn name(&self) -> &'static str {
///         "latest"
///     }
///
///     fn available(&mut self, peer: &PeerInfo<'_>) {
///         self.0.push(peer.key);
///     }
///
///     fn unavailable(&mut self, peer: Key) {
///         self.0.retain(|known| *known != peer);
///     }
///
///     fn choose(&mut self, _: &Request<'_>) -> Result<Key, Nothing> {
///         self.0.last().copied().ok_or(Nothing::Unavailable)
///     }
/// }
///
/// let policy = Serial::new(Latest::default());
/// # let _ = policy;
/// ```
pub trait SerialPolicy: Send + fmt::Debug + 'static {
    /// The policy's name, as in status pages and errors.
    fn name(&self) -> &'static str;

    /// A peer has become available, or the attributes of an available one have changed: then it was
    /// unavailable just before.
    fn available(&mut self, peer: &PeerInfo<'_>);

    /// A peer that was available is not any more. It may become so again.
    fn unavailable(&mut self, peer: Key);

    /// Picks one of the available peers. The request is counted when this returns.
    ///
    /// # Errors
    ///
    /// [`Nothing`] says why there is none, and so when a waiting caller asks again.
    fn choose(&mut self, request: &Request<'_>) -> Result<Key, Nothing>;

    /// A request [prefers](Request::with_preferred) `peer`, one of the available peers, and is counted
    /// when this returns `true`. With `false` [`choose`](SerialPolicy::choose) is asked.
    ///
    /// By default the policy is told that the peer is unavailable, and available again with one
    /// request more, which is right for every policy. One that counts requests in a field of its own
    /// may just add one.
    fn preferred(&mut self, peer: &PeerInfo<'_>, request: &Request<'_>) -> bool {
        let _ = request;
        self.unavailable(peer.key);
        self.available(&PeerInfo { pending: peer.pending.saturating_add(1), ..*peer });
        true
    }

    /// A request on `peer`, which may have become unavailable since it was chosen, has ended.
    fn finished(&mut self, peer: Key, finish: Finish) {
        let _ = (peer, finish);
    }

    /// The policy serves a list from now on, and can have its waiting callers ask again. Called
    /// once, before anything else.
    fn attached(&mut self, ask_again: AskAgain) {
        drop(ask_again);
    }

    /// What it wants to hear of each request beside its end, which it is always told. Asked once.
    fn watches(&self) -> Watch {
        Watch::NOTHING
    }
}
