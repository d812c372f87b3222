//! The updater: starts, stops, is asked.

use std::fmt;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use super::counts::SourceCounts;
use super::feed::Feed;
use super::round::Round;
use crate::error::{LifecycleError, SpecError};
use crate::feeding::{Binder, List, Updater};
use crate::lifecycle::{Lifecycle, Once};
use crate::sources::{Source, SourceOptions, SourceUri, Stop};
use crate::state::State;
use crate::stats::SourceStatus;
use crate::sync::{Condvar, Mutex};
use crate::this_thread::{ThreadKey, this_thread};

/// How long a stop waits for a source to return that was interrupted.
const PATIENCE: Duration = Duration::from_millis(40);

/// Feeds a list with the peers that a source knows, in a thread of its own while it runs.
///
/// ```
/// use peerage::policy::RoundRobin;
/// use peerage::transports::Always;
/// use peerage::updaters::Watching;
/// use peerage::{Bind, Lifecycle, List, ListOptions, PeerList};
///
/// // Or "dns:users.internal:8080", "file:/etc/users.peers", ...
/// let source = "static:10.0.0.1:80,10.0.0.2:80*3".parse()?;
/// let list = PeerList::new(RoundRobin::new(), Always::new(), ListOptions::new());
/// let users = Bind::new(list, Watching::binder(&source)?);
/// users.start()?;
/// assert_eq!(users.list().available(), 2);
/// users.stop()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// The list has the set of the source's last answer, as [`List::replace`](crate::List::replace) makes
/// it: nothing else should feed it. When the source does not answer, or with no peers at all, the last
/// set stays, and the source is asked again after longer and longer pauses. The list's
/// [`Observer`](crate::Observer) hears of all that:
/// [`Event::Source`](crate::Event::Source).
///
/// A start returns before the source has answered, unless it [answers at
/// once](Source::answers_at_once); choices wait until there are peers. A stop takes the peers out of the
/// list. It returns within 50 ms, whatever the source waits for, if the list's transport does not block.
/// One that is dropped without a stop feeds the list no more, and its peers stay.
pub struct Watching {
    feed: Arc<Feed>,
    stop: Stop,
    counts: Arc<SourceCounts>,
    options: SourceOptions,
    /// There until the thread begins.
    source: Mutex<Option<Box<dyn Source>>>,
    worker: Arc<Worker>,
    once: Once,
}

/// The thread, as those know it that wait for its end.
#[derive(Default)]
struct Worker {
    state: Mutex<Work>,
    ended: Condvar,
}

#[derive(Default)]
enum Work {
    #[default]
    None,
    Begun(Option<ThreadKey>),
    Ended,
}

impl Watching {
    /// The updater of `list`, not started.
    #[must_use]
    pub fn new(list: Arc<dyn List>, source: Box<dyn Source>, options: SourceOptions) -> Self {
        let name = source.name().to_owned();
        Self {
            feed: Arc::new(Feed::new(list)),
            stop: Stop::new(),
            options,
            source: Mutex::new(Some(source)),
            worker: Arc::default(),
            once: Once::new(&*name),
            counts: Arc::new(SourceCounts { name, counts: Arc::default() }),
        }
    }

    /// The updater of `list` from the source that `uri` names, with the options that it sets.
    ///
    /// # Errors
    ///
    /// Those of parsing the URI: none, if it was parsed by this build.
    pub fn from_uri(list: Arc<dyn List>, uri: &SourceUri) -> Result<Self, SpecError> {
        Ok(Self::new(list, uri.open()?, uri.options().clone()))
    }

    /// A [`Binder`] that makes it.
    ///
    /// # Errors
    ///
    /// As for [`from_uri`](Self::from_uri).
    pub fn binder(uri: &SourceUri) -> Result<impl Binder + use<>, SpecError> {
        let (source, options) = (uri.open()?, uri.options().clone());
        Ok(move |list| Arc::new(Self::new(list, source, options)) as Arc<dyn Updater>)
    }

    /// Has the source asked again at once, if it is not being asked now.
    pub fn refresh(&self) {
        self.stop.hurry();
    }

    /// How the source has been.
    #[must_use]
    pub fn status(&self) -> SourceStatus {
        SourceStatus { peers: self.feed.len(), ..self.counts.status() }
    }

    /// What stays when this is gone.
    #[cfg(feature = "capi")]
    pub(crate) fn counts(&self) -> &Arc<SourceCounts> {
        &self.counts
    }

    fn begin(&self) -> Result<(), LifecycleError> {
        let Some(source) = self.source.lock().take() else { return Ok(()) };
        let at_once = source.answers_at_once();
        let options = self.options.clone();
        let mut round = Round::new(source, &self.feed, &self.stop, &self.counts.counts, options);
        let pause = if at_once { round.ask() } else { Duration::ZERO };
        let worker = Arc::clone(&self.worker);
        *worker.state.lock() = Work::Begun(None);
        // What a thread that cannot be made would have taken with it stays here.
        let handed = Arc::new(Mutex::new(Some(round)));
        let round = Arc::clone(&handed);
        let work = move || {
            let _end = worker.begun();
            let round = round.lock().take();
            if let Some(round) = round {
                round.run(pause);
            }
        };
        let thread = thread::Builder::new().name("peerage source".into());
        if let Err(error) = thread.spawn(work) {
            self.worker.end();
            *self.source.lock() = handed.lock().take().map(|round| round.source);
            return Err(LifecycleError::other(error));
        }
        Ok(())
    }
}

impl Worker {
    fn begun(&self) -> End<'_> {
        *self.state.lock() = Work::Begun(Some(this_thread()));
        End(self)
    }

    fn end(&self) {
        *self.state.lock() = Work::Ended;
        self.ended.notify_all();
    }

    /// Waits for the end of the thread, but not for long, nor for this one.
    fn wait(&self) {
        let deadline = Instant::now() + PATIENCE;
        let mut state = self.state.lock();
        while matches!(*state, Work::Begun(thread) if thread != Some(this_thread())) {
            let (next, timed_out) = self.ended.wait_until(state, deadline);
            if timed_out {
                return;
            }
            state = next;
        }
    }
}

/// Notes the end of the thread, also if a source panics as it is dropped.
struct End<'a>(&'a Worker);

impl Drop for End<'_> {
    fn drop(&mut self) {
        self.0.end();
    }
}

impl Lifecycle for Watching {
    fn start(&self) -> Result<(), LifecycleError> {
        self.once.start(|| self.begin())
    }

    fn stop(&self) -> Result<(), LifecycleError> {
        self.once.stop(|| {
            if let Err(panicked) = self.stop.end() {
                self.feed.panicked(&panicked);
            }
            let removed = self.feed.end();
            self.worker.wait();
            let kept = self.feed.len();
            self.counts.counts.lock().status.peers = kept;
            Ok(removed?)
        })
    }

    fn is_running(&self) -> bool {
        self.once.state() == State::Running
    }
}

impl Updater for Watching {
    fn source_status(&self) -> Option<SourceStatus> {
        Some(self.status())
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        self.stop.stop();
    }
}

impl fmt::Debug for Watching {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.status(), f)
    }
}
