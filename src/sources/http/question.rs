//! Asks once: a GET that is bounded in every way.

use std::io::Read;
use std::time::Duration;

use ureq::http::header::{CONTENT_ENCODING, ETAG, IF_NONE_MATCH, TRANSFER_ENCODING};
use ureq::http::{HeaderValue, Response, StatusCode};
use ureq::{Agent, Body};

use super::super::contract::SourceError;
use super::super::options::SourceOptions;
use super::super::text::is_json;
use super::fault::{Limits, first_line, of_body, of_question};

/// Longer than any question should take; the HTTP client adds it to a time.
const LONGEST: Duration = Duration::from_secs(7 * 86_400);
const REDIRECTS: u32 = 5;
/// What of an error's page is read.
const PAGE: u64 = 1_024;

pub(super) struct Questions {
    agent: Agent,
    url: String,
    timeout: Duration,
    max_bytes: u64,
}

pub(super) enum Reply {
    /// It is as it was.
    Same,
    Text {
        text: String,
        tag: Option<HeaderValue>,
    },
}

impl Questions {
    /// The error is one of reading certificates.
    pub(super) fn new(url: &str, options: &SourceOptions) -> Result<Self, SourceError> {
        let timeout = options.timeout.min(LONGEST);
        let by_tls = url.starts_with("https:");
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .https_only(by_tls)
            .max_redirects(REDIRECTS)
            .proxy(None)
            .user_agent(concat!("peerage/", env!("CARGO_PKG_VERSION")))
            .accept("text/plain, application/json")
            .max_idle_connections(1)
            .timeout_resolve(Some(timeout))
            .timeout_connect(Some(timeout))
            .timeout_recv_body(Some(timeout));
        #[cfg(feature = "tls")]
        let config =
            if by_tls { config.tls_config(crate::sources::tls::config(options)?) } else { config };
        let agent = config.build().new_agent();
        Ok(Self { agent, url: url.into(), timeout, max_bytes: options.max_bytes })
    }

    /// What ends a question, from another thread; none is asked afterwards.
    pub(super) fn interrupt(&self) -> impl Fn() + Send + Sync + 'static {
        let agent = self.agent.clone();
        move || agent.clone().shutdown()
    }

    /// Asks for something else than what `known` is the tag of, and lets the server wait for it.
    pub(super) fn ask(
        &self,
        known: Option<&HeaderValue>,
        wait: Option<Duration>,
    ) -> Result<Reply, SourceError> {
        let mut request = self.agent.get(&self.url);
        if let Some(tag) = known {
            request = request.header(IF_NONE_MATCH, tag);
        }
        let mut whole = self.timeout;
        if let Some(wait) = wait {
            request = request.header("Prefer", format!("wait={}", wait.as_secs()));
            whole = whole.saturating_add(wait).min(LONGEST);
        }
        let limits = Limits { part: self.timeout, whole };
        let request = request.config().timeout_global(Some(whole)).build();
        let response = request.call().map_err(|error| of_question(error, limits))?;
        match response.status() {
            StatusCode::NOT_MODIFIED if known.is_some() => Ok(Reply::Same),
            StatusCode::OK => {
                let tag = response.headers().get(ETAG).cloned();
                Ok(Reply::Text { text: self.text(response, limits)?, tag })
            }
            _ => Err(refusal(response).into()),
        }
    }

    fn text(&self, mut response: Response<Body>, limits: Limits) -> Result<String, SourceError> {
        if let Some(encoding) = response.headers().get(CONTENT_ENCODING) {
            return Err(format!("the answer has the encoding {encoding:?}; need none").into());
        }
        let says_its_end = response.body().content_length().is_some()
            || response.headers().contains_key(TRANSFER_ENCODING);
        let mut bytes = vec![];
        let mut reader = response.body_mut().as_reader().take(self.max_bytes.saturating_add(1));
        let read = reader.read_to_end(&mut bytes).map_err(|error| of_body(error, limits))?;
        if read as u64 > self.max_bytes {
            return Err(format!("the answer is longer than max-bytes={}", self.max_bytes).into());
        }
        let text = String::from_utf8(bytes).map_err(|error| {
            let at = error.utf8_error().valid_up_to();
            format!("the answer is not UTF-8 at byte {at}, counted from 0")
        })?;
        if !says_its_end && !is_json(&text) {
            return Err("the answer has lines and does not say how long it is: one that is cut \
                        short would look whole; need Content-Length, or JSON"
                .into());
        }
        Ok(text)
    }
}

/// What an answer says that has no peers.
fn refusal(mut response: Response<Body>) -> String {
    let mut page = vec![];
    // What came before an error is of use too.
    let _ = response.body_mut().as_reader().take(PAGE).read_to_end(&mut page);
    let line = first_line(&page);
    let before_line = if line.is_empty() { "" } else { ": " };
    format!("it answers {}{before_line}{line}", response.status())
}
