//! A source that says what a test has it say, and a list that is fed by it.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use peerage::policy::RoundRobin;
use peerage::sources::{Answer, Source, SourceError, SourceOptions, SourceUri, Stop};
use peerage::testing::FakeTransport;
use peerage::updaters::Watching;
use peerage::{Attributes, Chooser, Event, Lifecycle, List, ListOptions, Member, PeerList};

use crate::support::until;

/// One answer of a source.
pub(crate) type Said = Box<dyn FnOnce() -> Result<Answer, SourceError> + Send>;

/// Answers what it is sent, and waits for that without listening to anything else.
pub(crate) struct Scripted(pub(crate) Receiver<Said>);

impl Source for Scripted {
    fn name(&self) -> &str {
        "script:users"
    }

    fn next(&mut self, _: &Stop) -> Result<Answer, SourceError> {
        self.0.recv()?()
    }
}

pub(crate) fn peers(text: &str) -> Answer {
    Answer::new(text.split_whitespace().map(|id| Member::new(id, Attributes::new())))
}

/// The options that a URI would set.
pub(crate) fn options(text: &str) -> SourceOptions {
    let uri: SourceUri = format!("static:a#{text}").parse().expect("options");
    uri.options().clone()
}

/// A list, the updater that feeds it, and the script of its source.
pub(crate) struct Bed {
    pub(crate) list: Arc<PeerList<RoundRobin>>,
    pub(crate) transport: Arc<FakeTransport>,
    pub(crate) updater: Arc<Watching>,
    pub(crate) script: Sender<Said>,
    told: Arc<Mutex<Vec<String>>>,
}

impl Bed {
    pub(crate) fn new(set: &str) -> Self {
        let (script, said) = channel();
        Self::with_source(Box::new(Scripted(said)), script, set)
    }

    pub(crate) fn with_source(source: Box<dyn Source>, script: Sender<Said>, set: &str) -> Self {
        Self::with(script, |list| Watching::new(list, source, options(set)))
    }

    /// Fed by the source that a URI names.
    #[allow(dead_code, reason = "each source is a feature")]
    pub(crate) fn of(uri: &str) -> Self {
        let uri: SourceUri = uri.parse().expect("a source");
        Self::with(channel().0, |list| Watching::from_uri(list, &uri).expect("a source"))
    }

    fn with(script: Sender<Said>, updater: impl FnOnce(Arc<dyn List>) -> Watching) -> Self {
        let told = Arc::new(Mutex::new(vec![]));
        let log = Arc::clone(&told);
        let observer = move |_: &str, event: &Event<'_>| {
            if let Event::Source { .. } = event {
                log.lock().unwrap().push(event.to_string());
            }
        };
        let transport = FakeTransport::new();
        let options_of_list = ListOptions::new().with_observer(Arc::new(observer));
        let list = Arc::new(PeerList::new(RoundRobin::new(), transport.clone(), options_of_list));
        let fed: Arc<dyn List> = list.clone();
        let updater = Arc::new(updater(fed));
        list.start().expect("the list starts");
        Self { list, transport, updater, script, told }
    }

    /// Started, with the source waiting for its script.
    pub(crate) fn started(set: &str) -> Self {
        let bed = Self::new(set);
        bed.updater.start().expect("it starts");
        bed
    }

    pub(crate) fn say(&self, answer: Answer) {
        self.script.send(Box::new(move || Ok(answer))).expect("the source listens");
    }

    pub(crate) fn fail(&self, error: &'static str) {
        self.script.send(Box::new(move || Err(error.into()))).expect("the source listens");
    }

    /// What the list has, in the order of names.
    pub(crate) fn members(&self) -> String {
        let status = self.list.introspect();
        let ids = status.peers.iter().map(|peer| peer.identifier.to_string());
        ids.collect::<Vec<_>>().join(" ")
    }

    /// Waits until the source has been asked so often.
    pub(crate) fn asked(&self, times: u64) {
        until("the source is asked", || self.updater.status().attempts >= times);
    }

    pub(crate) fn has(&self, members: &str) {
        until(members, || self.members() == members);
    }

    /// What the observer has heard, without what is said about each attempt.
    pub(crate) fn told(&self) -> Vec<String> {
        let told = self.told.lock().unwrap();
        let name = format!("source {:?} ", self.updater.status().source);
        let cut = |line: &String| line.replace(&name, "");
        told.iter().map(cut).filter(|line| !line.ends_with("is asked for its peers")).collect()
    }
}

/// Never.
pub(crate) const NEVER: Duration = Duration::MAX;
