//! The idle connections of one peer: plain data, under the peer's lock.
//!
//! The one that came back last is taken first. So as many stay in use as are needed, and the others
//! reach the end of their time.

use std::time::Instant;

use super::options::PoolOptions;
use super::places::Place;

/// A connection and what is known of it. To be dropped with no lock held: it is the user's object.
#[derive(Debug)]
pub(super) struct Held<T> {
    pub(super) connection: T,
    /// The peer's count of doubts when it was made: one of an older count is of the past.
    pub(super) epoch: u64,
    pub(super) made: Instant,
    /// Dropped after the connection, as it is the field after it.
    pub(super) _place: Place,
}

#[derive(Debug)]
pub(super) struct Idle<T> {
    /// Those that came back first are first.
    stack: Vec<(Held<T>, Instant)>,
}

impl<T> Default for Idle<T> {
    fn default() -> Self {
        Self { stack: Vec::new() }
    }
}

fn is_over(made: Instant, since: Instant, now: Instant, options: &PoolOptions) -> bool {
    // Other threads have read the clock: `now` may be before either.
    options.max_lifetime.is_some_and(|most| now.saturating_duration_since(made) >= most)
        || options.idle_timeout.is_some_and(|most| now.saturating_duration_since(since) >= most)
}

impl<T> Idle<T> {
    pub(super) fn len(&self) -> usize {
        self.stack.len()
    }

    /// Keeps one more, or returns it.
    pub(super) fn push(
        &mut self,
        held: Held<T>,
        now: Instant,
        options: &PoolOptions,
    ) -> Option<Held<T>> {
        let is_old = is_over(held.made, now, now, options);
        if is_old || self.stack.len() >= options.max_idle {
            return Some(held);
        }
        self.stack.push((held, now));
        None
    }

    pub(super) fn pop(&mut self) -> Option<(Held<T>, Instant)> {
        self.stack.pop()
    }

    /// Takes the one out that has been idle for longest.
    pub(super) fn oldest(&mut self) -> Option<Held<T>> {
        (!self.stack.is_empty()).then(|| self.stack.remove(0).0)
    }

    pub(super) fn all(&mut self) -> Vec<Held<T>> {
        self.stack.drain(..).map(|(held, _)| held).collect()
    }

    /// Takes those out whose time is over.
    pub(super) fn expired(&mut self, now: Instant, options: &PoolOptions) -> Vec<Held<T>> {
        let (gone, kept) = std::mem::take(&mut self.stack)
            .into_iter()
            .partition(|(held, since)| is_over(held.made, *since, now, options));
        self.stack = kept;
        let gone: Vec<(Held<T>, Instant)> = gone;
        gone.into_iter().map(|(held, _)| held).collect()
    }

    /// When the time of the first of them is over.
    pub(super) fn next_end(&self, options: &PoolOptions) -> Option<Instant> {
        let end = |since: Instant, most: Option<std::time::Duration>| since.checked_add(most?);
        let ends = |(held, since): &(Held<T>, Instant)| {
            let by_use = end(*since, options.idle_timeout);
            by_use.into_iter().chain(end(held.made, options.max_lifetime)).min()
        };
        self.stack.iter().filter_map(ends).min()
    }
}

/// Whether a connection that was taken from [`Idle::pop`] may still be used.
pub(super) fn is_good<T>(held: &Held<T>, since: Instant, options: &PoolOptions) -> bool {
    !is_over(held.made, since, Instant::now(), options)
}

#[cfg(all(test, not(loom)))]
mod tests {
    use std::time::Duration;

    use super::super::places::Places;
    use super::*;

    #[test]
    fn each_connection_ends_by_its_age_or_its_idleness_whichever_is_first() {
        let second = Duration::from_secs;
        let options = PoolOptions::new()
            .with_max_idle(2)
            .with_idle_timeout(Some(second(10)))
            .with_max_lifetime(Some(second(100)));
        let (begun, places) = (Instant::now(), Places::new(9));
        let at = |seconds| begun + second(seconds);
        let held = |name, made| Held {
            connection: name,
            epoch: 0,
            made: at(made),
            _place: places.take().unwrap(),
        };
        let names = |gone: Vec<Held<&'static str>>| -> Vec<_> {
            gone.into_iter().map(|held| held.connection).collect()
        };
        let mut idle = Idle::default();
        assert!(idle.push(held("old", 0), at(95), &options).is_none());
        assert!(idle.push(held("young", 90), at(96), &options).is_none());
        let refused = [held("a third", 90), held("of age", 0)];
        let refused = refused.map(|one| idle.push(one, at(100), &options).unwrap().connection);
        assert_eq!((refused, idle.len()), (["a third", "of age"], 2));
        assert_eq!(places.open(), 2);

        assert_eq!(idle.next_end(&options), Some(at(100)));
        assert!(idle.expired(at(99), &options).is_empty());
        assert_eq!(names(idle.expired(at(100), &options)), ["old"]);
        assert_eq!(idle.next_end(&options), Some(at(106)));
        assert_eq!(names(idle.expired(at(106), &options)), ["young"]);
        assert_eq!((idle.next_end(&options), places.open()), (None, 0));
    }
}
