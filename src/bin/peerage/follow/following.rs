//! The whole: a source that is asked, and peers that are probed.

use std::collections::HashMap;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use peerage::policy::RoundRobin;
use peerage::transports::{ProbeOptions, ProbeState, ProbeStatus, Probing};
use peerage::updaters::{SourceStatus, Watching};
use peerage::{Attributes, Event, Lifecycle, List, ListOptions, PeerList};

use super::news::News;
use super::tap::Tap;
use crate::ending;
use crate::fault::Fault;
use crate::origin::Peers;

/// A source that is followed until this is dropped.
pub(crate) struct Following {
    news: Receiver<News>,
    updater: Watching,
    tap: Arc<Tap>,
    probing: Option<Arc<Probing>>,
    is_file: bool,
}

/// A peer, as a table shows it.
#[derive(Debug)]
pub(crate) struct Shown {
    pub(crate) id: String,
    pub(crate) attributes: Attributes,
    /// `None`: it is not probed, as its name is no address.
    pub(crate) status: Option<ProbeStatus>,
}

impl Following {
    /// Begins to ask the source, and to probe what it answers. Ctrl-C is news too.
    pub(crate) fn begin(peers: Peers, probe: Option<ProbeOptions>) -> Result<Self, Fault> {
        let (is_file, (sender, news)) = (peers.are_in_file(), channel());
        let interrupted = sender.clone();
        ending::at_signal(move || {
            let _ = interrupted.send(News::Interrupted);
        })?;
        let probing = probe.map(Probing::new);
        let list = probing.as_ref().map(|probing| list(Arc::clone(probing), sender.clone()));
        if let Some(list) = &list {
            list.start().map_err(Fault::failed)?;
        }
        let tap = Arc::new(Tap::new(sender, list));
        let fed = Arc::clone(&tap) as Arc<dyn List>;
        let updater = peers.feeding(fed)?;
        updater.start().map_err(Fault::failed)?;
        Ok(Self { news, updater, tap, probing, is_file })
    }

    /// The news that have come, of which the first is waited for until `timeout` is over: none, if there was none
    /// by then.
    pub(crate) fn next(&self, timeout: Duration) -> Vec<News> {
        match self.news.recv_timeout(timeout) {
            Ok(first) => [first].into_iter().chain(self.news.try_iter()).collect(),
            // This holds a sender itself: there is always one.
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => vec![],
        }
    }

    /// Waits for the first answer. `None`: a signal came first.
    pub(crate) fn answer(
        &self,
        timeout: Duration,
        mut fault: impl FnMut(&str),
    ) -> Option<Result<(), Fault>> {
        let deadline = Instant::now() + timeout;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            let news = self.next(left);
            if news.is_empty() && left.is_zero() {
                return Some(Err(self.unanswered_within(timeout)));
            }
            for news in news {
                match news {
                    News::Answered => return Some(Ok(())),
                    News::Unanswered { why, .. } => return Some(Err(self.unanswered(why))),
                    News::Fault(line) => fault(&line),
                    News::Interrupted => return None,
                    News::Peer { .. } | News::Probed => {}
                }
            }
        }
    }

    /// Why the program ends where it needs an answer: a file is wrong, other sources fail.
    pub(crate) fn unanswered(&self, why: String) -> Fault {
        if self.is_file { Fault::wrong(why) } else { Fault::failed(why) }
    }

    /// The same where it has not said why.
    pub(crate) fn unanswered_within(&self, time: Duration) -> Fault {
        let source = self.source().source;
        self.unanswered(format!("source {source:?} has not answered within {time:?}"))
    }

    /// What the probes say, by name.
    pub(crate) fn statuses(&self) -> HashMap<String, ProbeStatus> {
        let statuses = self.probing.iter().flat_map(|probing| probing.introspect());
        statuses.map(|status| (status.identifier.clone(), status)).collect()
    }

    /// Whether the first probe of every peer has ended.
    pub(crate) fn is_probed(&self) -> bool {
        let mut statuses = self.probing.iter().flat_map(|probing| probing.introspect());
        statuses.all(|status| status.state != ProbeState::New)
    }

    /// All peers, by name.
    pub(crate) fn peers(&self) -> Vec<Shown> {
        let mut statuses = self.statuses();
        let known = self.tap.known().into_iter();
        known
            .map(|(id, attributes)| Shown { status: statuses.remove(&id), id, attributes })
            .collect()
    }

    /// How the source has been.
    pub(crate) fn source(&self) -> SourceStatus {
        self.updater.status()
    }
}

/// What has peers probed.
fn list(probing: Arc<Probing>, news: Sender<News>) -> Arc<PeerList<RoundRobin>> {
    // An observer is called by several threads.
    let news = Mutex::new(news);
    let observer = move |_: &str, event: &Event<'_>| {
        if let Event::StatusChanged { .. } = event {
            let news = news.lock().unwrap_or_else(PoisonError::into_inner);
            let _ = news.send(News::Probed);
        }
    };
    let options = ListOptions::new().with_observer(Arc::new(observer));
    Arc::new(PeerList::new(RoundRobin::new(), probing, options))
}

/// A state in one word.
pub(crate) fn named(state: ProbeState) -> &'static str {
    match state {
        ProbeState::New => "new",
        ProbeState::Up => "up",
        ProbeState::Kept => "failing",
        ProbeState::Down => "down",
        _ => "?",
    }
}
