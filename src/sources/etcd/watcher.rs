//! Range, watch, and again: the picture of this folder.

use std::io;
use std::mem;

use ureq::Error as HttpError;

use super::super::contract::{Answer, Source, SourceError};
use super::super::parts::Parts;
use super::super::stop::Stop;
use super::gateway::{Gateway, Stream};
use super::known::Known;
use super::message::{Message, Whole, message, whole};
use super::place::Place;
use super::question::{range, watch};
use super::restarts::Restarts;

pub(super) struct Watcher {
    name: String,
    tls: bool,
    endpoints: Vec<String>,
    /// The one that is asked.
    at: usize,
    /// The keys, from the first up to this one.
    keys: (Vec<u8>, Vec<u8>),
    gateway: Gateway,
    known: Known,
    phase: Phase,
    restarts: Restarts,
}

enum Phase {
    /// What is known may not be so any more.
    Asking,
    /// It was so at a revision, from which on the watch begins.
    Opening,
    Watching(Stream),
}

impl Watcher {
    pub(super) fn new(uri: &Parts, place: Place, gateway: Gateway) -> Self {
        let options = &uri.options;
        let end = place.end();
        Self {
            name: uri.to_string(),
            tls: uri.scheme.ends_with("+https"),
            endpoints: place.endpoints,
            at: 0,
            known: Known::new(place.prefix.clone()),
            keys: (place.prefix, end),
            gateway,
            phase: Phase::Asking,
            restarts: Restarts::new(options.backoff, options.max_backoff),
        }
    }

    /// Asks one endpoint after the other for all keys, until one answers.
    fn ask(&mut self, stop: &Stop) -> Result<Answer, SourceError> {
        let mut failures = vec![];
        for _ in 0..self.endpoints.len() {
            if stop.is_stopped() {
                break;
            }
            match self.ask_one() {
                Ok(answer) => return Ok(answer),
                Err(error) => {
                    failures.push(self.named(&*error));
                    self.move_on();
                }
            }
        }
        Err(failures.join("; ").into())
    }

    fn ask_one(&mut self) -> Result<Answer, SourceError> {
        let whole = self.range(None)?;
        let faults = self.known.replace(whole)?;
        self.phase = Phase::Opening;
        self.restarts.begun();
        Ok(self.known.answer(faults))
    }

    fn range(&mut self, newer_than: Option<u64>) -> Result<Whole, SourceError> {
        let question = range(&self.keys.0, &self.keys.1, newer_than);
        let answer = self.gateway.ask(&self.endpoints[self.at], "/v3/kv/range", &question)?;
        Ok(whole(&answer)?)
    }

    fn open(&mut self) -> Result<Stream, SourceError> {
        let question = watch(&self.keys.0, &self.keys.1, self.known.revision());
        self.gateway.watch(&self.endpoints[self.at], &question)
    }

    /// Waits until the watch says that something has changed, or nothing at all for a while.
    fn follow(&mut self, mut stream: Stream) -> Result<Answer, SourceError> {
        loop {
            match stream.next() {
                Ok(lines) => {
                    let Some(faults) = self.apply(&lines)? else { continue };
                    self.phase = Phase::Watching(stream);
                    return Ok(self.known.answer(faults));
                }
                Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
                    // The gateway ends no line behind the reason.
                    return Err(match message(stream.rest()) {
                        Ok(Message::Ended(reason)) => self.ended(&reason),
                        _ => "the watch has ended".into(),
                    });
                }
                Err(error) => match HttpError::from(error) {
                    HttpError::Timeout(_) => return self.check(stream),
                    error => return Err(error.into()),
                },
            }
        }
    }

    /// Applies messages. Returns what of them is no peer; `None` if they change nothing.
    fn apply(&mut self, lines: &[Vec<u8>]) -> Result<Option<Vec<String>>, SourceError> {
        let mut faults = None::<Vec<String>>;
        for line in lines {
            match message(line)? {
                Message::Changes(changes) if changes.is_empty() => {}
                Message::Changes(changes) => {
                    faults.get_or_insert_default().extend(self.known.apply(changes)?);
                }
                Message::Ended(reason) => return Err(self.ended(&reason)),
            }
        }
        Ok(faults)
    }

    fn ended(&mut self, reason: &str) -> SourceError {
        // Of a token that has expired etcd may say here that something is not permitted.
        self.gateway.forget_login();
        format!("the watch has ended: {reason}").into()
    }

    /// Asks whether a watch is silent because nothing has changed.
    fn check(&mut self, stream: Stream) -> Result<Answer, SourceError> {
        let newer = self.range(Some(self.known.revision()))?;
        if self.known.differs(&newer) {
            return self.ask_one();
        }
        self.phase = Phase::Watching(stream);
        Ok(self.known.answer(vec![]))
    }

    fn move_on(&mut self) {
        self.at = (self.at + 1) % self.endpoints.len();
    }

    fn named(&self, error: &dyn std::error::Error) -> String {
        format!("{}: {error}", self.endpoints[self.at])
    }
}

impl Source for Watcher {
    fn name(&self) -> &str {
        &self.name
    }

    fn next(&mut self, stop: &Stop) -> Result<Answer, SourceError> {
        // An error leaves it so.
        let phase = mem::replace(&mut self.phase, Phase::Asking);
        if let Phase::Asking = phase {
            if !stop.pause(self.restarts.pause()) {
                return Err("it was stopped".into());
            }
            self.gateway.renew(self.tls)?;
        }
        let _interruptible = stop.interrupt_with(self.gateway.interrupt());
        let answer = match phase {
            Phase::Asking => return self.ask(stop),
            Phase::Opening => self.open().and_then(|stream| self.follow(stream)),
            Phase::Watching(stream) => self.follow(stream),
        };
        answer.map_err(|error| {
            let error = self.named(&*error);
            self.restarts.ended();
            self.move_on();
            error.into()
        })
    }
}
