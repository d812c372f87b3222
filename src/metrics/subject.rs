//! A chooser, seen once.

use super::label::{Unique, push};
use super::options::MetricsOptions;
use crate::chooser::Chooser;
use crate::panics;
use crate::stats::{PeerStatus, SourceStatus, Stats};

/// What is seen of a chooser.
#[derive(Debug)]
pub(crate) struct Seen {
    pub(crate) name: String,
    pub(crate) stats: Stats,
    /// Where its peers come from.
    pub(crate) sources: Vec<SourceStatus>,
    /// None unless they are wanted.
    pub(crate) peers: Vec<PeerStatus>,
}

impl Seen {
    /// Looks at a chooser; `None` if it is one of the user's own that panics.
    pub(crate) fn of(chooser: &dyn Chooser, options: MetricsOptions) -> Option<Self> {
        let look = || {
            if options.peers {
                let seen = chooser.introspect();
                let sources = seen.source.into_iter().collect();
                return Self { name: seen.name, stats: seen.stats, sources, peers: seen.peers };
            }
            let sources = chooser.source_status().into_iter().collect();
            Self { name: chooser.name(), stats: chooser.stats(), sources, peers: vec![] }
        };
        panics::catch("a look at a chooser", look).ok()
    }
}

/// The same with the labels of its series, as they stand between the braces.
pub(super) struct Subject {
    pub(super) labels: String,
    pub(super) stats: Stats,
    pub(super) sources: Vec<(String, SourceStatus)>,
    pub(super) peers: Vec<(String, PeerStatus)>,
}

impl Subject {
    /// Gives every one labels that no other one has.
    pub(super) fn all(seen: impl IntoIterator<Item = Seen>) -> Vec<Self> {
        let mut names = Unique::default();
        let labelled = |Seen { name, stats, sources, peers }| {
            let mut labels = String::new();
            push(&mut labels, "chooser", &names.of(&name));
            let within = |key: &str, name: &str| {
                let room = labels.len() + key.len() + name.len() + r#",="""#.len();
                let mut both = String::with_capacity(room);
                both.push_str(&labels);
                push(&mut both, key, name);
                both
            };
            let mut uris = Unique::default();
            let sources = sources.into_iter();
            let sources =
                sources.map(|source| (within("source", &uris.of(&source.source)), source));
            // Identifiers are unique within a chooser.
            let peers = peers.into_iter().map(|peer| (within("peer", &peer.identifier), peer));
            let (sources, peers) = (sources.collect(), peers.collect());
            Self { labels, stats, sources, peers }
        };
        seen.into_iter().map(labelled).collect()
    }
}
