//! What each policy does to lines that cores share, in order: from the code, and as
//! `peerage-limits lines` sees it (benches/limits/README.md).
//!
//! Lines that are written only when a peer changes are left out: every core has its own copy, and what
//! they cost is in the time that one thread takes.

use Step::{Lock, Look, Nodes, Note, Pin, Turn, Unlock, Unpin, Work, Write};

/// One step of a request.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Step {
    /// So much of what one thread takes, in hundredths.
    Work(u32),
    /// Draws so many slots and reads them, at one time.
    Look(usize),
    /// Writes one of those that were read.
    Pin,
    /// The next slot in turn, by adding to the cursor, is read and written.
    Turn,
    /// Writes the slot that was written before.
    Unpin,
    /// Waits for the lock, whose line is written.
    Lock,
    Unlock,
    /// Writes the line of the lock, without it.
    Note,
    /// Writes so many lines, one after the other: the same for all requests.
    Write(usize),
    /// Writes so many lines of those that the books have, one for each peer.
    Nodes(usize),
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Shares {
    pub(crate) name: &'static str,
    pub(crate) steps: &'static [Step],
}

/// The lines of the books of `fewest-pending-requests` that every choice writes, besides that of the lock
/// and those of the peers.
const BOOKS: usize = 3;
/// The peers whose entries there are written: the one that is chosen and its neighbours in two orders.
const NEIGHBOURS: usize = 3;

/// Not a policy: additions to one line without a break.
pub(crate) const ONE_LINE: Shares = Shares { name: "one line", steps: &[Write(1), Work(100)] };

pub(crate) const POLICIES: [Shares; 5] = [
    Shares { name: "random", steps: &[Look(1), Pin, Work(100), Unpin] },
    Shares { name: "two-random-choices", steps: &[Look(2), Pin, Work(100), Unpin] },
    // A finish notes the peer for the next choice, on a line that all threads have.
    Shares { name: "least-loaded", steps: &[Look(2), Pin, Work(100), Write(1), Unpin] },
    Shares { name: "round-robin", steps: &[Turn, Work(100), Unpin] },
    Shares {
        name: "fewest-pending-requests",
        // The end is written down on the line of the lock.
        steps: &[
            Lock,
            Write(BOOKS),
            Nodes(NEIGHBOURS),
            Look(1),
            Pin,
            Work(50),
            Unlock,
            Work(50),
            Note,
            Unpin,
        ],
    },
];
