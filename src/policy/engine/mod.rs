//! What the policies of this crate are made of: indexes that the roster keeps in step
//! (`roster/index.rs`), and what those are made of.

mod by_name;
mod heap;
mod levels;
mod ring;
mod ring_table;
mod sequence;
mod snapshot;

pub(crate) use self::by_name::ByName;
pub(crate) use self::levels::Levels;
pub(crate) use self::ring::{MAX_OFFSET, Ring, Start};
pub(crate) use self::sequence::Sequence;
#[cfg(all(test, loom))]
pub(crate) use self::snapshot::Snapshot;
