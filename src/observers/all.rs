//! Several observers in the place of one.

use std::fmt;
use std::sync::Arc;

use crate::events::{Event, Observer};
use crate::panics;

/// Tells each of several observers, in their order. One that panics keeps the others from nothing.
///
/// ```
/// use std::sync::Arc;
/// use std::sync::atomic::{AtomicUsize, Ordering};
/// use peerage::observers::All;
/// use peerage::{Event, ListOptions, Observer};
///
/// let count = Arc::new(AtomicUsize::new(0));
/// let counter = Arc::clone(&count);
/// let counts = move |_: &str, _: &Event<'_>| { counter.fetch_add(1, Ordering::Relaxed); };
/// let prints = |list: &str, event: &Event<'_>| eprintln!("{list:?}: {event}");
/// let both = All::new([Arc::new(counts) as Arc<dyn Observer>, Arc::new(prints)]);
/// let options = ListOptions::new().with_observer(Arc::new(both));
/// # let _ = options;
/// ```
pub struct All {
    observers: Vec<Arc<dyn Observer>>,
}

impl All {
    /// All of these.
    #[must_use]
    pub fn new(observers: impl IntoIterator<Item = Arc<dyn Observer>>) -> Self {
        Self { observers: observers.into_iter().collect() }
    }
}

impl Observer for All {
    fn observe(&self, list: &str, event: &Event<'_>) {
        for observer in &self.observers {
            // As the list does it with one.
            let _ = panics::catch("an observer", || observer.observe(list, event));
        }
    }
}

impl fmt::Debug for All {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("All").field("observers", &self.observers.len()).finish()
    }
}
