//! How a peer is, as its transport sees it.

use std::fmt;

use crate::error::UnknownConnectionStatus;

/// Whether a peer can take requests, as its transport sees it.
///
/// Names and numbers are those of YARPC's `api/peer`. A list hands out `Available` peers only; the
/// other two differ for people who read a status page, not for the choice.
///
/// ```
/// use peerage::ConnectionStatus;
///
/// assert_eq!(ConnectionStatus::try_from(1), Ok(ConnectionStatus::Connecting));
/// assert_eq!(ConnectionStatus::Available.to_string(), "Available");
/// assert!(ConnectionStatus::try_from(3).is_err());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, PartialOrd, Ord)]
#[repr(u8)]
pub enum ConnectionStatus {
    /// Not connected, and not being connected. What a peer is until its transport says more.
    #[default]
    Unavailable = 0,
    /// A connection attempt is under way.
    Connecting = 1,
    /// Ready for requests.
    Available = 2,
}

impl fmt::Display for ConnectionStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

impl TryFrom<i32> for ConnectionStatus {
    type Error = UnknownConnectionStatus;

    fn try_from(number: i32) -> Result<Self, UnknownConnectionStatus> {
        match number {
            0 => Ok(Self::Unavailable),
            1 => Ok(Self::Connecting),
            2 => Ok(Self::Available),
            _ => Err(UnknownConnectionStatus(number)),
        }
    }
}

/// A peer's state at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Status {
    /// Requests in flight.
    pub pending_request_count: u32,
    /// Whether it can take more.
    pub connection_status: ConnectionStatus,
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{{{} Pending:{}}}", self.connection_status, self.pending_request_count)
    }
}
