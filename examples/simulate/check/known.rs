//! Rows that are known not to hold: which, how far, and why the policy is as it is all the same.
//!
//! Such a row keeps its bound, is shown with what is said here, and fails like any other where it is
//! further from its bound than it was found to be. `docs/choosing.md` has the long form.

use super::row::Verdict;

/// One of them.
struct Known {
    /// What the row says of itself.
    what: &'static str,
    /// The most that was measured, and what seeds differ by.
    most: f64,
    why: &'static str,
}

const KNOWN: [Known; 2] = [
    Known {
        what: "cold-return[clients=10]: round-robin:bound=1.25, peak",
        most: 3.3,
        why: "ten clients with one request each, the least that a count can tell from none",
    },
    Known {
        what: "standstill: least-latency, p99 ÷ best without reports",
        most: 1.35,
        why: "brpc's rule is best, which leaves well servers alone: its mean is 2.4 × ours",
    },
];

/// What is said of a row that does not hold, if that is known and no worse than that.
pub(super) fn excuse(what: &str, verdict: &Verdict) -> Option<&'static str> {
    let known = KNOWN.iter().find(|known| known.what == what)?;
    let no_worse = matches!(verdict, Verdict::Fails(measured) if *measured <= known.most);
    no_worse.then_some(known.why)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::args::WORLDS;
    use crate::check::rows;
    use crate::simulator::world::read_all;

    #[test]
    fn what_is_known_is_a_row_and_may_be_no_worse() {
        let worlds = read_all(WORLDS.as_ref()).unwrap();
        let rows = rows::all(&worlds);
        for Known { what, most, why } in KNOWN {
            assert!(rows.iter().any(|row| row.what == what), "{what}");
            assert_eq!(excuse(what, &Verdict::Fails(most)), Some(why));
            assert_eq!(excuse(what, &Verdict::Fails(most + 0.01)), None);
            assert_eq!(excuse(what, &Verdict::Fails(f64::NAN)), None);
            assert_eq!(excuse(what, &Verdict::Holds(1.0)), None);
        }
        assert_eq!(excuse("another", &Verdict::Fails(1.0)), None);
    }
}
