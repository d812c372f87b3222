//! What can be set on a `Direct`.

use crate::list::ListOptions;
use crate::policy::KEEP;

/// The settings of a [`Direct`](crate::Direct).
///
/// ```
/// use peerage::DirectOptions;
///
/// let options = DirectOptions::new().with_keep(256);
/// assert_eq!(options.keep, 256);
/// ```
#[derive(Debug, Clone)]
pub struct DirectOptions {
    /// How many peers stay retained: see [`with_keep`](DirectOptions::with_keep).
    pub keep: usize,
    /// The settings of the list behind it.
    pub list: ListOptions,
}

impl Default for DirectOptions {
    fn default() -> Self {
        Self { keep: KEEP as usize, list: ListOptions::new() }
    }
}

impl DirectOptions {
    /// The defaults.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets how many peers stay retained although no caller needs them, from 0 (none) to
    /// `usize::MAX` (all of them); 64 by default.
    ///
    /// There are more only while more are needed: by requests in flight, by callers that wait, by
    /// notices that have not been given, and for 5 seconds by a caller that asked for a peer and
    /// did not get it. Those beyond are let go by later choices.
    #[must_use]
    pub fn with_keep(mut self, keep: usize) -> Self {
        self.keep = keep;
        self
    }

    /// Sets the settings of the list behind it.
    #[must_use]
    pub fn with_list(mut self, list: ListOptions) -> Self {
        self.list = list;
        self
    }
}
