//! Who is in the list.
//!
//! Every member stands in one of three ways, and one table keeps them all:
//!
//! ```text
//!  standing     removed            added             list goes offline   list goes online
//!  Offline      forgotten          a duplicate       –                   → Asking(Seat), is retained
//!  Asking(t)    t = Forget         a duplicate, or   t = WriteDown       t = Seat
//!                                  Again if Forget
//!  Seated(s)    s is released      a duplicate       s is released,      –
//!                                                    → Offline
//! ```
//!
//! A list that uses a [subset](super::slice) does not retain all of its members: those outside are
//! `Offline` although it runs. Who is inside is settled at the end of each update, and a member that
//! gets outside is released as by a list that goes offline.
//!
//! One mutex guards the table and the phase of the list, so that an update never meets a list that is
//! half started: it either comes before the start and is part of it, or after and does its own
//! retaining. Transports are asked with no lock held: a thread that wants a peer gone while another
//! one retains it leaves a note in its standing ([`Then`](standing::Then)), and the retaining thread acts on it.
//!
//! | file | what |
//! |---|---|
//! | `entry` | a member as it goes from hand to hand |
//! | `standing` | how the list stands, and how each member does |
//! | `table` | the table, and what can be read of it |
//! | `update` | one member is added, removed or changed |
//! | `seating` | a retaining thread and its peer |
//! | `online` | all members: the list goes online or offline, or settles its subset |

mod entry;
mod online;
mod seating;
mod standing;
mod table;
mod update;

pub(super) use self::entry::{Alike, Asked, Entry};
pub(super) use self::online::Resliced;
pub(super) use self::seating::Seating;
pub(super) use self::standing::Phase;
pub(super) use self::table::Membership;
pub(super) use self::update::Step;
