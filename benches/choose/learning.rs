//! Choose + finish of policies that learn from how requests end, against `two-random-choices`, which
//! does not.
//!
//! Two ways: one request at a time, and with as many in flight as there are peers, where the random
//! peers are seldom idle and the remembered ones are looked at. Instructions are counted as well, as
//! they say the same on a busy machine.

use std::hint::black_box;
use std::time::Duration;

use peerage::policy::{Policy, Priced, PricedOptions};
use peerage::{Chooser, Finish, Outcome, PeerList, Pick, Request, Wait};

use crate::peers::{filled, random, round_robin, two_random};
use crate::table::Report;
use crate::timing::{Effort, Rounds, paired};

const SIZES: [usize; 2] = [10, 1_000];
const PLAIN: &str = "two-random-choices";
const ERRORS: &str = "two-random-choices:errors=on";
const LOADED: &str = "least-loaded";
const LATENCY: &str = "least-latency:measure=off";

/// What is measured, and how often the time of plain two random choices it may take.
const RATIOS: [(&str, f64); 3] = [(ERRORS, 1.10), (LOADED, 1.5), (LATENCY, 2.0)];

/// How a request ends: after a time that differs from request to request, if it is told.
trait End: Copy + Sync {
    fn of(self, round: u64) -> Finish;
}

#[derive(Clone, Copy)]
struct Untimed;

impl End for Untimed {
    #[inline(always)]
    fn of(self, _: u64) -> Finish {
        Outcome::Success.into()
    }
}

#[derive(Clone, Copy)]
struct Timed;

impl End for Timed {
    #[inline(always)]
    fn of(self, round: u64) -> Finish {
        let took = Duration::from_nanos(1_000_000 + (round & 0xfff) * 1_000);
        Finish::new(Outcome::Success).with_latency(took)
    }
}

/// One request after the other.
fn one_by_one<P: Policy>(list: &PeerList<P>, end: impl End) -> impl Rounds {
    move |rounds| {
        let request = Request::new();
        for round in 0..rounds {
            let pick = list.choose(&request, Wait::default()).expect("peers are there");
            pick.finish(end.of(round));
        }
    }
}

/// With so many in flight, of which the oldest ends.
fn overlapping<P: Policy>(list: &PeerList<P>, end: impl End, in_flight: usize) -> impl Rounds {
    move |rounds| {
        let request = Request::new();
        let choose = || list.choose(&request, Wait::default()).expect("peers are there");
        let mut picks: Vec<Pick> = (0..in_flight).map(|_| choose()).collect();
        let mut oldest = 0;
        for round in 0..rounds {
            let begun = choose();
            std::mem::replace(&mut picks[oldest], begun).finish(end.of(round));
            oldest = if oldest + 1 == in_flight { 0 } else { oldest + 1 };
        }
        black_box(&picks);
        for pick in picks {
            pick.finish(end.of(0));
        }
    }
}

/// Calls `$then` with a policy of this name, and how its requests end.
macro_rules! with_policy {
    ($name:expr, $policy:ident, $end:ident => $then:expr) => {
        match $name {
            "random" => {
                let ($policy, $end) = (random(), Untimed);
                $then
            }
            "round-robin" => {
                let ($policy, $end) = (round_robin(), Untimed);
                $then
            }
            PLAIN => {
                let ($policy, $end) = (two_random(), Untimed);
                $then
            }
            ERRORS => {
                let options = PricedOptions::new().with_memory(0);
                let ($policy, $end) = (Priced::least_loaded(options), Untimed);
                $then
            }
            LOADED => {
                let ($policy, $end) = (Priced::least_loaded(PricedOptions::new()), Untimed);
                $then
            }
            LATENCY => {
                let options = PricedOptions::new().with_measure(false);
                let ($policy, $end) = (Priced::least_latency(options), Timed);
                $then
            }
            other => panic!("no policy is called {other:?}"),
        }
    };
}

pub(crate) fn rows(report: &mut Report, effort: Effort) {
    let plain = |peers| filled(two_random(), peers).0;
    for peers in SIZES {
        for (name, target) in RATIOS {
            let times = with_policy!(name, policy, end => {
                let (list, plain) = (filled(policy, peers).0, plain(peers));
                paired(effort, 1, one_by_one(&list, end), one_by_one(&plain, Untimed))
            });
            let what = format!("{name}, {peers} peers, against {PLAIN}");
            let measured = format!("{:.1} ns / {:.1} ns", times.0, times.1);
            report.row(&what, &measured, times.0 / times.1, " ×", target);
        }
        for (name, _) in RATIOS {
            let times = with_policy!(name, policy, end => {
                let (list, plain) = (filled(policy, peers).0, plain(peers));
                let learnt = overlapping(&list, end, peers);
                paired(effort, 1, learnt, overlapping(&plain, Untimed, peers))
            });
            let what = format!("{name}, the same with {peers} requests in flight");
            let measured = format!("{:.1} ns / {:.1} ns", times.0, times.1);
            report.note(&what, &measured, &format!("{:.2} ×", times.0 / times.1));
        }
    }
    if effort.instructions {
        instructions(report);
    }
}

/// A run of requests in a process of its own.
pub(crate) fn replay(words: &[String]) {
    let number = |word: &String| word.parse::<u64>().expect("a number");
    let (peers, rounds) = (number(&words[1]) as usize, number(&words[2]));
    match words[0].strip_prefix("busy ") {
        None => with_policy!(&*words[0], policy, end => {
            one_by_one(&filled(policy, peers).0, end)(rounds);
        }),
        Some(name) => with_policy!(name, policy, end => {
            overlapping(&filled(policy, peers).0, end, peers)(rounds);
        }),
    }
}

fn instructions(report: &mut Report) {
    const ROUNDS: u64 = 200_000;
    let each = |name: &str, peers: usize| {
        let count = |rounds: u64| {
            let words = ["--requests".to_owned(), name.to_owned(), peers.to_string()];
            crate::replayed(&[&words[..], &[rounds.to_string()]].concat())
        };
        Some(count(2 * ROUNDS)?.checked_sub(count(ROUNDS)?)? as f64 / ROUNDS as f64)
    };
    for name in ["random", "round-robin", PLAIN, ERRORS, LOADED, LATENCY] {
        for name in [name.to_owned(), format!("busy {name}")] {
            let figures = SIZES.map(|peers| each(&name, peers));
            let text = |figure: Option<f64>| figure.map_or("?".to_owned(), |it| format!("{it:.0}"));
            let what = format!("{name}: instructions at {} and {} peers", SIZES[0], SIZES[1]);
            report.note(&what, &figures.map(text).join(" / "), "");
        }
    }
}
