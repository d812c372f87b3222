//! The two programs that replay choose + finish, and the policies that they know.

use std::env;
use std::path::{Path, PathBuf};

/// Policies, and how many peers they are counted with.
pub(crate) const POLICIES: [(&str, usize); 15] = [
    ("floor: one line", 1_000),
    ("floor: one line, exchanged", 1_000),
    ("floor: two lines", 1_000),
    ("floor: in turn", 1_000),
    ("random", 1_000),
    ("two-random-choices", 1_000),
    ("round-robin", 1_000),
    ("weighted-round-robin", 1_000),
    ("fewest-pending-requests", 1_000),
    ("least-loaded", 1_000),
    ("least-latency:measure=off", 1_000),
    ("hashring32", 1_000),
    ("maglev", 1_000),
    ("direct", 1_000),
    ("single", 1),
];

/// Where a list is used from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    Rust,
    /// Through the shared library.
    C,
}

impl Side {
    pub(crate) const ALL: [Self; 2] = [Self::Rust, Self::C];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Rust => "rust",
            Self::C => "c",
        }
    }

    /// Those that it is counted with. Through C `direct` is another chooser: it retains the peer that a
    /// request names, for as long as requests do, which takes allocations. What `least-latency` does
    /// depends on the time, and there is no clock for it that could be held.
    pub(crate) fn policies(self) -> impl Iterator<Item = (&'static str, usize)> {
        let in_c = |policy: &str| {
            policy != "direct"
                && !policy.starts_with("least-latency")
                && !policy.starts_with("floor")
        };
        POLICIES.into_iter().filter(move |(policy, _)| self == Self::Rust || in_c(policy))
    }

    /// The program, and what it wants to be told before the policy.
    pub(crate) fn program(self, c: &Path) -> Result<(PathBuf, Vec<String>), String> {
        match self {
            Self::C => Ok((c.to_owned(), vec![])),
            Self::Rust => {
                let this = env::current_exe().map_err(|error| format!("this program: {error}"))?;
                Ok((this, vec!["replay".to_owned()]))
            }
        }
    }
}

/// The program with its arguments: so many rounds, and `more`.
pub(crate) fn replay(
    side: Side,
    c: &Path,
    (policy, peers): (&str, usize),
    rounds: u64,
    more: &[&str],
) -> Result<(PathBuf, Vec<String>), String> {
    let (program, mut arguments) = side.program(c)?;
    arguments.extend([policy.to_owned(), peers.to_string(), rounds.to_string()]);
    arguments.extend(more.iter().map(|word| (*word).to_owned()));
    Ok((program, arguments))
}
