//! What must hold on any machine: relations of shares within one run, no figure by itself.

use crate::figures::Figures;

/// Of two rows, that one sends less to a bad server than the other.
struct Less {
    one: &'static str,
    other: &'static str,
    what: &'static str,
    of: fn(&Figures) -> f64,
}

const RELATIONS: [Less; 7] = {
    const fn failing(one: &'static str, other: &'static str) -> Less {
        Less { one, other, what: "to the failing server", of: |row| row.failing }
    }
    const fn slow(one: &'static str, other: &'static str) -> Less {
        Less { one, other, what: "to the slow server", of: |row| row.slow }
    }
    [
        failing("least-loaded", "two-random-choices"),
        failing("least-loaded", "haproxy leastconn"),
        failing("least-latency", "two-random-choices"),
        failing("least-latency", "haproxy leastconn"),
        slow("least-latency", "two-random-choices"),
        slow("least-latency", "haproxy leastconn"),
        slow("two-random-choices", "round-robin"),
    ]
};

/// What does not hold, and how many relations have both of their rows.
pub(crate) fn check(rows: &[Figures]) -> (usize, Vec<String>) {
    let find = |name| rows.iter().find(|row| row.name == name);
    let pairs =
        RELATIONS.iter().filter_map(|less| Some((less, find(less.one)?, find(less.other)?)));
    let (mut known, mut wrong) = (0, vec![]);
    for (less, one, other) in pairs {
        known += 1;
        let [mine, theirs] = [one, other].map(|row| (less.of)(row) * 100.0);
        if mine >= theirs {
            let Less { one, other, what, .. } = less;
            wrong.push(format!(
                "{one} sends {mine:.2} % {what}, {other} {theirs:.2} %: the first should be less"
            ));
        }
    }
    (known, wrong)
}
