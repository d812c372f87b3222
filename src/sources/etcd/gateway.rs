//! Asks one endpoint, by HTTP.
//!
//! No proxy of the environment is used: `HTTP_PROXY` is meant for the web, not for a cluster's own etcd.
//! No redirect is followed, as the token would go with it.

use std::time::Duration;

use serde_json::Value;
use ureq::http::Response;
use ureq::{Agent, Body, BodyReader};

use super::super::contract::SourceError;
use super::super::options::SourceOptions;
use super::lines::Lines;
use super::login::Login;
use super::message::{object, refusal, shown};

/// What is read of an answer that is an error.
const ERROR_BYTES: u64 = 64 * 1024;

/// What is longer is forever by mistake; the HTTP client adds it to a time.
const LONGEST: Duration = Duration::from_secs(7 * 86_400);

/// A look more often would be a poll.
const LEAST_SILENCE: Duration = Duration::from_millis(10);

/// How long a watch may say nothing before it is asked about, unless `poll` is set.
const SILENCE: Duration = Duration::from_secs(10);

pub(super) type Stream = Lines<BodyReader<'static>>;

pub(super) struct Gateway {
    agent: Option<Agent>,
    options: SourceOptions,
    login: Option<Login>,
    token: Token,
}

/// What a login has given.
enum Token {
    Unknown,
    /// Nothing: etcd has no users.
    Unneeded,
    Is(String),
}

/// Why a question has no answer.
struct Refusal {
    text: String,
    /// It may have one after a new login.
    of_login: bool,
}

impl<E: Into<ureq::Error>> From<E> for Refusal {
    fn from(error: E) -> Self {
        Self { text: error.into().to_string(), of_login: false }
    }
}

impl Gateway {
    pub(super) fn new(options: &SourceOptions, login: Option<Login>) -> Self {
        Self { agent: None, options: options.clone(), login, token: Token::Unknown }
    }

    /// Begins anew: new connections, and certificates as they are now in their files.
    pub(super) fn renew(&mut self, tls: bool) -> Result<(), SourceError> {
        let config = Agent::config_builder();
        let config = config.http_status_as_error(false).max_redirects(0).proxy(None);
        #[cfg(feature = "tls")]
        let config = if tls {
            config.tls_config(crate::sources::tls::config(&self.options)?)
        } else {
            config
        };
        let _ = tls;
        self.agent = Some(config.build().into());
        Ok(())
    }

    /// What ends, from another thread, all that it waits for until it is renewed, but for a connection that
    /// is being made.
    pub(super) fn interrupt(&self) -> impl Fn() + Send + Sync + use<> {
        let agent = self.agent.clone();
        move || agent.iter().for_each(|agent| agent.clone().shutdown())
    }

    /// Logs in again before the next question.
    pub(super) fn forget_login(&mut self) {
        self.token = Token::Unknown;
    }

    /// Asks a question. It takes at most `timeout`, and a login as long again.
    pub(super) fn ask(
        &mut self,
        endpoint: &str,
        path: &str,
        body: &Value,
    ) -> Result<Vec<u8>, SourceError> {
        self.logged_in(endpoint, |gateway| gateway.question(endpoint, path, body))
    }

    /// Begins a watch.
    pub(super) fn watch(&mut self, endpoint: &str, body: &Value) -> Result<Stream, SourceError> {
        let body =
            self.logged_in(endpoint, |gateway| gateway.send(endpoint, "/v3/watch", body, true))?;
        Ok(Lines::new(body.into_reader(), self.options.max_bytes))
    }

    fn logged_in<T>(
        &mut self,
        endpoint: &str,
        ask: impl Fn(&Self) -> Result<T, Refusal>,
    ) -> Result<T, SourceError> {
        let fresh = matches!(self.token, Token::Unknown);
        self.log_in(endpoint)?;
        let refusal = match ask(self) {
            Ok(answer) => return Ok(answer),
            Err(refusal) => refusal,
        };
        if !refusal.of_login {
            return Err(refusal.text.into());
        }
        self.forget_login();
        if self.login.is_none() {
            return Err(format!("{}; it needs a user and a password-file", refusal.text).into());
        }
        if fresh {
            return Err(refusal.text.into());
        }
        // The token has expired, or those who know of it have been restarted.
        self.log_in(endpoint)?;
        Ok(ask(self).map_err(|refusal| refusal.text)?)
    }

    fn log_in(&mut self, endpoint: &str) -> Result<(), SourceError> {
        let (Token::Unknown, Some(login)) = (&self.token, &self.login) else { return Ok(()) };
        let answer = self.question(endpoint, "/v3/auth/authenticate", &login.question()?);
        self.token = match answer {
            Ok(answer) => match object(&answer)?.get("token").and_then(Value::as_str) {
                Some(token) if !token.is_empty() => Token::Is(token.into()),
                _ => return Err("the answer to the login has no \"token\"".into()),
            },
            Err(refusal) if refusal.text.contains("authentication is not enabled") => {
                Token::Unneeded
            }
            Err(refusal) => return Err(format!("the login failed: {}", refusal.text).into()),
        };
        Ok(())
    }

    fn question(&self, endpoint: &str, path: &str, body: &Value) -> Result<Vec<u8>, Refusal> {
        let most = self.options.max_bytes;
        match self.send(endpoint, path, body, false)?.into_with_config().limit(most).read_to_vec() {
            Err(ureq::Error::BodyExceedsLimit(most)) => Err(Refusal {
                text: format!("the answer is longer than max-bytes={most}"),
                of_login: false,
            }),
            answer => Ok(answer?),
        }
    }

    /// Sends a question, and returns the body of its answer.
    fn send(
        &self,
        endpoint: &str,
        path: &str,
        body: &Value,
        endless: bool,
    ) -> Result<Body, Refusal> {
        let none = || Refusal { text: "it has not begun".into(), of_login: false };
        let agent = self.agent.as_ref().ok_or_else(none)?;
        let timeout = Some(self.options.timeout.min(LONGEST));
        let config = agent.post(format!("{endpoint}{path}")).config();
        let config = if endless {
            let silence = self.options.poll.unwrap_or(SILENCE).clamp(LEAST_SILENCE, LONGEST);
            config
                .timeout_resolve(timeout)
                .timeout_connect(timeout)
                .timeout_send_request(timeout)
                .timeout_send_body(timeout)
                .timeout_recv_response(timeout)
                .timeout_per_read(Some(silence))
        } else {
            config.timeout_global(timeout)
        };
        // The gateway hands it on to etcd: a member without a leader is to end a watch.
        let mut request = config.build().header("grpc-metadata-hasleader", "true");
        if let Token::Is(token) = &self.token {
            request = request.header("authorization", token);
        }
        let answer = request.content_type("application/json").send(body.to_string())?;
        if answer.status() == 200 { Ok(answer.into_body()) } else { Err(refused(answer)) }
    }
}

/// Reads why.
fn refused(answer: Response<Body>) -> Refusal {
    let status = answer.status();
    let read = answer.into_body().into_with_config().limit(ERROR_BYTES).read_to_vec();
    let said = read.ok().and_then(|text| object(&text).ok()).unwrap_or_default();
    let reason =
        refusal(&said).or_else(|| status.canonical_reason().map(shown)).unwrap_or_default();
    // Unauthenticated; and what etcd says, as bad requests, of a token that is missing or that was given
    // out before users were changed.
    let of_login = status == 401
        || reason.contains("user name is empty")
        || reason.contains("auth store is old");
    Refusal { text: format!("it refuses, with status {}: {reason}", status.as_u16()), of_login }
}
