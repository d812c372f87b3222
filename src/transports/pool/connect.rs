//! How a connection is made, and whether an idle one may be used again.

use crate::error::TransportError;

/// Makes the connections of a [`Pool`](super::Pool). [`Tcp`](super::Tcp) is one; so is a function from
/// the name of a peer to a connection, whose idle connections are taken for good.
///
/// The pool calls its methods with no lock held, from several threads at once: from those that check
/// connections out, and from a thread of each peer while that peer is not connected. A panic in
/// [`connect`](Connect::connect) counts as its failure.
///
/// ```
/// use std::io;
/// use std::net::TcpStream;
/// use peerage::TransportError;
/// use peerage::transports::pool::{self, Connect, Pool};
///
/// /// TCP that says hello before its first request.
/// struct Greeted(pool::Tcp);
///
/// impl Connect for Greeted {
///     type Connection = TcpStream;
///
///     fn check(&self, peer: &str) -> Result<(), TransportError> {
///         self.0.check(peer)
///     }
///
///     fn connect(&self, peer: &str) -> Result<TcpStream, TransportError> {
///         let mut stream = self.0.connect(peer)?;
///         io::Write::write_all(&mut stream, b"HELLO\r\n")?;
///         Ok(stream)
///     }
///
///     fn is_reusable(&self, stream: &mut TcpStream) -> bool {
///         self.0.is_reusable(stream)
///     }
/// }
///
/// let greeted = Pool::new(Greeted(pool::Tcp::new()));
/// let plain = Pool::new(|peer: &str| TcpStream::connect(peer));
/// # let _ = (greeted, plain);
/// ```
pub trait Connect: Send + Sync + 'static {
    /// What it makes. It is dropped to be closed, with no lock held.
    type Connection: Send + 'static;

    /// Whether `peer` can be the name of one. Called when a list retains the peer; must not block. An
    /// error keeps the peer out of the list. Any name will do by default.
    ///
    /// # Errors
    ///
    /// What is wrong with the name.
    fn check(&self, peer: &str) -> Result<(), TransportError> {
        let _ = peer;
        Ok(())
    }

    /// Makes a connection to the peer of this name, and blocks until it is there or has failed. It
    /// should bound the time: the peer is `Connecting` for so long, and its release waits for nothing
    /// but leaves the thread behind until then.
    ///
    /// # Errors
    ///
    /// Why there is none. The peer becomes `Unavailable`, and is tried again.
    fn connect(&self, peer: &str) -> Result<Self::Connection, TransportError>;

    /// Whether a connection that was idle is as good as a new one. Called before it is handed out;
    /// must not block. `false` closes it, and the next one is looked at. Always `true` by default.
    fn is_reusable(&self, connection: &mut Self::Connection) -> bool {
        let _ = connection;
        true
    }
}

impl<F, C, E> Connect for F
where
    F: Fn(&str) -> Result<C, E> + Send + Sync + 'static,
    C: Send + 'static,
    E: Into<TransportError>,
{
    type Connection = C;

    fn connect(&self, peer: &str) -> Result<C, TransportError> {
        self(peer).map_err(Into::into)
    }
}
