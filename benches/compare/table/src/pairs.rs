//! Which policies do the same work: only those are compared.
//!
//! What a rival calls a policy is its own affair, so the names are grouped here, with ours first. A
//! rival may still do less than ours within a group: the column `counts` of its lines says so.

use std::collections::BTreeSet;

use crate::figures::{Figures, OURS, is_rival};
use crate::line::{Line, Work};

/// Groups of names for the same work. `_` and `-` are the same here.
const SAME: [&[&str]; 7] = [
    // One is drawn.
    &["random", "one"],
    // The next in turn.
    &["round-robin", "in-turn"],
    // The next in turn, more often the one with more weight.
    &["weighted-round-robin", "weighted"],
    // Two are drawn and the one with fewer requests is taken.
    &[
        "two-random-choices",
        "two-random",
        "two",
        "p2c",
        "p2c-pending",
        "least-request",
        "least-request-experimental",
    ],
    // Of all peers the one with the fewest requests: a heap, levels or a look at each.
    &["fewest-pending-requests", "fewest", "pendingheap", "pending-heap", "linear-scan"],
    // A key leads to a point of a ring.
    &["hashring32", "hashring", "ketama", "consistent", "consistent-hashing"],
    // Some are drawn and compared by how long they take: each request is timed. `least-loaded` looks
    // at no clock, so that it stands beside none.
    &["least-latency", "p2c-peak-ewma", "peak-ewma"],
];

/// The policy of ours that stands for the group.
fn group(policy: &str) -> Option<&'static str> {
    let policy = policy.to_lowercase().replace('_', "-");
    // A policy may be written with its keys.
    let policy = policy.split(':').next().unwrap_or_default();
    SAME.into_iter().find(|names| names.contains(&policy)).map(|names| names[0])
}

pub fn do_the_same(a: &Line, b: &Line) -> bool {
    group(&a.policy).is_some_and(|of_a| group(&b.policy) == Some(of_a))
}

/// A paragraph about the rivals' policies that stand in no row of a table of pairs, so that a figure
/// is never lost in silence.
pub fn left_out(figures: &Figures) -> String {
    let alone: BTreeSet<_> = [Work::Choose, Work::Wake, Work::Memory]
        .into_iter()
        .flat_map(|work| figures.of(work))
        .filter(|line| is_rival(line) && !is_met(figures, line))
        .map(|line| format!("`{}` of {} ({})", line.policy, line.side, line.language))
        .collect();
    if alone.is_empty() {
        return String::new();
    }
    let alone: Vec<_> = alone.into_iter().collect();
    format!("Measured, and beside no policy of ours that does the same: {}.\n\n", alone.join(", "))
}

fn is_met(figures: &Figures, rival: &Line) -> bool {
    figures.of(rival.work).any(|line| {
        line.side == OURS && line.language.is_beside(rival.language) && do_the_same(line, rival)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figures::tests::read;

    #[test]
    fn each_name_is_in_one_group() {
        let mut names: Vec<_> = SAME.concat();
        names.sort_unstable();
        let all = names.len();
        names.dedup();
        assert_eq!(names.len(), all);
    }

    #[test]
    fn names_are_grouped_however_they_are_written() {
        for (name, of) in [
            ("round_robin", Some("round-robin")),
            ("weighted_round_robin", Some("weighted-round-robin")),
            ("least_request", Some("two-random-choices")),
            ("Ketama", Some("hashring32")),
            ("hashring32:replicas=100", Some("hashring32")),
            ("pick_first", None),
        ] {
            assert_eq!(group(name), of, "{name}");
        }
    }

    #[test]
    fn what_meets_nothing_is_said() {
        let figures = read(
            "choose go peerage random     10 1 yes ns 5\n\
             choose go grpc-go pick_first 10 1 no  ns 1\n\
             choose go yarpc-go random    10 1 yes ns 9",
        );
        let said = left_out(&figures);
        assert!(said.contains("`pick_first` of grpc-go (Go)."), "{said}");
        assert!(!said.contains("yarpc-go"), "{said}");
    }
}
