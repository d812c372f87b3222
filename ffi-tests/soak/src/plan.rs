//! What is done to the servers and to those that name them, and when: drawn from the seed alone.
//!
//! ```text
//!  0 ....... faults ....... | quiet | mark | ....... faults ....... | quiet | mark
//! ```
//!
//! Before a mark everything is well for a while: whatever a fault has led to is over then, and what the clients
//! have is compared at moments that are alike. So no fault lasts into the quiet. A server has one fault at a
//! time.

use std::fmt;
use std::time::Duration;

use crate::dice::Dice;

/// How many servers there are.
pub(crate) const SERVERS: usize = 8;

/// One thing that is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Act {
    /// SIGKILL.
    Kill(usize),
    /// The killed one is started again, at the same address.
    Start(usize),
    /// SIGSTOP.
    Stop(usize),
    /// SIGCONT.
    Continue(usize),
    /// It takes so many milliseconds longer.
    Slow(usize, u64),
    /// Each such request fails.
    Error(usize, u64),
    /// Each such request is refused.
    Busy(usize, u64),
    /// It answers as it should again.
    Well(usize),
    /// The set of servers, one bit each, that a source names from now on. Weights and tiers are drawn from the
    /// second number.
    Name(Names, u8, u64),
    /// The DNS server is stopped.
    StopDns,
    /// It goes on.
    ContinueDns,
    /// It is killed.
    KillDns,
    /// It is started again.
    StartDns,
    /// The file is gone.
    LoseFile,
    /// The file has a line that is none, and no other.
    SpoilFile,
    /// The file has again what it had.
    MendFile,
}

/// A source of peers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Names {
    Dns,
    File,
}

impl Act {
    /// The fault in one word, for the table; `None` if it ends one.
    pub(crate) fn fault(self) -> Option<&'static str> {
        Some(match self {
            Self::Kill(_) => "servers killed",
            Self::Stop(_) => "servers stopped",
            Self::Slow(..) => "servers slowed",
            Self::Error(..) => "servers that fail",
            Self::Busy(..) => "servers that refuse",
            Self::Name(Names::Dns, ..) => "members changed by DNS",
            Self::Name(Names::File, ..) => "members changed by the file",
            Self::StopDns => "DNS stopped",
            Self::KillDns => "DNS killed",
            Self::LoseFile => "file lost",
            Self::SpoilFile => "file spoilt",
            _ => return None,
        })
    }
}

/// An act with its time, from the beginning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Step {
    pub(crate) at: Duration,
    pub(crate) act: Act,
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:9.3} s  {:?}", self.at.as_secs_f64(), self.act)
    }
}

/// Which parts a run has.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Times {
    /// When the first mark is.
    pub(crate) first: Duration,
    /// When the last one is, the end.
    pub(crate) end: Duration,
    /// How long all is well before each.
    pub(crate) quiet: Duration,
}

/// The steps of a run, in the order of their times.
pub(crate) fn draw(seed: u64, times: Times) -> Vec<Step> {
    let mut dice = Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    let mut steps = Vec::new();
    let parts = [(Duration::ZERO, times.first), (times.first, times.end)];
    for (from, to) in parts {
        part(&mut dice, from, to.saturating_sub(times.quiet), &mut steps);
    }
    steps.sort_by_key(|step| step.at);
    steps
}

/// Faults between two moments, all of which are over at the second one.
fn part(dice: &mut Dice, from: Duration, to: Duration, steps: &mut Vec<Step>) {
    let begun = steps.len();
    // When each server, the DNS server and the file have no fault again.
    let (mut server, mut dns, mut file) = ([from; SERVERS], from, from);
    let mut at = from;
    loop {
        at += dice.millis(300, 1_700);
        let until = at + dice.millis(500, 6_000);
        if until >= to {
            break;
        }
        let mut add = |at, act| steps.push(Step { at, act });
        let one = dice.below(SERVERS as u64) as usize;
        match dice.below(20) {
            0 if dns <= at => {
                dns = until;
                add(at, Act::StopDns);
                add(until, Act::ContinueDns);
            }
            1 if dns <= at => {
                dns = until;
                add(at, Act::KillDns);
                add(until, Act::StartDns);
            }
            2 if file <= at => {
                file = until;
                add(at, if dice.below(2) == 0 { Act::LoseFile } else { Act::SpoilFile });
                add(until, Act::MendFile);
            }
            3..=5 if dns <= at => add(at, Act::Name(Names::Dns, dice.set(SERVERS), dice.next())),
            6..=8 if file <= at => add(at, Act::Name(Names::File, dice.set(SERVERS), dice.next())),
            // All at once, as soon as none has another fault: for a while there is no peer, and callers wait.
            9 => {
                let at = server.iter().copied().max().unwrap_or(at).max(at);
                let until = at + dice.millis(200, 1_500);
                if until < to {
                    server.fill(until);
                    for one in 0..SERVERS {
                        add(at, Act::Kill(one));
                        add(until, Act::Start(one));
                    }
                }
            }
            kind @ 10.. if server[one] <= at => {
                server[one] = until;
                let (act, end) = match kind {
                    10..=12 => (Act::Kill(one), Act::Start(one)),
                    13..=14 => (Act::Stop(one), Act::Continue(one)),
                    15..=16 => (Act::Slow(one, 5 + dice.below(100)), Act::Well(one)),
                    17..=18 => (Act::Error(one, 1 + dice.below(4)), Act::Well(one)),
                    _ => (Act::Busy(one, 1 + dice.below(4)), Act::Well(one)),
                };
                add(at, act);
                add(until, end);
            }
            _ => {}
        }
    }
    if steps.len() > begun {
        steps.push(Step { at: to, act: Act::Name(Names::Dns, u8::MAX, 0) });
        steps.push(Step { at: to, act: Act::Name(Names::File, u8::MAX, 0) });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TIMES: Times = Times {
        first: Duration::from_secs(60),
        end: Duration::from_secs(600),
        quiet: Duration::from_secs(8),
    };

    #[test]
    fn a_seed_has_one_plan_and_another_seed_another() {
        assert_eq!(draw(7, TIMES), draw(7, TIMES));
        assert_ne!(draw(7, TIMES), draw(8, TIMES));
    }

    #[test]
    fn every_fault_is_there_and_over_before_the_quiet() {
        for seed in 0..50 {
            let steps = draw(seed, TIMES);
            for (from, to) in [(0, 52), (60, 592)] {
                let (from, to) = (Duration::from_secs(from), Duration::from_secs(to));
                let mut open = 0_i32;
                for step in steps.iter().filter(|step| (from..=to).contains(&step.at)) {
                    open += match step.act {
                        Act::Name(..) => 0,
                        act if act.fault().is_some() => 1,
                        _ => -1,
                    };
                }
                assert_eq!(open, 0, "seed {seed}");
            }
            let last = steps.last().unwrap();
            assert!(matches!(last.act, Act::Name(_, u8::MAX, _)), "all are members in the end");
            assert!(last.at <= TIMES.end - TIMES.quiet);
            let mut faults: Vec<_> = steps.iter().filter_map(|step| step.act.fault()).collect();
            faults.sort_unstable();
            faults.dedup();
            assert!(faults.len() >= 10, "seed {seed}: {faults:?}");
        }
    }
}
