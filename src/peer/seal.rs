//! Doors of the peers and policies of this crate, which are shut to others.

/// Only this crate has one, so what takes it can be neither called nor overridden elsewhere.
///
/// ```compile_fail,E0433
/// # use peerage::policy::{Choice, Nothing, Roster};
/// # use peerage::{Policy, Request};
/// #[derive(Debug)]
/// struct Unguarded;
///
/// impl Policy for Unguarded {
///     fn name(&self) -> &str {
///         "unguarded"
///     }
///     fn choose<'r>(&'r self, _: &'r Roster, _: &Request<'_>) -> Choice<'r> {
///         Err(Nothing::Unavailable)
///     }
///     fn may_panic(&self, _: peerage::peer::Seal) -> bool {
///         false
///     }
/// }
/// ```
///
/// ```compile_fail,E0061
/// # fn f(peer: &dyn peerage::Peer) {
/// peer.seat_with();
/// # }
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Seal(pub(crate) ());

/// Where a list has seated a peer, for the C layer, whose peers have data that may be replaced.
pub trait Seat {
    /// Sets the peer's data, and whether picks that are made from now on are recorded.
    #[cfg(feature = "capi")]
    fn set_data(&self, data: usize, watched: bool);

    /// The peer's requests in flight; when there are fewer, the others' use of data is over.
    #[cfg(feature = "capi")]
    fn in_flight(&self) -> u32;
}
