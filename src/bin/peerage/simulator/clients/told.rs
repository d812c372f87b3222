//! Which calls are to try again.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use crate::simulator::engine::Id;

/// The calls that were told to try again, in the order in which they were told. Notices of lists
/// may come from anywhere, so it is shared.
#[derive(Debug, Clone, Default)]
pub(crate) struct Told(Arc<Mutex<VecDeque<Id>>>);

impl Told {
    pub(crate) fn tell(&self, call: Id) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push_back(call);
    }

    pub(crate) fn next(&self) -> Option<Id> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).pop_front()
    }
}
