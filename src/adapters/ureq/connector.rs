//! Connections to peers: TCP to the peer's address, TLS as the service, and a mark on what was never
//! sent.
//!
//! ureq's error does not say whether the server can have got the request. But it is here that the
//! address is looked up, the connection made and the first bytes written, so errors of those three are
//! wrapped in [`NotSent`]. A request of which the first write fails is not whole at the server.

use std::fmt;

use ureq::Error;
use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
#[cfg(feature = "tls")]
use ureq::unversioned::transport::RustlsConnector;
use ureq::unversioned::transport::{
    Buffers, ConnectionDetails, Connector, NextTimeout, TcpConnector, Transport,
};

/// An error before the server can have got a whole request.
#[derive(Debug)]
pub(super) struct NotSent(pub(super) Error);

impl fmt::Display for NotSent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for NotSent {}

/// Takes the mark off: the error, and whether it had one.
pub(super) fn unmarked(error: Error) -> (Error, bool) {
    match error {
        Error::Other(inner) => match inner.downcast::<NotSent>() {
            Ok(marked) => (marked.0, true),
            Err(inner) => (Error::Other(inner), false),
        },
        error => (error, false),
    }
}

fn marked(error: Error) -> Error {
    Error::Other(Box::new(NotSent(error)))
}

#[derive(Debug, Default)]
pub(super) struct PeerResolver(DefaultResolver);

impl Resolver for PeerResolver {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, Error> {
        self.0.resolve(uri, config, timeout).map_err(marked)
    }
}

#[derive(Debug)]
pub(super) struct PeerConnector {
    /// A URL of the service: TLS takes its name from there.
    service: Uri,
    tcp: TcpConnector,
    #[cfg(feature = "tls")]
    tls: RustlsConnector,
}

impl PeerConnector {
    pub(super) fn new(service: Uri) -> Self {
        Self {
            service,
            tcp: TcpConnector::default(),
            #[cfg(feature = "tls")]
            tls: RustlsConnector::default(),
        }
    }

    fn open(&self, details: &ConnectionDetails<'_>) -> Result<Option<Box<dyn Transport>>, Error> {
        let Some(plain) = self.tcp.connect(details, None::<()>)? else { return Ok(None) };
        #[cfg(feature = "tls")]
        {
            let named = ConnectionDetails {
                uri: &self.service,
                addrs: details.addrs.clone(),
                config: details.config,
                // Requests change times only, so what the agent has of TLS is kept and used.
                request_level: false,
                resolver: details.resolver,
                now: details.now,
                timeout: details.timeout,
                current_time: details.current_time.clone(),
                run_connector: details.run_connector.clone(),
                register_shutdown: details.register_shutdown.clone(),
            };
            let secure = self.tls.connect(&named, Some(plain))?;
            Ok(secure.map(|secure| Box::new(secure) as _))
        }
        #[cfg(not(feature = "tls"))]
        {
            debug_assert!(self.service.scheme_str() == Some("http"));
            Ok(Some(Box::new(plain)))
        }
    }
}

impl Connector for PeerConnector {
    type Out = Marking;

    fn connect(
        &self,
        details: &ConnectionDetails<'_>,
        _: Option<()>,
    ) -> Result<Option<Marking>, Error> {
        let opened = self.open(details).map_err(marked)?;
        Ok(opened.map(|inner| Marking { inner, is_fresh: true }))
    }
}

/// A connection that marks the failure of a request's first write.
#[derive(Debug)]
pub(super) struct Marking {
    inner: Box<dyn Transport>,
    /// Whether nothing was written since it was made or kept.
    is_fresh: bool,
}

impl Transport for Marking {
    fn buffers(&mut self) -> &mut dyn Buffers {
        self.inner.buffers()
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), Error> {
        let was_fresh = std::mem::take(&mut self.is_fresh);
        let sent = self.inner.transmit_output(amount, timeout);
        if was_fresh { sent.map_err(marked) } else { sent }
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, Error> {
        self.inner.await_input(timeout)
    }

    /// Asked when a request has ended, before the connection is kept, and before it is used again.
    fn is_open(&mut self) -> bool {
        self.is_fresh = true;
        self.inner.is_open()
    }

    fn is_tls(&self) -> bool {
        self.inner.is_tls()
    }
}
