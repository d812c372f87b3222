//! What a list learns of its peers' weights.

use super::learner::{Learner, Settings};
use super::price::Kind;

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
