//! What people see of a probed peer.

use std::fmt;
use std::time::Duration;

/// What a [`Probing`](super::Probing) thinks of a peer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ProbeState {
    /// Its first probe has not ended: `Connecting` for a list.
    New,
    /// `Available` for a list.
    Up,
    /// Its probes fail, and it would be down if another peer were up: `Available` for a list.
    Kept,
    /// `Unavailable` for a list.
    Down,
}

impl ProbeState {
    /// Whether a list may choose it.
    #[must_use]
    pub const fn is_available(self) -> bool {
        matches!(self, Self::Up | Self::Kept)
    }
}

impl fmt::Display for ProbeState {
    /// In words.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::New => "not probed yet",
            Self::Up => "up",
            Self::Kept => "failing, kept as the last one",
            Self::Down => "down",
        })
    }
}

/// A peer of a [`Probing`](super::Probing), as [`introspect`](super::Probing::introspect) sees it.
///
/// Prints as one line: `10.0.0.1:80 is up for 3s: connected`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ProbeStatus {
    /// The peer.
    pub identifier: String,
    /// What is thought of it.
    pub state: ProbeState,
    /// How many probes in a row have contradicted that: it is in doubt if there are any.
    pub streak: u32,
    /// How many probes have ended.
    pub probes: u64,
    /// How the last of them ended; empty if none has.
    pub last: String,
    /// For how long it has been in this state.
    pub since: Duration,
    /// When its next probe begins, if no other has to end first; `None`: one is under way, or waits for
    /// the address of its name.
    pub next: Option<Duration>,
}

impl fmt::Display for ProbeStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { identifier, state, since, last, .. } = self;
        let since = Duration::from_millis(since.as_millis() as u64);
        write!(f, "{identifier} is {state} for {since:?}")?;
        if self.streak > 0 {
            write!(f, ", {} to the contrary", self.streak)?;
        }
        if last.is_empty() { Ok(()) } else { write!(f, ": {last}") }
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn a_status_is_a_line() {
        let status = ProbeStatus {
            identifier: "a:80".into(),
            state: ProbeState::Kept,
            streak: 4,
            probes: 9,
            last: "no answer within 1s".into(),
            since: Duration::from_micros(3_000_400),
            next: None,
        };
        let text = "a:80 is failing, kept as the last one for 3s, 4 to the contrary: no answer \
                    within 1s";
        assert_eq!(status.to_string(), text);
        let new = ProbeStatus { state: ProbeState::New, streak: 0, last: String::new(), ..status };
        assert_eq!(new.to_string(), "a:80 is not probed yet for 3s");
    }
}
