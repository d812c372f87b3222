//! One TCP connection, and one request over it.
//!
//! What matters about a failure is whether the server can have seen the request. Before the frame
//! was written whole it cannot, and the request may go to another server. After that nobody knows,
//! and a client that does not know its requests to be repeatable must not repeat them.

use std::io::{self, ErrorKind};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use crate::wire;

const CONNECT: Duration = Duration::from_secs(1);
/// Much longer than any server takes for its queue.
const ANSWER: Duration = Duration::from_secs(2);

#[derive(Debug)]
pub(crate) struct Connection {
    stream: TcpStream,
    body: Vec<u8>,
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
        Ok(Self { stream, body: vec![], epoch })
    }

    /// Whether an idle connection is still good: nothing to read is what it should have. Seen
    /// before a request is sent, a connection that the server has closed costs nothing.
    pub(crate) fn is_open(&self) -> bool {
        let peek = || {
            self.stream.set_nonblocking(true)?;
            let peeked = self.stream.peek(&mut [0]);
            self.stream.set_nonblocking(false)?;
            peeked
        };
        peek().is_err_and(|error| error.kind() == ErrorKind::WouldBlock)
    }

    /// Sends a request and waits for its answer.
    pub(crate) fn exchange(&mut self, number: u64, key: &str) -> Result<(), CallError> {
        wire::write_frame(&mut self.stream, number, key.as_bytes())
            .map_err(|_| CallError::NotSent)?;
        match wire::read_frame(&mut self.stream, &mut self.body) {
            Ok(answered) if answered == number => Ok(()),
            Ok(_) => Err(CallError::Lost),
            Err(error) => match error.kind() {
                ErrorKind::WouldBlock | ErrorKind::TimedOut => Err(CallError::NoAnswer),
                _ => Err(CallError::Lost),
            },
        }
    }
}
