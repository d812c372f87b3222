//! The tries of one request: choose, send, and whether to go on.

use std::time::{Duration, Instant};

use ureq::Body;
use ureq::http::uri::PathAndQuery;
use ureq::http::{Request as HttpRequest, Response, StatusCode};

use super::attempt::{Failed, send};
use super::body::holding;
use super::error::CallError;
use super::means::Means;
use crate::error::ChooseError;
use crate::outcome::{Finish, Outcome};
use crate::request::Request;
use crate::slot::Pick;
use crate::wait::Wait;

/// What is to be sent, and until when.
pub(super) struct Plan<'a> {
    pub(super) request: &'a HttpRequest<&'a [u8]>,
    pub(super) path: PathAndQuery,
    pub(super) wishes: &'a Request<'a>,
    pub(super) deadline: Option<Instant>,
}

pub(super) struct Tries<'a> {
    means: &'a Means,
    plan: Plan<'a>,
    /// The peers that the request was sent to, in this order.
    tried: Vec<String>,
    /// Whether one of them may have got it whole.
    may_be_done: bool,
    last: Option<Last>,
}

/// What the last try came to: the result, if there is no further one.
enum Last {
    Answer(Response<Body>),
    Error(ureq::Error),
}

/// A status that says that another peer may do better.
fn is_of_the_peer(status: StatusCode) -> bool {
    matches!(
        status,
        StatusCode::BAD_GATEWAY | StatusCode::SERVICE_UNAVAILABLE | StatusCode::GATEWAY_TIMEOUT
    )
}

impl<'a> Tries<'a> {
    pub(super) fn new(means: &'a Means, plan: Plan<'a>) -> Self {
        Self { means, plan, tried: Vec::new(), may_be_done: false, last: None }
    }

    pub(super) fn run(mut self) -> Result<Response<Body>, CallError> {
        loop {
            let chosen = self.choose();
            let pick = match chosen {
                Ok(Some(pick)) => pick,
                Ok(None) => return self.end(),
                Err(error) if self.last.is_none() => return Err(error.into()),
                Err(_) => return self.end(),
            };
            if self.attempt(pick)? {
                return self.end();
            }
        }
    }

    /// A peer that was not tried yet; `None` if only such are left that were.
    fn choose(&self) -> Result<Option<Pick>, ChooseError> {
        let avoid: Vec<&str> =
            self.plan.wishes.avoid().iter().copied().chain(self.tried()).collect();
        let wishes = self.plan.wishes.with_avoid(&avoid);
        // A retry has an answer already, if a bad one: it does not wait for a better one.
        let most = match self.last {
            None => self.means.options.choose_timeout,
            Some(_) => Duration::ZERO,
        };
        let wait = Wait::timeout(self.left().map_or(most, |left| left.min(most)));
        let pick = self.means.chooser.choose(&wishes, wait)?;
        if self.tried().any(|tried| tried == pick.identifier()) {
            pick.finish(Outcome::NotSent);
            return Ok(None);
        }
        Ok(Some(pick))
    }

    fn tried(&self) -> impl Iterator<Item = &str> {
        self.tried.iter().map(String::as_str)
    }

    /// What is left of the request's time; `None` if there is no limit.
    fn left(&self) -> Option<Duration> {
        self.plan.deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()))
    }

    /// Sends it to the peer. Whether that was the last try.
    fn attempt(&mut self, pick: Pick) -> Result<bool, CallError> {
        let means = self.means;
        let to = means.service.at_peer(pick.identifier(), self.plan.path.clone());
        let to = match to {
            Ok(to) => to,
            Err(what) => {
                pick.finish(Outcome::NotSent);
                return Err(CallError::Request(what));
            }
        };
        self.tried.push(pick.identifier().to_owned());
        let left = self.left();
        let timeout = left.into_iter().chain(means.options.try_timeout).min();
        let began = Instant::now();
        let sent = send(&means.agent, self.plan.request, to, &means.host, timeout);
        let latency = began.elapsed();
        let may_repeat = self.plan.request.method().is_idempotent();
        let may_go_on = match sent {
            Ok(answer) => {
                let status = answer.status();
                let answer = holding(answer, self.plan.request.method(), pick, latency);
                self.may_be_done = true;
                // The answer before is dropped here, and its pick finished.
                self.last = Some(Last::Answer(answer));
                may_repeat && is_of_the_peer(status)
            }
            Err(Failed { error, was_sent }) => {
                let is_of_the_request = is_of_the_request(&error);
                if is_of_the_request {
                    pick.finish(Outcome::NotSent);
                } else {
                    if let Some(tell) = &means.options.on_failure {
                        tell(pick.identifier());
                    }
                    pick.finish(Finish::new(Outcome::Failure).with_latency(latency));
                }
                self.may_be_done |= was_sent && !is_of_the_request;
                self.last = Some(Last::Error(error));
                (may_repeat || !was_sent) && !is_of_the_request
            }
        };
        let is_over = self.left().is_some_and(|left| left.is_zero());
        Ok(!may_go_on || is_over || self.tried.len() >= means.options.tries)
    }

    fn end(mut self) -> Result<Response<Body>, CallError> {
        match self.last.take() {
            Some(Last::Answer(answer)) => Ok(answer),
            Some(Last::Error(source)) => Err(CallError::Failed {
                peer: self.tried.pop().unwrap_or_default(),
                tries: self.tried.len() + 1,
                may_be_done: self.may_be_done,
                source,
            }),
            None => Err(CallError::Request("it was sent to no peer".into())),
        }
    }
}

/// Whether ureq refused the request itself, and no peer is to blame.
fn is_of_the_request(error: &ureq::Error) -> bool {
    use ureq::Error::{BadUri, BodyExceedsLimit, Http, RequireHttpsOnly};
    matches!(error, BadUri(_) | BodyExceedsLimit(_) | Http(_) | RequireHttpsOnly(_))
}
