//! A connection that is in use.

use std::fmt;
use std::io::{self, ErrorKind, Read, Write};
use std::ops::{Deref, DerefMut};
use std::sync::Arc;
use std::thread;

use super::connect::Connect;
use super::home::Home;
use super::idle::Held;

/// A connection that was checked out, until it is dropped: then the next request may have it.
///
/// It must be at the end of an exchange by then: an answer that was not read would be taken for the
/// next one's. So three things close it instead:
///
/// * a read or write *through it* that fails or meets the end of the stream, which also doubts the
///   peer; `Read` and `Write` of the connection itself, behind `*connection`, are not watched;
/// * [`fail`](Pooled::fail), which doubts the peer, and [`close`](Pooled::close), which does not;
/// * a panic.
///
/// [`exchange`](Pooled::exchange) does the right one by the result of a function, and is the safest.
/// It may be used and dropped on any thread, also after its peer has left the list.
pub struct Pooled<C: Connect> {
    /// Taken when it is dropped.
    held: Option<Held<C::Connection>>,
    home: Arc<Home<C>>,
    was_idle: bool,
    broken: bool,
}

impl<C: Connect> Pooled<C> {
    pub(super) fn new(held: Held<C::Connection>, home: Arc<Home<C>>, was_idle: bool) -> Self {
        Self { held: Some(held), home, was_idle, broken: false }
    }

    /// Has `exchange` send a request and receive the answer. After `Ok` the connection goes back to
    /// the pool; after `Err` it is closed and the peer is doubted, whatever the error.
    ///
    /// # Errors
    ///
    /// Those of `exchange`.
    pub fn exchange<A, E>(
        mut self,
        exchange: impl FnOnce(&mut C::Connection) -> Result<A, E>,
    ) -> Result<A, E> {
        let answer = exchange(&mut self);
        self.broken |= answer.is_err();
        answer
    }

    /// The peer's name.
    #[must_use]
    pub fn peer(&self) -> &str {
        &self.home.peer
    }

    /// Whether it has served before: the server may have closed it at the moment it was checked out,
    /// so that a request which fails on it before the first byte of an answer may not be the peer's
    /// fault.
    #[must_use]
    pub fn was_idle(&self) -> bool {
        self.was_idle
    }

    /// Closes it, and says nothing about the peer: its request was given up, say.
    pub fn close(mut self) {
        drop(self.held.take());
    }

    /// Closes it and doubts its peer, which is `Connecting` from now on: no list picks it until a
    /// new connection is there. Its idle connections are closed too.
    pub fn fail(mut self) {
        self.broken = true;
    }

    fn watched<A>(&mut self, result: io::Result<A>) -> io::Result<A> {
        self.broken |= result.as_ref().is_err_and(|error| error.kind() != ErrorKind::Interrupted);
        result
    }
}

const HELD: &str = "it is taken only when the connection is dropped";

impl<C: Connect> Deref for Pooled<C> {
    type Target = C::Connection;

    fn deref(&self) -> &C::Connection {
        &self.held.as_ref().expect(HELD).connection
    }
}

impl<C: Connect> DerefMut for Pooled<C> {
    fn deref_mut(&mut self) -> &mut C::Connection {
        &mut self.held.as_mut().expect(HELD).connection
    }
}

impl<C: Connect> Read for Pooled<C>
where
    C::Connection: Read,
{
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let read = (**self).read(buf);
        self.broken |= matches!(read, Ok(0)) && !buf.is_empty();
        self.watched(read)
    }
}

impl<C: Connect> Write for Pooled<C>
where
    C::Connection: Write,
{
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        let written = (**self).write(buf);
        self.watched(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        let flushed = (**self).flush();
        self.watched(flushed)
    }
}

impl<C: Connect> Drop for Pooled<C> {
    fn drop(&mut self) {
        let Some(held) = self.held.take() else { return };
        if self.broken {
            self.home.doubt(Some(held.epoch));
        } else if !thread::panicking() {
            self.home.put_back(held);
        }
    }
}

impl<C: Connect> fmt::Debug for Pooled<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pooled")
            .field("peer", &self.peer())
            .field("was_idle", &self.was_idle)
            .field("broken", &self.broken)
            .finish()
    }
}
