//! Peers that come and go all the time: each gets its share of the time that it is available, and no
//! other peer's share is changed.

use std::collections::{BTreeMap, VecDeque};

use peerage::ConnectionStatus::{Available, Unavailable};
use peerage::policy::{FewestPending, Policy, Rng, RoundRobin};
use peerage::testing::FakeTransport;
use peerage::{Chooser, Outcome, PeerList, Request};

use crate::{list, next};

fn name(peer: usize) -> String {
    format!("p{peer}")
}

fn flap(transport: &FakeTransport, peer: usize) {
    transport.set_status(&name(peer), Unavailable);
    transport.set_status(&name(peer), Available);
}

#[test]
fn a_flap_between_two_choices_changes_nothing() {
    let most = if cfg!(miri) { 4 } else { 40 };
    for peers in 2..=most {
        for every in 1..=4 {
            for flapping in 1..=3.min(peers) {
                let (list, transport) = list(RoundRobin::in_order(), peers);
                for n in 0..5 * peers {
                    let expected = name(n % peers);
                    assert_eq!(next(&list), expected, "{flapping} of {peers} every {every}");
                    if n % every == 0 {
                        (0..flapping).for_each(|peer| flap(&transport, peer));
                    }
                }
            }
        }
    }
}

/// Ten peers, of which some are in a crash loop: up for nine tenths of each cycle, in which the
/// caller sends `per_cycle` requests.
struct CrashLoops {
    loops: usize,
    per_cycle: f64,
}

impl CrashLoops {
    const PEERS: usize = 10;
    const REQUESTS: usize = 10_000;

    /// The turns of each peer.
    fn run<P: Policy>(&self, policy: P) -> Vec<u32> {
        let (list, transport) = list(policy, Self::PEERS);
        let cycles = Self::REQUESTS as f64 / self.per_cycle;
        // In the order of time: a request, or a peer that goes or comes.
        let mut events: Vec<(f64, Option<(usize, bool)>)> =
            (0..Self::REQUESTS).map(|n| (n as f64 / self.per_cycle, None)).collect();
        for peer in 0..self.loops {
            // Each loop has a length of its own, so that it meets the requests at all phases.
            let length = 1.0 + 0.001 * (peer + 1) as f64;
            let mut begin = 0.013 * (peer + 1) as f64;
            while begin < cycles {
                events.push((begin, Some((peer, false))));
                events.push((begin + 0.1 * length, Some((peer, true))));
                begin += length;
            }
        }
        events.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut turns = vec![0; Self::PEERS];
        for (_, event) in events {
            match event {
                None => turns[next(&list)[1..].parse::<usize>().unwrap()] += 1,
                Some((peer, up)) => {
                    let status = if up { Available } else { Unavailable };
                    transport.set_status(&name(peer), status);
                }
            }
        }
        turns
    }
}

const LOOPS: [CrashLoops; 6] = [
    CrashLoops { loops: 2, per_cycle: 100.0 },
    CrashLoops { loops: 2, per_cycle: 2.0 },
    CrashLoops { loops: 3, per_cycle: 1.0 },
    CrashLoops { loops: 3, per_cycle: 0.5 },
    CrashLoops { loops: 1, per_cycle: 1.0 },
    CrashLoops { loops: 9, per_cycle: 1.0 },
];

#[test]
#[cfg_attr(miri, ignore = "many requests, and nothing unsafe in another order")]
fn peers_in_a_crash_loop_get_their_share_of_the_turns() {
    for seed in 0..2 {
        for case in LOOPS {
            let turns = case.run(RoundRobin::new().with_rng(Rng::seeded(seed)));
            let what = format!("{} in a loop, {} a cycle: {turns:?}", case.loops, case.per_cycle);
            let (looping, sound) = turns.split_at(case.loops);
            let (least, most) = (sound.iter().min().unwrap(), sound.iter().max().unwrap());
            // These are there in every pass.
            assert!(most - least <= 1, "{what}");
            for &turns in looping {
                // They are up in nine passes of ten, and one turn is all that a pass has for them.
                // (Where passes and cycles are in step, they may meet each other more often.)
                let share = f64::from(turns) / f64::from(*most);
                assert!((0.8..=1.0).contains(&share), "{what}");
            }
        }
    }
}

