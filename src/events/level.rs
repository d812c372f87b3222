//! How much an event matters.

/// How much a line matters, from the most to the least: a log of one level has those before it too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum LogLevel {
    /// Something failed. No call may have returned it.
    Error = 1,
    /// Members have changed, their status, or who of them serves.
    Info = 2,
    /// A caller waited.
    Debug = 3,
}
