//! Events as lines of the crate `log`.

use crate::events::{Event, LogLevel, Observer};
use crate::line::Name;

/// Logs each event as a line, `NAME: EVENT`, with the level that [`Event::level`] says.
///
/// ```
/// use std::sync::Arc;
/// use peerage::ListOptions;
/// use peerage::observers::Log;
///
/// let options = ListOptions::new().with_observer(Arc::new(Log::new()));
/// # let _ = options;
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Log {
    target: &'static str,
}

impl Default for Log {
    fn default() -> Self {
        Self::new()
    }
}

impl Log {
    /// With the target `peerage`, by which loggers filter.
    #[must_use]
    pub const fn new() -> Self {
        Self { target: "peerage" }
    }

    /// Sets the target.
    #[must_use]
    pub const fn with_target(mut self, target: &'static str) -> Self {
        self.target = target;
        self
    }
}

impl Observer for Log {
    fn observe(&self, list: &str, event: &Event<'_>) {
        let level = match event.level() {
            LogLevel::Error => ::log::Level::Error,
            LogLevel::Info => ::log::Level::Info,
            LogLevel::Debug => ::log::Level::Debug,
        };
        ::log::log!(target: self.target, level, "{}: {event}", Name(list));
    }
}
