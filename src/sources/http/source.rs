//! When to ask, and what the reply says.

use std::time::{Duration, Instant};

use ureq::http::HeaderValue;

use super::super::contract::{Answer, Source, SourceError};
use super::super::options::SourceOptions;
use super::super::parts::Parts;
use super::super::stop::Stop;
use super::super::text::read_peers;
use super::question::{Questions, Reply};
use super::url;
use crate::error::{SpecError, SpecPlace};
use crate::rng::Rng;
use crate::settings::show_duration;

/// How often is asked unless `poll` says so.
const POLL: Duration = Duration::from_secs(5);
/// After news the next question is not asked sooner than so long after the one before.
const GAP: Duration = Duration::from_millis(100);
const LEAST_WAIT: Duration = Duration::from_secs(1);
const MOST_WAIT: Duration = Duration::from_secs(3_600);

struct HttpSource {
    name: String,
    url: String,
    options: SourceOptions,
    poll: Duration,
    /// What asks; `None` after an error, so that certificates are read again.
    questions: Option<Questions>,
    rng: Rng,
    /// The last answer that had a tag.
    known: Option<(HeaderValue, Answer)>,
}

/// Checks the URL, and makes the source.
pub(in super::super) fn open(uri: &Parts) -> Result<Box<dyn Source>, SpecError> {
    let scheme = uri.scheme;
    let url = format!("{scheme}:{}", uri.rest());
    url::check(&url).map_err(|(at, fault)| {
        // Counted from the scheme on, as the URI's own bytes are.
        SpecError::Source { place: SpecPlace::source_called(scheme).at(at), fault }
    })?;
    let options = &uri.options;
    let poll = options.poll_or(POLL).map_err(|fault| uri.wrong(fault))?;
    if options.timeout.is_zero() {
        return Err(uri.wrong("timeout=0s must be longer"));
    }
    if let Some(wait) = options.wait.filter(|wait| !(LEAST_WAIT..=MOST_WAIT).contains(wait)) {
        return Err(uri.wrong(format!("wait={} must be from 1s to 1h", show_duration(wait))));
    }
    Ok(Box::new(HttpSource {
        name: uri.to_string(),
        url,
        options: options.clone(),
        poll,
        questions: None,
        rng: Rng::unseeded(),
        known: None,
    }))
}

impl HttpSource {
    /// Asks once.
    fn ask(&mut self, stop: &Stop) -> Result<Reply, SourceError> {
        let questions = match self.questions.take() {
            Some(questions) => questions,
            None => Questions::new(&self.url, &self.options)?,
        };
        let _guard = stop.interrupt_with(questions.interrupt());
        let tag = self.known.as_ref().map(|(tag, _)| tag);
        let reply = questions.ask(tag, self.options.wait.filter(|_| tag.is_some()))?;
        self.questions = Some(questions);
        Ok(reply)
    }

    /// Takes over what the server said. Returns the answer, and whether it is news to be asked on
    /// from.
    fn take(&mut self, reply: Reply) -> Result<(Answer, bool), SourceError> {
        match (reply, &self.known) {
            (Reply::Same, Some((_, answer))) => Ok((answer.clone(), false)),
            (Reply::Same, None) => {
                Err("it answers that all is as it was, at the first time".into())
            }
            (Reply::Text { text, tag }, known) => {
                let answer = read_peers(&self.url, &text)?;
                let is_news = tag.is_some() && known.as_ref().map(|(tag, _)| tag) != tag.as_ref();
                self.known = tag.map(|tag| (tag, answer.clone()));
                Ok((answer, is_news))
            }
        }
    }

    /// `poll`, up to a tenth more or less.
    fn poll(&self) -> Duration {
        Duration::try_from_secs_f64(self.poll.as_secs_f64() * (0.9 + 0.2 * self.rng.part()))
            .unwrap_or(Duration::MAX)
    }
}

impl Source for HttpSource {
    fn name(&self) -> &str {
        &self.name
    }

    fn next(&mut self, stop: &Stop) -> Result<Answer, SourceError> {
        let begun = Instant::now();
        let reply = self.ask(stop)?;
        let (answer, is_news) = self.take(reply)?;
        let again = match self.options.wait {
            Some(_) if is_news => GAP.saturating_sub(begun.elapsed()),
            Some(_) => self.poll().saturating_sub(begun.elapsed()),
            None => self.poll(),
        };
        Ok(answer.asked_again_in(again))
    }
}
