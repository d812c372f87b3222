//! What a seed draws: how many of everything, and what each thread does.

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::time::Duration;

use peerage::policy::Rng;

/// Much longer than a run takes, also under a sanitizer.
pub(crate) const PATIENCE: Duration = Duration::from_secs(120);

/// On both sides of the powers of two at which tables, chunks and small arrays end.
const EDGES: [usize; 17] = [1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64, 65, 128, 130];

const DEFAULT_RUNS: usize = 10;

/// How the list ends in the third act.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    Stop,
    Drop,
}

/// Who draws numbers; each thread has a sequence of its own.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Role {
    Chooser,
    Updater,
    Flapper,
    Echo,
    Onlooker,
    Crowd,
    Owner,
}

/// One run.
#[derive(Debug, Clone)]
pub(crate) struct Plan {
    pub(crate) seed: u64,
    pub(crate) peers: usize,
    /// How many of them are in the list before it starts.
    pub(crate) first: usize,
    pub(crate) choosers: usize,
    /// How many choices each chooser makes in one act.
    pub(crate) choices: usize,
    /// How many picks a chooser holds at the same time.
    pub(crate) hold: usize,
    pub(crate) updates: usize,
    pub(crate) flaps: usize,
    pub(crate) looks: usize,
    /// How many callers, and how many notices, wait in the second act.
    pub(crate) blocked: usize,
    pub(crate) notices: usize,
    /// How many peers a `Direct` keeps.
    pub(crate) keep: usize,
    /// Whether peers ask to be told of requests: if not, a finish is one subtraction.
    pub(crate) watching: bool,
    pub(crate) fail_fast: bool,
    pub(crate) ending: Ending,
}

impl Plan {
    pub(crate) fn draw(seed: u64) -> Self {
        let random = Rng::seeded(seed);
        let edge = |most: usize| {
            let edges = EDGES.iter().filter(|&&edge| edge <= most).count();
            // One size in four is any size.
            if random.below(4) == 0 { random.below(most) + 1 } else { EDGES[random.below(edges)] }
        };
        let peers = edge(130);
        let choosers = edge(17);
        Self {
            seed,
            peers,
            first: random.below(peers + 1),
            choosers,
            choices: 6_000 / choosers,
            hold: edge(17),
            updates: 400,
            flaps: 2_500,
            looks: 150,
            blocked: edge(130),
            notices: edge(130),
            keep: edge(65),
            watching: random.below(2) == 0,
            fail_fast: random.below(8) == 0,
            ending: if random.below(2) == 0 { Ending::Stop } else { Ending::Drop },
        }
    }

    /// The numbers that thread number `me` of this role draws in one act.
    pub(crate) fn random(&self, act: u64, role: Role, me: usize) -> Rng {
        let words = Rng::seeded(self.seed ^ act << 56 ^ (role as u64) << 48 ^ (me as u64) << 32);
        Rng::seeded(words.next())
    }
}

/// The name of a peer, and back.
pub(crate) fn name(peer: usize) -> String {
    format!("p{peer}")
}

pub(crate) fn number(name: &str) -> usize {
    name[1..].parse().expect("a name that this test made")
}

/// The seeds to run with.
pub(crate) fn seeds() -> Vec<u64> {
    let set = |name| std::env::var(name).ok().map(|text| text.parse::<u64>().expect(name));
    if let Some(seed) = set("PEERAGE_STRESS_SEED") {
        return vec![seed];
    }
    let runs = set("PEERAGE_STRESS_RUNS").map_or(DEFAULT_RUNS, |runs| runs as usize);
    (0..runs).map(|run| RandomState::new().hash_one(run)).collect()
}

/// Says which run it was, when that fails.
pub(crate) struct Named(pub(crate) String);

impl Drop for Named {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("failed with {}", self.0);
        }
    }
}