/// Before, each peer that came back was the next to be chosen of all idle ones.
#[test]
#[cfg_attr(miri, ignore = "many requests, and nothing unsafe in another order")]
fn peers_in_a_crash_loop_are_not_preferred_among_equals() {
    for seed in 0..2 {
        for case in LOOPS {
            let turns = case.run(FewestPending::new().with_rng(Rng::seeded(seed)));
            let what = format!("{} in a loop, {} a cycle: {turns:?}", case.loops, case.per_cycle);
            let fair = CrashLoops::REQUESTS as f64 / CrashLoops::PEERS as f64;
            // Not exactly even: a peer that comes back gets a random place each time.
            let even = turns.iter().all(|&turns| (0.6..1.6).contains(&(f64::from(turns) / fair)));
            assert!(even, "{what}");
        }
    }
}

/// Servers that close the connection after each answer, and are back after the next request or two.
#[test]
fn peers_that_go_away_after_each_request_have_equal_turns() {
    for peers in [2, 3, 5, 10, 20] {
        for gap in [1, 2] {
            let (list, transport) = list(RoundRobin::new().with_rng(Rng::seeded(1)), peers);
            let (mut turns, mut away) = (BTreeMap::new(), VecDeque::new());
            for _ in 0..100 * peers {
                let Ok(pick) = list.try_choose(&Request::new()) else {
                    // All are away.
                    let back: String = away.pop_front().unwrap();
                    transport.set_status(&back, Available);
                    continue;
                };
                let name = pick.identifier().to_owned();
                pick.finish(Outcome::Success);
                transport.set_status(&name, Unavailable);
                *turns.entry(name.clone()).or_insert(0) += 1;
                away.push_back(name);
                if away.len() > gap {
                    transport.set_status(&away.pop_front().unwrap(), Available);
                }
            }
            let (least, most) = (turns.values().min().unwrap(), turns.values().max().unwrap());
            assert_eq!(turns.len(), peers);
            assert!(most - least <= 1, "{peers} peers, back after {gap}: {turns:?}");
        }
    }
}

/// A choice that finds nothing takes no peer's turn, or the one whose turn it would have been every
/// time gets none at all.
#[test]
fn a_choice_that_finds_nothing_is_no_turn() {
    for peers in [2, 3, 5, 7] {
        let (list, transport) = list(RoundRobin::in_order(), peers);
        for round in 0..100 {
            assert_eq!(next(&list), name(round % peers));
            (0..peers).for_each(|peer| transport.set_status(&name(peer), Unavailable));
            assert!(list.try_choose(&Request::new()).is_err());
            (0..peers).for_each(|peer| transport.set_status(&name(peer), Available));
        }
    }
}

/// The peer after a long run of peers that are away has one turn per pass, not theirs as well.
#[test]
fn a_run_of_absent_peers_leaves_its_turns_to_all() {
    for away in [1..2, 0..64, 1..65, 30..95, 35..100, 0..99] {
        let (list, transport) = list(RoundRobin::in_order(), 100);
        (0..3).for_each(|_| drop(next(&list)));
        away.clone().for_each(|peer| transport.set_status(&name(peer), Unavailable));
        let there: Vec<_> = (0..100).filter(|peer| !away.contains(peer)).map(name).collect();
        let turns: Vec<_> = (0..3 * there.len()).map(|_| next(&list)).collect();
        let first = there.iter().position(|peer| *peer == turns[0]).unwrap();
        let expected = there.iter().cycle().skip(first).take(turns.len());
        assert!(turns.iter().eq(expected), "{away:?} away: {turns:?}");
        // They are back where they were.
        away.for_each(|peer| transport.set_status(&name(peer), Available));
        let turns: Vec<_> = (0..200).map(|_| next(&list)[1..].parse::<usize>().unwrap()).collect();
        assert!(turns.windows(2).all(|pair| pair[1] == (pair[0] + 1) % 100), "{turns:?}");
    }
}

/// Every peer of a list goes down and comes back, again and again, and takes the turn it had.
#[test]
fn an_outage_of_all_keeps_the_order() {
    let (list, transport): (PeerList<_>, _) = list(RoundRobin::in_order(), 65);
    for round in 0..10 {
        for turn in 0..66 {
            assert_eq!(next(&list), name((round * 66 + turn) % 65));
        }
        (0..65).for_each(|peer| transport.set_status(&name(peer), Unavailable));
        (0..65).rev().for_each(|peer| transport.set_status(&name(peer), Available));
    }
}
