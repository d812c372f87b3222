//! One try: the request with a peer's URL, and what became of it.

use std::time::Duration;

use ureq::http::header::{HOST, HeaderValue};
use ureq::http::{Method, Request, Response, Uri};
use ureq::{Agent, AsSendBody, Body, Error};

use super::connector::unmarked;

/// A try that got no answer.
pub(super) struct Failed {
    pub(super) error: Error,
    /// Whether the server can have got the whole request.
    pub(super) was_sent: bool,
}

/// Sends the request to the peer's URL, and waits for the head of the answer.
pub(super) fn send(
    agent: &Agent,
    request: &Request<&[u8]>,
    to: Uri,
    host: &HeaderValue,
    timeout: Option<Duration>,
) -> Result<Response<Body>, Failed> {
    // An empty body is sent as one only by methods that are expected to have one.
    let method = request.method();
    let has_body =
        !request.body().is_empty() || matches!(*method, Method::POST | Method::PUT | Method::PATCH);
    let run = if has_body {
        run(agent, request, *request.body(), to, host, timeout)
    } else {
        run(agent, request, (), to, host, timeout)
    };
    run.map_err(|error| {
        let (error, not_sent) = unmarked(error);
        Failed { error, was_sent: !not_sent }
    })
}

fn run(
    agent: &Agent,
    request: &Request<&[u8]>,
    body: impl AsSendBody,
    to: Uri,
    host: &HeaderValue,
    timeout: Option<Duration>,
) -> Result<Response<Body>, Error> {
    let mut attempt = Request::new(body);
    *attempt.method_mut() = request.method().clone();
    *attempt.uri_mut() = to;
    *attempt.version_mut() = request.version();
    *attempt.headers_mut() = request.headers().clone();
    attempt.headers_mut().entry(HOST).or_insert_with(|| host.clone());
    let attempt = agent
        .configure_request(attempt)
        .timeout_global(timeout)
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .proxy(None)
        .build();
    agent.run(attempt)
}
