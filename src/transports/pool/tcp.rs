//! Connections over TCP.

use std::io::{self, ErrorKind};
use std::net::{SocketAddr, TcpStream, ToSocketAddrs};
use std::time::Duration;

use super::connect::Connect;
use crate::error::TransportError;

/// Makes TCP connections to peers whose names are `host:port`: `10.0.0.1:80`, `[::1]:80`, `db:6379`.
///
/// Names of hosts are resolved by the system for every connection, and each of their addresses is
/// tried in turn. Small writes are sent at once (`TCP_NODELAY`). A connection is used again if it is
/// [quiet](is_quiet).
///
/// ```
/// use std::time::Duration;
/// use peerage::transports::pool::{Connect, Tcp};
///
/// let tcp = Tcp::new().with_connect_timeout(Duration::from_millis(300));
/// assert!(tcp.check("[::1]:80").is_ok());
/// let error = tcp.check("10.0.0.1").unwrap_err();
/// assert_eq!(error.to_string(), "\"10.0.0.1\" has no port: host:port is needed");
/// ```
#[derive(Debug, Clone)]
pub struct Tcp {
    connect: Duration,
    io: Option<Duration>,
}

impl Default for Tcp {
    fn default() -> Self {
        Self::new()
    }
}

impl Tcp {
    /// Connections that are made within a second, whose reads and writes take ten at most.
    #[must_use]
    pub const fn new() -> Self {
        Self { connect: Duration::from_secs(1), io: Some(Duration::from_secs(10)) }
    }

    /// How long connecting to one address may take. Zero is taken for a millisecond.
    #[must_use]
    pub fn with_connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect = timeout.max(Duration::from_millis(1));
        self
    }

    /// How long one read or one write may take; `None` for as long as it likes. Zero is taken for a
    /// millisecond. A connection that ran into it is not used again: its answer may come late.
    #[must_use]
    pub fn with_io_timeout(mut self, timeout: Option<Duration>) -> Self {
        self.io = timeout.map(|timeout| timeout.max(Duration::from_millis(1)));
        self
    }

    fn dial(&self, address: &SocketAddr) -> io::Result<TcpStream> {
        let stream = TcpStream::connect_timeout(address, self.connect)?;
        // On loopback a socket that tries a port without a listener may be given this very port for
        // its own end, and is then connected to itself.
        if stream.local_addr()? == *address {
            return Err(ErrorKind::ConnectionRefused.into());
        }
        stream.set_nodelay(true)?;
        stream.set_read_timeout(self.io)?;
        stream.set_write_timeout(self.io)?;
        Ok(stream)
    }
}

impl Connect for Tcp {
    type Connection = TcpStream;

    fn check(&self, peer: &str) -> Result<(), TransportError> {
        if peer.parse::<SocketAddr>().is_ok() {
            return Ok(());
        }
        let wrong = match peer.rsplit_once(':') {
            None => "has no port",
            Some(("", _)) => "has no host",
            Some((host, _)) if host.contains(':') => "has more than one colon outside of [ ]",
            Some((_, port)) if port.parse::<u16>().is_err() => "has a port that is none",
            Some(_) => return Ok(()),
        };
        Err(format!("{peer:?} {wrong}: host:port is needed").into())
    }

    fn connect(&self, peer: &str) -> Result<TcpStream, TransportError> {
        let mut failure = None;
        for address in peer.to_socket_addrs()? {
            match self.dial(&address) {
                Ok(stream) => return Ok(stream),
                Err(error) => failure = Some(error),
            }
        }
        Err(failure.map_or_else(|| format!("{peer:?} has no address").into(), Into::into))
    }

    fn is_reusable(&self, stream: &mut TcpStream) -> bool {
        is_quiet(stream)
    }
}

/// Returns whether the other side has neither closed the connection nor sent anything: what an idle
/// one should be in a protocol of requests and answers. Does not block; `false` if it cannot be told.
///
/// A server that closes idle connections is seen before a request is lost to it, but for those that
/// it closes at that very moment.
#[must_use]
pub fn is_quiet(stream: &TcpStream) -> bool {
    let peek = || {
        stream.set_nonblocking(true)?;
        let peeked = stream.peek(&mut [0]);
        stream.set_nonblocking(false)?;
        peeked
    };
    peek().is_err_and(|error| error.kind() == ErrorKind::WouldBlock)
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_is_no_address_is_refused_with_what_is_wrong() {
        let said = |name: &str| Tcp::new().check(name).err().map(|error| error.to_string());
        for good in ["127.0.0.1:80", "[::1]:80", "db.example:6379", "[fe80::1%2]:1"] {
            assert_eq!(said(good), None, "{good}");
        }
        for (bad, what) in [
            ("db", "has no port"),
            (":80", "has no host"),
            ("db:", "has a port that is none"),
            ("db:70000", "has a port that is none"),
            ("::1:80", "has more than one colon outside of [ ]"),
        ] {
            assert_eq!(said(bad), Some(format!("{bad:?} {what}: host:port is needed")));
        }
    }
}
