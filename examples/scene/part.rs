//! The ten servers and what becomes of each: the scene is the same for all who choose.

use std::sync::OnceLock;
use std::time::{Duration, Instant};

/// What a request to a good server takes on average, with two served at a time.
pub(crate) const SERVICE: Duration = Duration::from_millis(10);
/// As many times longer at the slow one.
const SLOWER: u32 = 5;
pub(crate) const WORKERS: usize = 2;

/// What a server does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    /// Answers.
    Good,
    /// Answers, and takes five times as long.
    Slow,
    /// Answers every request with an error, at once. Its connections are fine.
    Failing,
    /// Answers with errors at first, and then is good.
    Erring,
    /// Is killed early, refuses connections for a while, and then is good.
    Restarting,
}

/// Who is there.
pub(crate) const CAST: [Part; 10] = {
    use Part::{Erring, Failing, Good, Restarting, Slow};
    [Good, Slow, Good, Failing, Good, Erring, Good, Restarting, Good, Good]
};

/// The scene's clock: how long it takes, and when it began.
#[derive(Debug)]
pub(crate) struct Stage {
    pub(crate) total: Duration,
    began: OnceLock<Instant>,
}

impl Stage {
    pub(crate) fn new(total: Duration) -> Self {
        Self { total, began: OnceLock::new() }
    }

    /// The first request is due now.
    pub(crate) fn begin(&self) -> Instant {
        *self.began.get_or_init(Instant::now)
    }

    /// Since the beginning.
    pub(crate) fn now(&self) -> Duration {
        self.began.get().map_or(Duration::ZERO, Instant::elapsed)
    }

    /// When the restarting server is killed.
    pub(crate) fn killed(&self) -> Duration {
        self.total / 10
    }

    /// When the bad ones that become good do.
    pub(crate) fn recovered(&self) -> Duration {
        self.total * 3 / 10
    }

    /// Whether a server answers with an error now.
    pub(crate) fn fails(&self, part: Part) -> bool {
        part == Part::Failing || part == Part::Erring && self.now() < self.recovered()
    }
}

impl Part {
    /// The mean time that a request takes.
    pub(crate) fn service(self) -> Duration {
        if self == Self::Slow { SERVICE * SLOWER } else { SERVICE }
    }
}
