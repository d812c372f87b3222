//! What a caller knows of how a request ended.

use std::time::Duration;

use super::checked;
use super::pick::peerage_pick;
use super::sized::{SizeFirst, read_sized};
use super::status::{PEERAGE_ERR_INVALID_ARGUMENT, PEERAGE_ERR_NULL_POINTER, peerage_status};
use super::types::{
    PEERAGE_LATENCY_UNKNOWN, PEERAGE_OUTCOME_ABANDONED, PEERAGE_OUTCOME_CANCELLED,
    PEERAGE_OUTCOME_FAILURE, PEERAGE_OUTCOME_NOT_SENT, PEERAGE_OUTCOME_OVERLOADED,
    PEERAGE_OUTCOME_SUCCESS, peerage_outcome,
};
use crate::{Finish, Outcome};

/// How a request ended, for peerage_pick_finish_with. Begin with `PEERAGE_FINISH_INIT`.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct peerage_finish {
    /// The size of this struct.
    pub size: usize,
    /// How it ended.
    pub outcome: peerage_outcome,
    /// How long it took, in nanoseconds, or `PEERAGE_LATENCY_UNKNOWN`.
    pub latency_ns: i64,
    /// How many requests the peer had in flight when it answered, of all clients and as its answer
    /// says, or -1: what `least-reported` goes by.
    pub in_flight: i64,
}

// SAFETY: it begins with its size, and all zeros is one.
unsafe impl SizeFirst for peerage_finish {}

impl peerage_finish {
    pub(super) const ABANDONED: Self = Self {
        size: size_of::<Self>(),
        outcome: PEERAGE_OUTCOME_ABANDONED,
        latency_ns: PEERAGE_LATENCY_UNKNOWN,
        in_flight: -1,
    };

    /// All fields are of the first version of the struct, so none may be missing.
    ///
    /// # Safety
    ///
    /// As for [`read_sized`].
    pub(super) unsafe fn read(given: *const Self) -> Result<Self, peerage_status> {
        // SAFETY: by contract of the caller.
        let read = unsafe { read_sized(given) }?;
        let whole = read.size >= size_of::<Self>();
        whole.then_some(read).ok_or(PEERAGE_ERR_INVALID_ARGUMENT)
    }

    /// `None`: a number is out of its range.
    pub(super) fn checked(&self) -> Option<Finish> {
        let mut finish = Finish::new(outcome_of(self.outcome)?);
        if self.latency_ns < PEERAGE_LATENCY_UNKNOWN || self.in_flight < -1 {
            return None;
        }
        finish.latency = u64::try_from(self.latency_ns).ok().map(Duration::from_nanos);
        let in_flight = u64::try_from(self.in_flight).ok();
        finish.in_flight = in_flight.map(|number| number.try_into().unwrap_or(u32::MAX));
        Some(finish)
    }

    /// The same with what is in its range.
    fn mended(&self) -> Finish {
        let known = outcome_of(self.outcome).is_some();
        let outcome = if known { self.outcome } else { PEERAGE_OUTCOME_ABANDONED };
        let latency_ns = self.latency_ns.max(PEERAGE_LATENCY_UNKNOWN);
        let mended = Self { outcome, latency_ns, in_flight: self.in_flight.max(-1), ..*self };
        mended.checked().unwrap_or(Finish::new(Outcome::Abandoned))
    }
}

#[cold]
#[inline(never)]
pub(super) unsafe fn finish_slowly(
    pick: *mut peerage_pick,
    said: &peerage_finish,
) -> peerage_status {
    checked(|| {
        // SAFETY: pointers as the header demands.
        let pick = unsafe { pick.as_mut() }.ok_or(PEERAGE_ERR_NULL_POINTER)?.take()?;
        let finish = said.checked();
        pick.finish(finish.unwrap_or_else(|| said.mended()));
        finish.map(|_| ()).ok_or(PEERAGE_ERR_INVALID_ARGUMENT)
    })
}

fn outcome_of(number: peerage_outcome) -> Option<Outcome> {
    Some(match number {
        PEERAGE_OUTCOME_SUCCESS => Outcome::Success,
        PEERAGE_OUTCOME_FAILURE => Outcome::Failure,
        PEERAGE_OUTCOME_OVERLOADED => Outcome::Overloaded,
        PEERAGE_OUTCOME_CANCELLED => Outcome::Cancelled,
        PEERAGE_OUTCOME_NOT_SENT => Outcome::NotSent,
        PEERAGE_OUTCOME_ABANDONED => Outcome::Abandoned,
        _ => return None,
    })
}
