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

/// How many relations hold, of those that have both of their rows; or what does not.
pub(crate) fn check(rows: &[Figures]) -> Result<usize, String> {
    let find = |name| rows.iter().find(|row| row.name == name);
    let pairs =
        RELATIONS.iter().filter_map(|less| Some((less, find(less.one)?, find(less.other)?)));
    let (mut hold, mut wrong) = (0, vec![]);
    for (less, one, other) in pairs {
        let [mine, theirs] = [one, other].map(|row| (less.of)(row) * 100.0);
        if mine < theirs {
            hold += 1;
            continue;
        }
        let Less { one, other, what, .. } = less;
        wrong.push(format!(
            "{one} sends {mine:.2} % {what}, {other} {theirs:.2} %: the first should be less"
        ));
    }
    if wrong.is_empty() && hold == 0 {
        wrong.push("nothing to check: none of the relations has both of its rows".into());
    }
    if wrong.is_empty() { Ok(hold) } else { Err(wrong.join("\n       ")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(name: &str, failing: f64) -> Figures {
        Figures { name: name.into(), failing, ..Figures::default() }
    }

    #[test]
    fn a_relation_needs_both_rows_and_less_in_the_first() {
        assert!(check(&[row("least-loaded", 0.1)]).is_err());
        let two = |mine| check(&[row("least-loaded", mine), row("two-random-choices", 0.2)]);
        assert_eq!(two(0.1), Ok(1));
        let wrong = two(0.2).expect_err("as much is not less");
        assert!(wrong.contains("least-loaded sends 20.00 % to the failing server"), "{wrong}");
    }
}
