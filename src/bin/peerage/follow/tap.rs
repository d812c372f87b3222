//! The list that an updater feeds: tells what is new, and passes the peers on to be probed.

use std::collections::BTreeMap;
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex, PoisonError};

use peerage::error::UpdateError;
use peerage::policy::RoundRobin;
use peerage::{Attributes, Event, Identifier, List, ListUpdates, PeerList, SourceNews};

use super::news::{Change, News};

/// Peers by name.
type Known = BTreeMap<String, Attributes>;

pub(super) struct Tap {
    news: Sender<News>,
    known: Mutex<Known>,
    /// Has them probed.
    list: Option<Arc<PeerList<RoundRobin>>>,
    /// What the list refused last: it is told once.
    refused: Mutex<Option<String>>,
}

impl Tap {
    pub(super) fn new(news: Sender<News>, list: Option<Arc<PeerList<RoundRobin>>>) -> Self {
        Self { news, known: Mutex::default(), list, refused: Mutex::default() }
    }

    /// The peers there are.
    pub(super) fn known(&self) -> Known {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn say(&self, news: News) {
        // The program is ending, if it does not listen any more.
        let _ = self.news.send(news);
    }

    fn say_differences(&self, before: &Known, after: &Known) {
        let gone = before.iter().filter(|(id, _)| !after.contains_key(*id));
        for (id, attributes) in gone {
            let (id, attributes) = (id.clone(), attributes.clone());
            self.say(News::Peer { change: Change::Removed, id, attributes });
        }
        for (id, attributes) in after {
            let change = match before.get(id) {
                None => Change::Added,
                Some(had) if had != attributes => Change::Changed,
                Some(_) => continue,
            };
            self.say(News::Peer { change, id: id.clone(), attributes: attributes.clone() });
        }
    }

    fn say_refused(&self, result: &Result<(), UpdateError>) {
        let text = result.as_ref().err().map(ToString::to_string);
        let mut refused = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(text) = text.as_ref().filter(|text| refused.as_ref() != Some(text)) {
            self.say(News::Fault(text.clone()));
        }
        *refused = text;
    }
}

impl List for Tap {
    /// An updater that is stopped takes its peers out: then there is nothing to tell.
    fn update(&self, _: ListUpdates) -> Result<(), UpdateError> {
        Ok(())
    }

    fn replace(&self, peers: Vec<Arc<dyn Identifier>>) -> Result<(), UpdateError> {
        let mut after = Known::new();
        for peer in &peers {
            after.entry(peer.identifier().to_owned()).or_insert_with(|| peer.attributes());
        }
        let before = {
            let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
            std::mem::replace(&mut *known, after.clone())
        };
        self.say_differences(&before, &after);
        let Some(list) = &self.list else { return Ok(()) };
        let result = list.replace(peers);
        self.say_refused(&result);
        result
    }

    fn tell(&self, event: &Event<'_>) {
        let Event::Source { source, news, .. } = event else { return };
        match news {
            SourceNews::Success { .. } => self.say(News::Answered),
            SourceNews::Failure { error, .. } => {
                let (line, why) = (event.to_string(), format!("source {source:?}: {error}"));
                self.say(News::Unanswered { line, why });
            }
            SourceNews::Empty { .. } => {
                let (line, why) =
                    (event.to_string(), format!("source {source:?} has no peers at all"));
                self.say(News::Unanswered { line, why });
            }
            SourceNews::Unreadable { .. } | SourceNews::Snapshot { .. } => {
                self.say(News::Fault(event.to_string()));
            }
            _ => {}
        }
    }
}
