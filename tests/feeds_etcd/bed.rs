//! A list that a URI feeds, and what its observer hears.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};
use std::{env, fs, process};

use peerage::policy::RoundRobin;
use peerage::testing::FakeTransport;
use peerage::updaters::Watching;
use peerage::{Chooser, Event, Lifecycle, List, ListOptions, PeerList, SourceNews};

/// How long a test waits for what must happen.
const LIMIT: Duration = Duration::from_secs(30);

pub(crate) struct Bed {
    pub(crate) list: Arc<PeerList<RoundRobin>>,
    pub(crate) updater: Arc<Watching>,
    heard: Arc<Heard>,
}

/// What is told of the source, and when.
#[derive(Default)]
struct Heard {
    told: Mutex<Vec<(Instant, String)>>,
    more: Condvar,
}

/// Is called after each change, on the thread of the source.
type AfterChange = Box<dyn Fn(usize) + Send + Sync>;

impl Bed {
    pub(crate) fn new(uri: &str) -> Self {
        Self::with(uri, Box::new(|_| {}))
    }

    /// `after_change` is told which change it is.
    pub(crate) fn with(uri: &str, after_change: AfterChange) -> Self {
        let heard = Arc::<Heard>::default();
        let (log, changes) = (Arc::clone(&heard), AtomicUsize::new(0));
        let observer = move |_: &str, event: &Event<'_>| {
            let Event::Source { news, .. } = event else { return };
            log.told.lock().unwrap().push((Instant::now(), news.to_string()));
            log.more.notify_all();
            if let SourceNews::Changed { .. } = news {
                after_change(changes.fetch_add(1, Ordering::Relaxed) + 1);
            }
        };
        let options = ListOptions::new().with_observer(Arc::new(observer));
        let list = Arc::new(PeerList::new(RoundRobin::new(), FakeTransport::new(), options));
        list.start().expect("the list starts");
        let fed: Arc<dyn List> = list.clone();
        let uri = uri.parse().expect("a URI");
        let updater = Arc::new(Watching::from_uri(fed, &uri).expect("a source"));
        updater.start().expect("it starts");
        Self { list, updater, heard }
    }

    /// Names and weights.
    pub(crate) fn peers(&self) -> BTreeMap<String, u16> {
        let peers = self.list.introspect().peers;
        let known = |id: &str, weight: u16| (id.to_owned(), weight.max(1));
        peers.iter().map(|peer| known(&peer.identifier, peer.attributes.weight)).collect()
    }

    pub(crate) fn names(&self) -> String {
        self.peers().into_keys().collect::<Vec<_>>().join(" ")
    }

    /// Waits until what was heard, and what the list has, is so. What is looked at changes only when
    /// something is told.
    #[track_caller]
    pub(crate) fn until(&self, what: &str, is_so: impl Fn(&Self, &[String]) -> bool) {
        let deadline = Instant::now() + LIMIT;
        loop {
            let told = self.heard.told.lock().unwrap();
            let lines: Vec<_> = told.iter().map(|(_, line)| line.clone()).collect();
            drop(told);
            if is_so(self, &lines) {
                return;
            }
            assert!(Instant::now() < deadline, "not in time: {what}; told: {lines:#?}");
            let told = self.heard.told.lock().unwrap();
            if told.len() == lines.len() {
                // The peers may be there before it is told, and not after it.
                drop(self.heard.more.wait_timeout(told, Duration::from_millis(100)).unwrap());
            }
        }
    }

    #[track_caller]
    pub(crate) fn has(&self, names: &str) {
        self.until(names, |bed, _| bed.names() == names);
    }

    /// Waits for a line that has `part`, and returns it.
    #[track_caller]
    pub(crate) fn hears(&self, part: &str) -> String {
        self.until(part, |_, told| told.iter().any(|line| line.contains(part)));
        self.told().into_iter().find(|line| line.contains(part)).unwrap()
    }

    pub(crate) fn told(&self) -> Vec<String> {
        self.heard.told.lock().unwrap().iter().map(|(_, line)| line.clone()).collect()
    }

    /// When each change was in the list.
    pub(crate) fn changes(&self) -> Vec<Instant> {
        let told = self.heard.told.lock().unwrap();
        let changes = told.iter().filter(|(_, line)| line.contains(" now: "));
        changes.map(|(at, _)| *at).collect()
    }

    /// Stops it, and returns how long that took.
    pub(crate) fn stopped_in(&self) -> Duration {
        let begun = Instant::now();
        self.updater.stop().expect("it stops");
        begun.elapsed()
    }
}

/// A folder of a test's own.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new(name: &str) -> Self {
        let path = env::temp_dir().join(format!("peerage-etcd-{name}-{}", process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).expect("a folder");
        Self(path)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    pub(crate) fn file(&self, name: &str, text: &str) -> String {
        let path = self.0.join(name);
        fs::write(&path, text).expect("a file");
        path.to_str().expect("a path in UTF-8").to_owned()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
