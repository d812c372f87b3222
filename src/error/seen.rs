//! What a list looked like when a choice was given up, in words.

use std::fmt;

use super::nothing::Nothing;

/// What the list looked like at the moment the choice was given up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Seen {
    pub(crate) peers: usize,
    pub(crate) available: usize,
    /// Those that are connected and cannot be chosen for other reasons.
    pub(crate) set_aside: usize,
    /// Milliseconds until one of these is tried again that the list has ejected; 0: it has ejected
    /// none.
    pub(crate) tried_in: u32,
    /// Whether peers were available when the policy was asked last, and it had none of them for the
    /// request. Otherwise those that are available now have become so since.
    pub(crate) declined: bool,
}

impl Seen {
    /// What there is: `has 3 peers but none are responsive`.
    pub(super) fn fmt_counted(self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const ASIDE: &str = "set aside (ejected, draining or outside the subset)";
        match (self.peers, self.available) {
            (0, _) => f.write_str("has no peers"),
            (1, 0) if self.set_aside > 0 => {
                write!(f, "has 1 peer, which is connected but {ASIDE}{}", self.when())
            }
            (peers, 0) if self.set_aside > 0 => {
                let (aside, when) = (self.set_aside, self.when());
                write!(f, "has {peers} peers, {aside} of them connected but {ASIDE}{when}")
            }
            (1, 0) => f.write_str("has 1 peer but it is not responsive"),
            (peers, 0) => write!(f, "has {peers} peers but none are responsive"),
            (1, _) => f.write_str("has 1 peer, which is available"),
            (peers, available) => write!(f, "has {peers} peers, {available} of them available"),
        }
    }

    /// When one of those that are set aside is tried again, if it is known.
    fn when(self) -> String {
        match self.tried_in {
            0 => String::new(),
            millis => {
                let seconds = f64::from(millis) / 1_000.0;
                format!("; the first of them is tried again in {seconds:.1}s")
            }
        }
    }

    /// Why none of those that are available was chosen, if the policy said `nothing`.
    pub(super) fn why_not(self, nothing: Option<Nothing>) -> &'static str {
        match (self.peers, nothing) {
            _ if self.available == 0 => "",
            _ if !self.declined => ", but only now",
            (_, Some(Nothing::NotReady)) => ", but the policy is not ready",
            (1, Some(Nothing::AtCapacity)) => ", but has no place for another request",
            (_, Some(Nothing::AtCapacity)) => ", but none with a place for this request",
            (1, _) => ", but not for this request",
            _ => ", but none for this request",
        }
    }

    /// What a wait is for, if the policy said `nothing`.
    pub(super) fn awaited(self, nothing: Option<Nothing>) -> &'static str {
        match nothing {
            _ if self.peers == 0 => "peers to be added",
            _ if self.available == 0 || !self.declined => "a connection to open",
            Some(Nothing::NotReady) => "the policy",
            Some(Nothing::AtCapacity) => "a request to end",
            _ => "another one",
        }
    }
}
