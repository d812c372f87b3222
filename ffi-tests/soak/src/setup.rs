//! Who takes part: the languages, and the choosers of each, so that together they have much of the library on.

use std::fmt;

use crate::members::Members;

/// A language, and the client that is written in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Language {
    Rust,
    C,
    Cpp,
    Go,
}

impl Language {
    pub(crate) const ALL: [Self; 4] = [Self::Rust, Self::C, Self::Cpp, Self::Go];

    /// By which servers know the client.
    pub(crate) fn number(self) -> usize {
        self as usize
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Rust => "rust",
            Self::C => "c",
            Self::Cpp => "cpp",
            Self::Go => "go",
        })
    }
}

/// A chooser of a client, as the command line has it: its name, its policy, its options, what it probes with
/// and where its peers come from.
pub(crate) type Chooser = [String; 5];

/// Probes by TCP see that a server is killed; those by HTTP also that it is stopped.
const TCP: &str = "interval=400ms,timeout=200ms,slow-interval=800ms,doubt-failures";
const HTTP: &str = "check=http,interval=300ms,timeout=200ms,slow-interval=600ms,rise=1,fall=2";

/// The client's own transport, with which no peer is left when all servers are down.
const WATCHED: &str = "watched";

/// The choosers of a client. Four languages have four each: every policy that takes peers from a source but
/// `single`, and every option that decides who is chosen.
///
/// The `few` have two peers and a place for one request on each: when one of them is slow callers queue, and
/// when there are too many, are refused.
pub(crate) fn choosers(language: Language, members: &Members) -> Vec<Chooser> {
    let (names, services, file) = (members.addresses(), members.services(), members.listed());
    let of = |name: &str, policy: &str, options: &str, probing: &str, source: &str| -> Chooser {
        [name, policy, options, probing, source].map(str::to_owned)
    };
    match language {
        Language::Rust => vec![
            of("few", "random", "subset=2,max-pending=1,max-waiting=1", TCP, &names),
            of("ring", "hashring32:bound=1.25", "eject=5", WATCHED, &file),
            of("turns", "round-robin", "spill=70", HTTP, &services),
            of("zones", "two-random-choices", "zone=eu-1a,spill=60", TCP, &file),
        ],
        Language::C => vec![
            of(
                "few",
                "least-loaded",
                "subset=2,max-pending=1,queue=fifo,max-waiting=1",
                TCP,
                &file,
            ),
            of("latency", "least-latency", "panic=any,panic-threshold=40", HTTP, &services),
            of("weights", "weighted-round-robin", "eject=4", WATCHED, &file),
            of("some", "two-random-choices:errors=on", "subset=5,client=1/4", HTTP, &names),
        ],
        Language::Cpp => vec![
            of(
                "few",
                "round-robin",
                "subset=2,max-pending=1,queue=lifo,max-waiting=1",
                HTTP,
                &names,
            ),
            of("reported", "least-reported", "panic=fail,panic-threshold=60", HTTP, &services),
            of("fewest", "fewest-pending-requests", "eject=5", WATCHED, &file),
            of("zones", "least-loaded", "zone=eu-1b,spill=50", TCP, &file),
        ],
        Language::Go => vec![
            of("few", "two-random-choices", "subset=2,max-pending=1,max-waiting=1", HTTP, &file),
            of("table", "maglev:bound=1.5", "fail-fast", WATCHED, &services),
            of("ring", "hashring32", "eject=5,panic=any,panic-threshold=30", HTTP, &file),
            of("loaded", "least-loaded", "max-pending=4", WATCHED, &names),
        ],
    }
}
