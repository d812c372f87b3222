//! Where the peers of a chooser come from.

use std::time::Duration;

/// How a source has been, since its updater was started.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct SourceStatus {
    /// What it is called: its URI, if it has one.
    pub source: String,
    /// How often it was asked.
    pub attempts: u64,
    /// How often it has answered with peers.
    pub successes: u64,
    /// How often it has not answered.
    pub failures: u64,
    /// How often it has answered with no peers, and those there were have been kept.
    pub empties: u64,
    /// How often its answer has changed the list.
    pub changes: u64,
    /// How many peers the list has by it.
    pub peers: usize,
    /// How long ago its last answer was; `None` if there was none.
    pub age: Option<Duration>,
    /// Why there was no answer the last time; `None` if there was one.
    pub error: Option<String>,
    /// Whether the peers are those of the snapshot file, as it has not answered yet.
    pub is_snapshot: bool,
}
