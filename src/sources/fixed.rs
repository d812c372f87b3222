//! `static:`, peers that the URI itself lists.

use std::time::Duration;

use super::contract::{Answer, Source, SourceError};
use super::parts::Parts;
use super::scheme::Scheme;
use super::stop::Stop;
use super::text::member;
use crate::error::SpecError;
use crate::member::Member;

pub(super) const SCHEME: Scheme = Scheme {
    name: "static",
    form: "static:ADDRESS[*WEIGHT][,ADDRESS[*WEIGHT]]...",
    about: "the peers that it lists",
    feature: None,
    keys: &[],
    open: Some(open),
};

struct Static {
    name: String,
    peers: Vec<Member>,
}

fn open(uri: &Parts) -> Result<Box<dyn Source>, SpecError> {
    let (mut at, mut peers) = (0, vec![]);
    for part in uri.rest().split(',') {
        peers.push(member(part).map_err(|fault| uri.wrong_at(at, fault))?);
        at += part.len() + 1;
    }
    Ok(Box::new(Static { name: uri.to_string(), peers }))
}

impl Source for Static {
    fn name(&self) -> &str {
        &self.name
    }

    fn next(&mut self, _: &Stop) -> Result<Answer, SourceError> {
        Ok(Answer::new(self.peers.clone()).asked_again_in(Duration::MAX))
    }

    fn answers_at_once(&self) -> bool {
        true
    }
}
