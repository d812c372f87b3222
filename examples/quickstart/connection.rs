//! One request over a connection of the pool.
//!
//! What matters about a failure is whether the server can have seen the request. Before the frame
//! was written whole it cannot, and the request may go to another server. After that it is unknown,
//! and a client that does not know its requests to be repeatable must not repeat them.

use std::io::{self, ErrorKind};
use std::net::TcpStream;
use std::time::Duration;

use peerage::transports::pool::{PoolPeer, Tcp};

const CONNECT: Duration = Duration::from_secs(1);
/// Much longer than any server takes for its queue.
const ANSWER: Duration = Duration::from_secs(2);

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

/// How connections are made.
pub(crate) fn tcp() -> Tcp {
    Tcp::new().with_connect_timeout(CONNECT).with_io_timeout(Some(ANSWER))
}

/// Sends a request to the peer and receives its answer, on an idle connection or a new one.
pub(crate) fn call<A>(
    peer: &PoolPeer<Tcp>,
    send: impl FnOnce(&mut TcpStream) -> io::Result<()>,
    receive: impl FnOnce(&mut TcpStream) -> io::Result<A>,
) -> Result<A, CallError> {
    let connection = peer.checkout().map_err(|_| CallError::NotConnected)?;
    connection.exchange(|stream| exchange(stream, send, receive))
}

/// Sends a request and receives its answer, each as the protocol has it.
pub(crate) fn exchange<A>(
    stream: &mut TcpStream,
    send: impl FnOnce(&mut TcpStream) -> io::Result<()>,
    receive: impl FnOnce(&mut TcpStream) -> io::Result<A>,
) -> Result<A, CallError> {
    send(stream).map_err(|_| CallError::NotSent)?;
    receive(stream).map_err(|error| match error.kind() {
        ErrorKind::WouldBlock | ErrorKind::TimedOut => CallError::NoAnswer,
        _ => CallError::Lost,
    })
}
