//! The states that something goes through from its start to its stop.

use std::fmt;

/// The state of something that is started once and stopped once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum State {
    /// Not started yet.
    #[default]
    Idle,
    /// A start is under way.
    Starting,
    /// Started.
    Running,
    /// A stop is under way.
    Stopping,
    /// Stopped, for good.
    Stopped,
}

impl State {
    pub(crate) fn lower(self) -> &'static str {
        match self {
            Self::Idle => "idle",
            Self::Starting => "starting",
            Self::Running => "running",
            Self::Stopping => "stopping",
            Self::Stopped => "stopped",
        }
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}
