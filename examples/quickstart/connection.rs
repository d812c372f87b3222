//! One TCP connection, and one request over it.
//!
//! What matters about a failure is whether the server can have seen the request. Before the frame
//! was written whole it cannot, and the request may go to another server. After that nobody knows,
//! and a client that does not know its requests to be repeatable must not repeat them.

use std::io::{self, ErrorKind};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

const CONNECT: Duration = Duration::from_secs(1);
/// Much longer than any server takes for its queue.
const ANSWER: Duration = Duration::from_secs(2);

#[derive(Debug)]
pub(crate) struct Connection {
    stream: TcpStream,
    /// The peer's count of doubts when this was dialled: an older connection is of the past.
    pub(crate) epoch: u64,
}

/// Why a request got no answer. The first two may be repeated.
#[derive(Debug)]
pub(crate) enum CallError {
    /// No connection could be made.
    NotConnected,
    /// The connection broke before the request was sent.
    NotSent,
    /// It broke afterwards.
    Lost,
    /// It did not break, and there was no answer.
    NoAnswer,
}

impl Connection {
    pub(crate) fn dial(address: SocketAddr, epoch: u64) -> io::Result<Self> {
        let stream = TcpStream::connect_timeout(&address, CONNECT)?;
        // On loopback a socket that tries a port nobody listens on may be given this very port for
        // its own end, and is then connected to itself.
        if stream.local_addr()? == address {
            return Err(ErrorKind::ConnectionRefused.into());
        }
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(ANSWER))?;
        stream.set_write_timeout(Some(ANSWER))?;
        Ok(Self { stream, epoch })
    }

    /// Whether an idle connection is still good: nothing to read is what it should have. Seen
    /// before a request is sent, a connection that the server has closed costs nothing.
    pub(crate) fn is_open(&self) -> bool {
        is_quiet(&self.stream)
    }

    /// Sends a request and receives its answer, each as the protocol has it.
    pub(crate) fn exchange<A>(
        &mut self,
        send: impl FnOnce(&mut TcpStream) -> io::Result<()>,
        receive: impl FnOnce(&mut TcpStream) -> io::Result<A>,
    ) -> Result<A, CallError> {
        send(&mut self.stream).map_err(|_| CallError::NotSent)?;
        receive(&mut self.stream).map_err(|error| match error.kind() {
            ErrorKind::WouldBlock | ErrorKind::TimedOut => CallError::NoAnswer,
            _ => CallError::Lost,
        })
    }
}

/// Whether the other side has neither closed the connection nor sent anything.
pub(crate) fn is_quiet(stream: &TcpStream) -> bool {
    let peek = || {
        stream.set_nonblocking(true)?;
        let peeked = stream.peek(&mut [0]);
        stream.set_nonblocking(false)?;
        peeked
    };
    peek().is_err_and(|error| error.kind() == ErrorKind::WouldBlock)
}
