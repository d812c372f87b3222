//! Drawing from the available peers: the loop that all sampling policies share.
//!
//! A draw can fail in two ways, which are not the same. A peer may have *gone* since the table was
//! read: that is rare, and after a few such misses the last draw is made under the roster's mutex,
//! where nothing moves. Or the compare-exchange may have *lost* to another thread's: that says only
//! that the peer is popular, so another one is drawn, and the last draw takes what it gets without a
//! lock. Lost races alone never lead to the mutex, which many threads would queue for.

use super::dense::Dense;
use crate::policy::choice::{Choice, Nothing};
use crate::policy::contract::DRAWS;
use crate::rng::Rng;
use crate::roster::{Available, Entry, Roster};
use crate::slot::Pinned;

/// What a draw came to.
pub(crate) enum Draw<'r> {
    Pinned(Pinned<'r>),
    /// Another thread was faster at this peer, which can be chosen.
    Lost(Entry<'r>),
    /// The peer cannot be chosen any more.
    Gone,
}

impl<'r> Draw<'r> {
    /// Tries to pin a peer as it was seen.
    #[inline]
    pub(crate) fn of(peer: Option<Entry<'r>>) -> Self {
        let Some(peer) = peer else { return Self::Gone };
        let seen = peer.word();
        if !seen.is_available() {
            return Self::Gone;
        }
        match peer.pin_from(seen) {
            Ok(pinned) => Self::Pinned(pinned),
            Err(_) => Self::Lost(peer),
        }
    }
}

/// A way to draw. Not a closure: one that is called at two places is inlined at both only if it is small,
/// and the method of an implementation whatever its size.
pub(crate) trait Drawing<'r>: Copy {
    /// One draw from the available peers, of which there is at least one.
    fn draw(self, available: Available<'r>, rng: &Rng) -> Draw<'r>;
}

/// Draws until a peer is pinned, or none can be.
#[inline(always)]
pub(crate) fn sample<'r>(
    peers: &'r Dense,
    roster: &'r Roster,
    rng: &Rng,
    drawing: impl Drawing<'r>,
) -> Choice<'r> {
    let available = peers.available(roster);
    if available.is_empty() {
        return Err(Nothing::Unavailable);
    }
    match drawing.draw(available, rng) {
        Draw::Pinned(pinned) => Ok(pinned),
        // Apart, so that the first draw, which nearly every choice is, keeps no state of a loop.
        _ => sample_again(peers, roster, rng, drawing),
    }
}

/// The draws after the first.
#[cold]
#[inline(never)]
fn sample_again<'r>(
    peers: &'r Dense,
    roster: &'r Roster,
    rng: &Rng,
    drawing: impl Drawing<'r>,
) -> Choice<'r> {
    let mut lost = None;
    for _ in 1..DRAWS {
        let available = peers.available(roster);
        if available.is_empty() {
            return Err(Nothing::Unavailable);
        }
        match drawing.draw(available, rng) {
            Draw::Pinned(pinned) => return Ok(pinned),
            Draw::Lost(peer) => lost = Some(peer),
            Draw::Gone => {}
        }
    }
    // The last peer that was only too popular: this takes it however many others want it.
    if let Some(pinned) = lost.and_then(|peer| peer.pin()) {
        return Ok(pinned);
    }
    peers.pin_still(roster, rng.next() as u32 as usize, &[])
}
