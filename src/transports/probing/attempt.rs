//! One probe: a connection, and what is said on it.
//!
//! ```text
//!  Connecting ── writable, without an error ─▶ good, if it only connects
//!                                           └▶ Sending ─▶ Reading ── a status line ─▶ good or bad
//! ```
//!
//! Sockets are registered once, for edges: whatever is reported, the probe goes on as far as it can
//! without blocking. How long it takes altogether is the prober's to limit, so a server that trickles
//! is one that does not answer.

use std::io::{self, ErrorKind, Read, Write};
use std::net::SocketAddr;
use std::time::Duration;

use mio::net::TcpStream;
use mio::{Interest, Registry, Token};

use super::expect::Expect;
use super::http::{Said, StatusLine};
use crate::transports::lack::is_of_this_process;

/// How a probe ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Finding {
    Good(Good),
    Bad(String),
    /// There was no connection, and another address may have one.
    Unreachable(String),
    /// This process could not make the probe, which says nothing of the peer.
    Nothing(String),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Good {
    Connected,
    Status(u16),
}

/// What is asked by HTTP.
#[derive(Debug, Clone, Copy)]
pub(super) struct Question<'a> {
    pub(super) request: &'a [u8],
    pub(super) expect: &'a Expect,
}

#[derive(Debug)]
pub(super) struct Attempt {
    stream: TcpStream,
    phase: Phase,
}

#[derive(Debug)]
enum Phase {
    Connecting,
    /// So many bytes of the request are sent.
    Sending(usize),
    Reading(StatusLine),
}

/// One read: a status line and its headers mostly fit, so that nothing is left unread, which would
/// reset the connection.
const READ: usize = 4096;
/// A server may send more and more of what is no end of a line; it must not keep the thread.
const READS: usize = 4;

impl Attempt {
    /// Begins to connect. `asks`: something is said once it is connected.
    pub(super) fn begin(
        registry: &Registry,
        token: Token,
        address: SocketAddr,
        asks: bool,
    ) -> Result<Self, Finding> {
        let mut stream = TcpStream::connect(address).map_err(|error| {
            let text = format!("cannot connect: {error}");
            if is_of_this_process(&error) {
                Finding::Nothing(text)
            } else {
                Finding::Unreachable(text)
            }
        })?;
        let both = Interest::READABLE | Interest::WRITABLE;
        let interest = if asks { both } else { Interest::WRITABLE };
        let registered = registry.register(&mut stream, token, interest);
        registered.map_err(|error| Finding::Nothing(format!("cannot wait: {error}")))?;
        Ok(Self { stream, phase: Phase::Connecting })
    }

    /// Goes on as far as it can. `None`: it has to wait.
    pub(super) fn go_on(&mut self, question: Option<Question<'_>>) -> Option<Finding> {
        if let Phase::Connecting = self.phase {
            match self.connected() {
                Ok(false) => return None,
                Ok(true) => self.phase = Phase::Sending(0),
                Err(error) => return Some(Finding::Unreachable(error)),
            }
        }
        let Some(Question { request, expect }) = question else {
            return Some(Finding::Good(Good::Connected));
        };
        match self.ask(request) {
            Ok(None) => None,
            Ok(Some(status)) if expect.has(status) => Some(Finding::Good(Good::Status(status))),
            Ok(Some(status)) => Some(Finding::Bad(format!("status {status}, not {expect}"))),
            Err(fault) => Some(Finding::Bad(fault)),
        }
    }

    /// What it has waited for in vain.
    pub(super) fn timed_out(&self, timeout: Duration) -> Finding {
        match &self.phase {
            Phase::Connecting => Finding::Bad(format!("no connection within {timeout:?}")),
            Phase::Reading(line) if !line.is_empty() => {
                Finding::Bad(format!("no whole answer within {timeout:?}"))
            }
            Phase::Sending(_) | Phase::Reading(_) => {
                Finding::Bad(format!("no answer within {timeout:?}"))
            }
        }
    }

    /// Whether the connection is there.
    fn connected(&self) -> Result<bool, String> {
        let failed = |error: io::Error| format!("cannot connect: {error}");
        match self.stream.take_error() {
            Ok(None) => {}
            Ok(Some(error)) | Err(error) => return Err(failed(error)),
        }
        let peer = match self.stream.peer_addr() {
            Ok(peer) => peer,
            // An event too early: there is another one.
            Err(error) if error.kind() == ErrorKind::NotConnected => return Ok(false),
            Err(error) => return Err(failed(error)),
        };
        // A port of this machine without a server may be drawn for the connection's own end: it is then
        // connected to itself.
        if peer.ip().is_loopback() && self.stream.local_addr().is_ok_and(|local| local == peer) {
            return Err("cannot connect: it was connected to itself, so there is no server".into());
        }
        Ok(true)
    }

    /// Sends what is left of the request, and reads up to the end of the first line.
    fn ask(&mut self, request: &[u8]) -> Result<Option<u16>, String> {
        while let Phase::Sending(sent) = &mut self.phase {
            match self.stream.write(&request[*sent..]) {
                Ok(0) => return Err("the connection takes no request".into()),
                Ok(more) => *sent += more,
                Err(error) if is_early(&error) => return Ok(None),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(format!("cannot send: {error}")),
            }
            if *sent == request.len() {
                self.phase = Phase::Reading(StatusLine::default());
            }
        }
        let Phase::Reading(line) = &mut self.phase else { return Ok(None) };
        let mut bytes = [0; READ];
        for _ in 0..READS {
            match self.stream.read(&mut bytes) {
                Ok(0) => return Err("it closed the connection without an answer".into()),
                Ok(read) => match line.hear(&bytes[..read]) {
                    Said::Nothing => {}
                    Said::Status(status) => return Ok(Some(status)),
                    Said::Wrong(fault) => return Err(fault.into()),
                },
                Err(error) if is_early(&error) => return Ok(None),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(format!("cannot read: {error}")),
            }
        }
        Err("it answers in pieces that are too small".into())
    }
}

fn is_early(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::NotConnected)
}

#[cfg(all(test, not(loom)))]
mod tests;
