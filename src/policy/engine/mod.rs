//! What the policies of this crate are made of: the indexes that the roster keeps in step
//! (`roster/index.rs`), and what those are made of.
//!
//! | file | what |
//! |---|---|
//! | `dense` | the available peers without holes: an index for sampling and scanning |
//! | `sample` | the loop that draws from it |
//! | `sequence` | the available peers in turn: an index with a cursor |
//! | `levels`, `heap` | the available peers by load: an index with O(1) choices |
//! | `ring`, `ring_table`, `snapshot` | all members on a hash ring, and a value that is replaced while it is read |
//! | `names` | all members by name |

mod dense;
mod heap;
mod levels;
mod names;
mod ring;
mod ring_table;
mod sample;
mod sequence;
mod snapshot;

pub use self::dense::Dense;
pub(crate) use self::levels::Levels;
pub(crate) use self::names::NameIndex;
pub(crate) use self::ring::{MAX_OFFSET, Ring, Start};
pub(crate) use self::sample::{Draw, sample};
pub(crate) use self::sequence::Sequence;
#[cfg(all(test, loom))]
pub(crate) use self::snapshot::Snapshot;
