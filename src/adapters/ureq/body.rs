//! The body of an answer, which holds the pick.

use std::io::{self, Read};
use std::time::Duration;

use ureq::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use ureq::http::{Method, Response, StatusCode};
use ureq::{Body, BodyReader};

use crate::outcome::{Finish, Outcome};
use crate::slot::Pick;

/// What an answer says of the peer.
fn outcome(status: StatusCode) -> Outcome {
    match status {
        StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => Outcome::Overloaded,
        _ if status.is_server_error() => Outcome::Failure,
        _ => Outcome::Success,
    }
}

/// The same answer; its pick is finished when the body has been read, or is dropped.
pub(super) fn holding(
    answer: Response<Body>,
    method: &Method,
    pick: Pick,
    latency: Duration,
) -> Response<Body> {
    let status = answer.status();
    let finish = Finish::new(outcome(status)).with_latency(latency);
    let has_none = method == Method::HEAD
        || matches!(status, StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED)
        || answer.body().content_length() == Some(0)
        || answer.headers().get(CONTENT_LENGTH).is_some_and(|length| length == "0");
    if has_none {
        pick.finish(finish);
        return answer;
    }
    let kind = answer.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let kind = kind.and_then(|kind| kind.split(';').next()).map(|kind| kind.trim().to_owned());
    answer.map(|body| {
        let held = Holding { held: Some((pick, finish)), body: body.into_reader() };
        let builder = Body::builder();
        let builder = if let Some(kind) = kind { builder.mime_type(kind) } else { builder };
        builder.reader(held)
    })
}

struct Holding {
    held: Option<(Pick, Finish)>,
    body: BodyReader<'static>,
}

impl Read for Holding {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let read = self.body.read(buf);
        let ended = match &read {
            Ok(0) if !buf.is_empty() => Some(None),
            Err(error) if error.kind() != io::ErrorKind::Interrupted => {
                Some(Some(Outcome::Failure))
            }
            _ => None,
        };
        if let Some(failure) = ended {
            if let Some((pick, finish)) = self.held.take() {
                let outcome = failure.unwrap_or(finish.outcome);
                pick.finish(Finish { outcome, ..finish });
            }
        }
        read
    }
}

impl Drop for Holding {
    fn drop(&mut self) {
        // A failure is one, however much of its body was read.
        if let Some((pick, finish)) = self.held.take() {
            let given_up = finish.outcome == Outcome::Success;
            let outcome = if given_up { Outcome::Cancelled } else { finish.outcome };
            pick.finish(Finish { outcome, ..finish });
        }
    }
}
