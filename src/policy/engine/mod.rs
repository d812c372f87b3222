//! What the policies of this crate are made of: the indexes that the roster keeps in step
//! (`roster/index.rs`), and what those are made of.
//!
//! | file | what |
//! |---|---|
//! | `dense` | the available peers without holes: an index for sampling and scanning |
//! | `drawn` | the same for drawing by weight, if weights differ |
//! | `sample` | the loop that draws from it |
//! | `sequence`, `seating` | the peers in turn: an index with a cursor, and how it changes |
//! | `order`, `order_books`, `marks` | the positions of a sequence, with holes, and what leads over them |
//! | `shares` | the peers in turn, each as often as its weight says: an index with a cursor |
//! | `leaves` | the slots by index, with weights: under `drawn` and `shares` |
//! | `levels` | the available peers by load: an index with O(1) choices |
//! | `newcomers` | where a new peer comes in an order |
//! | `keyed` | all members in a table by key, kept in step a batch at a time |
//! | `ring` | such a table: a hash ring |
//! | `maglev` | such a table: even shares |
//! | `room` | how many requests a bound lets each peer have |
//! | `snapshot` | a value that is replaced while it is read |
//! | `names`, `name_table`, `name_record` | all members by name, which of them callers need, and which may go |

mod dense;
mod drawn;
mod keyed;
mod leaves;
mod levels;
mod maglev;
mod marks;
mod name_record;
mod name_table;
mod names;
mod newcomers;
mod order;
mod order_books;
mod ring;
mod room;
mod sample;
mod seating;
mod sequence;
mod shares;
mod snapshot;

pub use self::dense::Dense;
pub(crate) use self::drawn::{ByWeight, Drawn};
pub(crate) use self::levels::Levels;
pub(crate) use self::maglev::MaglevIndex;
pub(crate) use self::names::{Hold, NameIndex, NotPinned};
pub(crate) use self::newcomers::Newcomers;
#[cfg(all(test, loom))]
pub(crate) use self::ring::bed::Bed as RingBed;
pub use self::ring::fingerprint32;
pub(crate) use self::ring::{MAX_OFFSET, Ring, Start};
pub(crate) use self::room::Room;
pub(crate) use self::sample::{Draw, Drawing, sample};
pub(crate) use self::sequence::Sequence;
pub(crate) use self::shares::Shares;
#[cfg(all(test, loom))]
pub(crate) use self::snapshot::Snapshot;
