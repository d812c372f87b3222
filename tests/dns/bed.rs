//! A list that is fed by a name, and what its observer has heard and when.

use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};
use std::time::Instant;

use peerage::policy::RoundRobin;
use peerage::transports::Always;
use peerage::updaters::Watching;
use peerage::{Chooser, Event, Lifecycle, List, ListOptions, PeerList};

use crate::support::LIMIT;

pub(crate) struct Bed {
    pub(crate) list: Arc<PeerList<RoundRobin>>,
    pub(crate) updater: Watching,
    told: Receiver<(Instant, String)>,
}

impl Bed {
    /// Started, with the source that `uri` names.
    pub(crate) fn new(uri: &str) -> Self {
        let (sender, told) = channel();
        let sender = Mutex::new(sender);
        let observer = move |_: &str, event: &Event<'_>| {
            if let Event::Source { .. } = event {
                let _ = sender.lock().unwrap().send((Instant::now(), event.to_string()));
            }
        };
        let options = ListOptions::new().with_observer(Arc::new(observer));
        let list = Arc::new(PeerList::new(RoundRobin::new(), Always::new(), options));
        list.start().expect("the list starts");
        let fed: Arc<dyn List> = list.clone();
        let uri = uri.parse().expect("a URI");
        let updater = Watching::from_uri(fed, &uri).expect("a source");
        updater.start().expect("it starts");
        Self { list, updater, told }
    }

    /// The peers as `NAME*WEIGHT/TIER`, without what is 1 or 0, in the order of names.
    pub(crate) fn peers(&self) -> String {
        let peers = self.list.introspect().peers;
        let show = |peer: &peerage::PeerStatus| {
            let has = &peer.attributes;
            let weight = if has.weight > 1 { format!("*{}", has.weight) } else { String::new() };
            let tier = if has.tier > 0 { format!("/{}", has.tier) } else { String::new() };
            format!("{}{weight}{tier}", peer.identifier)
        };
        peers.iter().map(show).collect::<Vec<_>>().join(" ")
    }

    /// Waits until something that is told has these words. Returns when it was told.
    #[track_caller]
    pub(crate) fn told(&self, words: &str) -> Instant {
        self.wait(words, |text| text.contains(words))
    }

    /// Waits until the list has these peers. Returns when it was told of the change.
    #[track_caller]
    pub(crate) fn has(&self, peers: &str) -> Instant {
        self.wait(peers, |text| text.contains(" now: ") && self.peers() == peers)
    }

    #[track_caller]
    fn wait(&self, what: &str, is_it: impl Fn(&str) -> bool) -> Instant {
        let deadline = Instant::now() + LIMIT;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            let Ok((at, text)) = self.told.recv_timeout(left) else {
                panic!("not in time: {what}; has {}, {:?}", self.peers(), self.updater.status())
            };
            if is_it(&text) {
                return at;
            }
        }
    }
}
