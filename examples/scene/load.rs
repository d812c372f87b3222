//! The clients: requests at times that are fixed beforehand, the same for all who choose.
//!
//! The load is open: a request is due when its time has come, whether or not those before it have
//! been answered, and it takes from then. So a queue that grows at a server shows in the latencies
//! of all that come after.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use peerage::policy::Rng;

use crate::connection::CallError;

/// More requests than this are never under way.
pub(crate) const THREADS: usize = 192;

/// The way of a request to one of the servers: what is compared.
pub(crate) trait Way: Sync {
    /// What a client thread keeps for itself.
    type Client: Default;

    /// Sends a request and waits: the status of the answer, or why there is none.
    fn call(&self, client: &mut Self::Client) -> Result<u16, CallError>;
}

/// What became of a request.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ended {
    /// Since it was due.
    pub(crate) took: Duration,
    pub(crate) how: How,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum How {
    Served,
    /// An answer that says so, or a broken connection.
    Failed,
    /// No answer in time, said by the proxy or found out by the client.
    TimedOut,
}

/// When requests are due: `rate` a second on average, at random, and the same for the same seed.
pub(crate) fn arrivals(rate: u32, total: Duration, seed: u64) -> Vec<Duration> {
    let rng = Rng::seeded(seed);
    let mut at = Duration::ZERO;
    let next = || {
        // In (0, 1], so its logarithm is finite.
        let uniform = ((rng.next() >> 11) + 1) as f64 / (1u64 << 53) as f64;
        at += Duration::from_secs_f64(-uniform.ln() / f64::from(rate));
        (at < total).then_some(at)
    };
    std::iter::from_fn(next).collect()
}

/// Makes the requests that are due, and waits for the last.
pub(crate) fn run<W: Way>(way: &W, due: &[Duration], began: Instant) -> Vec<Ended> {
    let next = AtomicUsize::new(0);
    let client = || {
        let mut client = W::Client::default();
        let mut ended = vec![];
        // Relaxed: each takes a number of its own, and the times were there before the threads.
        while let Some(due) = due.get(next.fetch_add(1, Ordering::Relaxed)) {
            let due = began + *due;
            thread::sleep(due.saturating_duration_since(Instant::now()));
            let how = how(&way.call(&mut client));
            ended.push(Ended { took: due.elapsed(), how });
        }
        ended
    };
    thread::scope(|scope| {
        let clients: Vec<_> = (0..THREADS).map(|_| scope.spawn(client)).collect();
        // A client that panicked has said so, and its requests are missing from the sum.
        clients.into_iter().flat_map(|client| client.join().unwrap_or_default()).collect()
    })
}

fn how(answer: &Result<u16, CallError>) -> How {
    match answer {
        Ok(status) if *status < 400 => How::Served,
        Ok(504) | Err(CallError::NoAnswer) => How::TimedOut,
        Ok(_) | Err(_) => How::Failed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_load_is_the_same_each_time_and_has_its_rate() {
        let second = Duration::from_secs(1);
        let due = arrivals(500, 10 * second, 1);
        assert_eq!(due, arrivals(500, 10 * second, 1));
        assert!((4700..5300).contains(&due.len()), "{} requests", due.len());
        assert!(due.is_sorted());
        assert_ne!(due, arrivals(500, 10 * second, 2));
    }
}
