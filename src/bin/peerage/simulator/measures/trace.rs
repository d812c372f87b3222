//! What happened when.

use hdrhistogram::Histogram;

use crate::simulator::time::{SECOND, Time};

/// The length of a slice of time.
pub(crate) const SLICE: Time = SECOND / 4;

/// Of times: from a microsecond to an hour, to a thousandth.
pub(super) fn histogram() -> Histogram<u64> {
    Histogram::new_with_bounds(1, 3_600_000_000, 3).expect("bounds that can be had")
}

/// A run in slices, and who sent how much to whom.
#[derive(Debug, Default)]
pub(crate) struct Trace {
    pub(crate) slices: Vec<Slice>,
    /// Attempts by client, by server.
    pub(crate) matrix: Vec<Vec<u64>>,
}

/// One slice of time.
#[derive(Debug)]
pub(crate) struct Slice {
    /// Microseconds of the calls that were answered in it.
    pub(crate) latency: Histogram<u64>,
    /// Requests in flight at each server, when it began.
    pub(crate) in_flight: Vec<u32>,
}

impl Trace {
    pub(super) fn new(clients: usize, servers: usize) -> Self {
        Self { slices: vec![], matrix: vec![vec![0; servers]; clients] }
    }

    /// The slice of this moment; `in_flight` is asked when it begins.
    pub(super) fn at(&mut self, now: Time, in_flight: impl Fn() -> Vec<u32>) -> &mut Slice {
        let at = (now / SLICE) as usize;
        while self.slices.len() <= at {
            self.slices.push(Slice { latency: histogram(), in_flight: in_flight() });
        }
        &mut self.slices[at]
    }
}
