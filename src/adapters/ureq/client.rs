//! The client, as a program sees it.

use std::fmt;
use std::sync::Arc;
use std::time::Instant;

use ureq::http::header::HeaderValue;
use ureq::http::{self, Response};
use ureq::{Agent, Body};

use super::connector::{PeerConnector, PeerResolver};
use super::error::CallError;
use super::means::Means;
use super::options::BalancedOptions;
use super::service::Service;
use super::tries::{Plan, Tries};
use crate::chooser::Chooser;
use crate::request::Request;

/// An HTTP client of one service, whose requests go to the peers that a chooser picks.
///
/// ```
/// use std::sync::Arc;
/// use peerage::adapters::ureq::Balanced;
/// use peerage::policy::RoundRobin;
/// use peerage::transports::Always;
/// use peerage::{Lifecycle, List, ListOptions, ListUpdates, PeerList};
/// # use std::io::{Read, Write};
/// # let server = std::net::TcpListener::bind("127.0.0.1:0")?;
/// # let address = server.local_addr()?.to_string();
/// # std::thread::spawn(move || {
/// #     for mut stream in server.incoming().flatten() {
/// #         let _ = stream.read(&mut [0; 1024]);
/// #         let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nme");
/// #     }
/// # });
///
/// let list = PeerList::new(RoundRobin::new(), Always::new(), ListOptions::new());
/// list.start()?;
/// list.update(ListUpdates::adding([address]))?;
///
/// let users = Balanced::new("http://users", Arc::new(list))?;
/// let mut answer = users.get("/who")?;
/// assert_eq!(answer.status(), 200);
/// assert_eq!(answer.body_mut().read_to_string()?, "me");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// The names of peers are `host:port`; without a port it is the scheme's. The header `Host` is the
/// service's unless the request has one. With `https://` (feature `tls`) the connection goes to the
/// peer, and its certificate is checked for the name of the service.
///
/// # When a request ends
///
/// It is in flight until its body has been read to the end or is dropped: drop answers that are not
/// wanted. It ends as `Overloaded` for the statuses 429 and 503, as `Failure` for other 5xx and when the
/// peer cannot be reached, breaks off or does not answer in time, as `Cancelled` when a body is dropped
/// unread, and else as `Success`. Its latency is the time to the head of the answer: how fast the body
/// is read is the caller's affair.
///
/// # When it is sent again
///
/// To a peer that it was not sent to yet, up to a [number of tries](BalancedOptions::with_tries), within
/// the request's time. A request of any method is, if the peer cannot have got all of it; one of an
/// idempotent method also if the peer broke off, timed out, or answered 502, 503 or 504. If no further try
/// can be made, the last answer or error is the result.
///
/// Redirects are answers: their `Location` may be of another service.
///
/// Any thread may use it, at the same time as others. Calls block.
pub struct Balanced(Means);

impl Balanced {
    /// A client of `service`, `http://NAME` or `https://NAME` with a port if there is one, with the
    /// usual [options](BalancedOptions::new). The name need not be one of DNS.
    ///
    /// # Errors
    ///
    /// [`CallError::Request`] if `service` is none, or needs TLS that is not built in.
    pub fn new(service: &str, chooser: Arc<dyn Chooser>) -> Result<Self, CallError> {
        Self::with_options(service, chooser, BalancedOptions::new())
    }

    /// The same with options of your own.
    ///
    /// # Errors
    ///
    /// As [`new`](Balanced::new).
    pub fn with_options(
        service: &str,
        chooser: Arc<dyn Chooser>,
        options: BalancedOptions,
    ) -> Result<Self, CallError> {
        let service = Service::new(service)?;
        let host = HeaderValue::from_str(service.authority());
        let host = host.map_err(|error| CallError::Request(error.to_string()))?;
        let connector = PeerConnector::new(service.root());
        let agent = Agent::with_parts(options.config.clone(), connector, PeerResolver::default());
        Ok(Self(Means { service, host, chooser, agent, options }))
    }

    /// Sends `GET` for a path, `/users/7?full`, and waits for the head of the answer.
    ///
    /// # Errors
    ///
    /// As [`call`](Balanced::call).
    pub fn get(&self, path: &str) -> Result<Response<Body>, CallError> {
        let request = http::Request::get(path).body("");
        self.call(&request.map_err(|error| CallError::Request(error.to_string()))?)
    }

    /// Sends a request, and waits for the head of the answer. Its URI is a path, or a URL of the
    /// service; its body is bytes or text, `""` for none.
    ///
    /// # Errors
    ///
    /// [`CallError`]. An answer of any status is none.
    pub fn call(
        &self,
        request: &http::Request<impl AsRef<[u8]>>,
    ) -> Result<Response<Body>, CallError> {
        self.call_as(request, &Request::new())
    }

    /// The same for a request of which the policy is to know more: its shard key, say, or peers to
    /// avoid.
    ///
    /// # Errors
    ///
    /// As [`call`](Balanced::call).
    pub fn call_as(
        &self,
        request: &http::Request<impl AsRef<[u8]>>,
        wishes: &Request<'_>,
    ) -> Result<Response<Body>, CallError> {
        let path = self.0.service.path(request.uri())?;
        let mut bytes = http::Request::new(request.body().as_ref());
        *bytes.method_mut() = request.method().clone();
        *bytes.version_mut() = request.version();
        *bytes.headers_mut() = request.headers().clone();
        let deadline = self.0.options.timeout.and_then(|most| Instant::now().checked_add(most));
        let plan = Plan { request: &bytes, path, wishes, deadline };
        Tries::new(&self.0, plan).run()
    }
}

impl fmt::Debug for Balanced {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Balanced")
            .field("service", &self.0.service)
            .field("options", &self.0.options)
            .finish_non_exhaustive()
    }
}
