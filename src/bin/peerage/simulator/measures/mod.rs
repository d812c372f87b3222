//! What came out of a run.
//!
//! `tally.rs` counts while it goes on, and ends as [`Measures`]. `figures.rs` is what tables and
//! checks read of them, averaged over seeds. `trace.rs` keeps what happened when, for plots.

mod figures;
mod tally;
mod trace;

pub(crate) use self::figures::{COLUMNS, Figure, Figures};
pub(crate) use self::tally::{Measures, Tally};
pub(crate) use self::trace::SLICE;
