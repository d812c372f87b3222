//! What a source has to do.

use std::time::Duration;

use super::stop::Stop;
use crate::member::Member;

/// Why a source has no answer: any error of its own.
pub type SourceError = Box<dyn std::error::Error + Send + Sync>;

/// Knows which peers there are.
///
/// [`Watching`](crate::updaters::Watching) asks it, in a thread of its own; one of the crate's is
/// named by a [`SourceUri`](super::SourceUri). One of one's own:
///
/// ```
/// use std::time::Duration;
/// use peerage::sources::{Answer, Source, SourceError, Stop};
/// use peerage::{Attributes, Member};
///
/// /// The servers that an environment variable lists.
/// struct Variable(String);
///
/// impl Source for Variable {
///     fn name(&self) -> &str {
///         &self.0
///     }
///
///     fn next(&mut self, _: &Stop) -> Result<Answer, SourceError> {
///         let text = std::env::var(&self.0)?;
///         let peer = |id| Member::new(id, Attributes::new());
///         Ok(Answer::new(text.split(' ').map(peer)).asked_again_in(Duration::from_secs(60)))
///     }
/// }
///
/// # // SAFETY: no other thread runs.
/// # unsafe { std::env::set_var("USERS", "10.0.0.1:80 10.0.0.2:80") };
/// let answer = Variable("USERS".into()).next(&Stop::new())?;
/// assert_eq!(answer.peers.len(), 2);
/// # Ok::<(), SourceError>(())
/// ```
///
/// A panic in it is an error like another one.
pub trait Source: Send {
    /// What it is called in events: its URI, if it has one.
    fn name(&self) -> &str;

    /// Returns the whole set of peers. The first time as soon as it knows, later when there is news:
    /// a source that is told of changes waits for them in here, until [`Stop::is_stopped`]; one that
    /// is not says in its answer when to ask [again](Answer::again).
    ///
    /// # Errors
    ///
    /// It could not find out. The set that it has said last stays, and it is asked again, after longer
    /// and longer pauses.
    fn next(&mut self, stop: &Stop) -> Result<Answer, SourceError>;

    /// Whether the first answer needs no waiting: then the start of an updater asks for it, and the
    /// peers are there when it returns.
    fn answers_at_once(&self) -> bool {
        false
    }

    /// Whether it waits by itself, after an error, until there is a reason to try again. Then pauses
    /// between errors do not grow: each is one of a first error.
    fn paces_itself(&self) -> bool {
        false
    }
}

/// The whole set of peers, as a source knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Answer {
    /// The peers. Of a name that is there twice the first counts.
    pub peers: Vec<Member>,
    /// When to ask again. `None`: at once, as the source itself waits for news. [`Duration::MAX`]:
    /// never. It is sooner if the list has refused some of the peers.
    pub again: Option<Duration>,
    /// What of the answer could not be read: each says where, what is there and what would be right. The
    /// first twenty are told, and how many more there are.
    pub faults: Vec<String>,
}

impl Answer {
    /// An answer of a source that waits for news by itself.
    pub fn new(peers: impl IntoIterator<Item = Member>) -> Self {
        Self { peers: peers.into_iter().collect(), again: None, faults: vec![] }
    }

    /// Says when to ask again.
    #[must_use]
    pub fn asked_again_in(mut self, again: Duration) -> Self {
        self.again = Some(again);
        self
    }

    /// Says what could not be read.
    #[must_use]
    pub fn with_faults(mut self, faults: Vec<String>) -> Self {
        self.faults = faults;
        self
    }
}
