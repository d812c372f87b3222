//! What a list learns of its peers' weights.

use std::sync::Arc;
use std::time::Duration;

use super::learner::{Learner, Settings};
use super::price::Kind;
use super::tick::{Clock, PER_SECOND};

#[test]
fn counts_are_prices_until_weights_differ() {
    let settings = Settings { kind: Kind::Pending, errors: true, memory: 4 };
    let learner = Learner::<()>::new(settings);
    for weight in [7, 7, 7] {
        learner.joined(weight);
        assert!(learner.is_calm());
    }
    learner.joined(8);
    assert!(!learner.is_calm());
    let learner = Learner::<()>::new(settings);
    learner.joined(0);
    learner.joined(1);
    assert!(learner.is_calm(), "0 counts as 1");
}

#[derive(Debug)]
struct Since(Duration);

impl Clock for Since {
    fn now(&self) -> Duration {
        self.0
    }
}

/// A clock may have begun long ago: those of a machine that has been up for years, or 1970.
#[test]
fn a_sweep_is_due_at_once_whatever_the_clock_says() {
    let settings = Settings { kind: Kind::Latency, errors: true, memory: 4 };
    for ticks in [0, 1 << 31, (1 << 31) + 9, u32::MAX.into(), 1_790_000_000 * u64::from(PER_SECOND)]
    {
        let learner = Learner::<()>::new(settings);
        let time = Duration::from_millis(ticks * 1_000 / u64::from(PER_SECOND) + 1);
        learner.attach(Some(&(Arc::new(Since(time)) as Arc<dyn Clock>)));
        assert!(learner.takes_sweep(), "{ticks}");
        assert!(!learner.takes_sweep(), "{ticks}");
    }
}
