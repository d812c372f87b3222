//! That the engine does what a world says.

use super::{figure, figures, world};
use crate::args::WORLDS;
use crate::simulator::clients::Rule;
use crate::simulator::engine;
use crate::simulator::measures::Figure::{Answered, Bad, Errors, LongestQueue, P50, P99};
use crate::simulator::world::read_all;

const REAL: &str = "two-random-choices";

#[test]
fn every_world_is_read_and_named_once() {
    let worlds = read_all(WORLDS.as_ref()).unwrap();
    let mut names: Vec<_> = worlds.iter().map(|world| world.name.as_str()).collect();
    assert!(names.len() > 60, "{names:?}");
    names.sort_unstable();
    assert!(names.windows(2).all(|pair| pair[0] != pair[1]), "{names:?}");
}

#[test]
fn a_seed_is_a_result() {
    let text = "calls = 5000\nclients = 3\nservers = 5\nload = 0.8\nretries = 1\nhedge = \"30ms\"\n\
                [[trouble]]\nservers = \"all\"\nfail = 0.1\n";
    let world = world(text);
    let rule = Rule::parse(REAL).unwrap();
    let run = |seed| {
        let measures = engine::run(&world, &rule, seed, false).unwrap();
        (measures.total.to_bits(), measures.by_server)
    };
    assert_eq!(run(1), run(1));
    assert_ne!(run(1), run(2));
}

#[test]
fn a_real_policy_and_its_copy_agree() {
    let calls = if cfg!(debug_assertions) { 40_000 } else { 400_000 };
    let world = world(&format!("calls = {calls}\nclients = 10\nservers = 10\nload = 0.85\n"));
    let [real, copy] = [REAL, "envoy-ejection"].map(|rule| figures(&world, rule, 2).get(P99));
    assert!((real / copy - 1.0).abs() < 0.06, "{real} and {copy}");
}

#[test]
fn calls_wait_while_no_server_is_there() {
    let text = "calls = 3000\nwarm = 0.0\nclients = 3\nservers = 2\nworkers = 4\nrate = 100.0\n\
                [[trouble]]\nservers = \"all\"\ndown = true\nfrom = \"5s\"\nuntil = \"6s\"\n";
    // What was at the servers is lost; what comes meanwhile waits, and nothing is left over.
    for rule in [REAL, "exact-least"] {
        let figures = figures(&world(text), rule, 1);
        assert!(figures.get(Errors) < 0.5, "{rule}: {figures:?}");
        assert!(figures.get(Answered) > 99.5, "{rule}: {figures:?}");
        let with = world(&format!("deadline = \"200ms\"\n{text}"));
        let answered = figure(&with, rule, Answered);
        assert!((96.0..98.5).contains(&answered), "{rule}: {answered}");
    }
}

#[test]
fn a_server_that_is_known_to_be_down_gets_nothing() {
    let text = "calls = 2000\nclients = 2\nservers = 4\nrate = 100.0\nbad = [1]\n\
                [[trouble]]\nservers = [1]\ndown = true\n";
    for rule in [REAL, "exact-least", "round-robin", "prequal", "wrr-orca", "locality-aware"] {
        assert_eq!(figure(&world(text), rule, Bad).to_bits(), 0, "{rule}");
    }
}

#[test]
fn a_fast_failure_attracts_requests() {
    // What field studies and theory say of the fewest pending: 37 to 38 % of all.
    let text = "calls = 20000\nclients = 1\nservers = 10\nworkers = 8\nrate = 3000.0\nbad = [3]\n\
                [[trouble]]\nservers = [3]\nfail = 1.0\n";
    let share = figure(&world(text), "exact-least", Bad);
    assert!((35.0..41.0).contains(&share), "{share}");
}

#[test]
fn a_retry_avoids_what_it_has_tried() {
    let text = "calls = 4000\nclients = 2\nservers = 10\nworkers = 8\nrate = 1000.0\nretries = 1\n\
                [[trouble]]\nservers = [3]\nfail = 1.0\n";
    for rule in [REAL, "exact-least"] {
        assert!(figure(&world(text), rule, Answered) > 99.99, "{rule}");
        let without = world(&format!("avoid = false\n{text}"));
        assert!(figure(&without, rule, Answered) < 99.8, "{rule}");
    }
}

#[test]
fn a_hedge_escapes_a_pause() {
    let text = "calls = 10000\nclients = 5\nservers = 10\nworkers = 4\nload = 0.3\n\
                [[trouble]]\nservers = \"all\"\npause = true\n\
                random = { lasts = \"200ms\", between = \"5s\" }\n";
    let without = figure(&world(text), REAL, P99);
    let with = figure(&world(&format!("hedge = \"30ms\"\n{text}")), REAL, P99);
    assert!(with < 0.7 * without, "{with} and {without}");
}

#[test]
fn racks_pause_in_turn() {
    let text = "calls = 20000\nclients = 4\nservers = 4\nworkers = 4\nload = 0.5\n\
                [[trouble]]\nservers = \"all\"\nrack = 2\npause = true\nfrom = \"1s\"\n\
                until = \"1300ms\"\nevery = \"1s\"\n";
    // Never all at once: a rule that counts goes to those that run.
    let figures = figures(&world(text), "exact-least", 1);
    assert!(figures.get(P50) < 15.0, "{figures:?}");
    assert!(figures.get(P99) > 100.0, "{figures:?}");
}

#[test]
fn a_client_keeps_to_its_slice() {
    let text = "calls = 20000\nclients = 10\nservers = 30\nsubset = 3\nload = 0.5\n";
    let world = world(text);
    let rule = Rule::parse(REAL).unwrap();
    let matrix = engine::run(&world, &rule, 1, true).unwrap().trace.unwrap().matrix;
    for (client, row) in matrix.iter().enumerate() {
        let mut used: Vec<_> = (0..30).filter(|server| row[*server] > 0).collect();
        used.sort_unstable();
        assert_eq!(used, [3 * client, 3 * client + 1, 3 * client + 2]);
    }
}

#[test]
fn a_full_queue_refuses() {
    let text = "calls = 5000\nclients = 1\nservers = 2\nload = 1.5\nqueue-limit = 4\n";
    let figures = figures(&world(text), REAL, 1);
    assert!(figures.get(LongestQueue) <= 5.0 && figures.get(Errors) > 25.0, "{figures:?}");
}

#[test]
fn a_rule_that_is_not_for_such_requests_says_so() {
    let world = world("calls = 100\nclients = 1\nservers = 2\nload = 0.5\n");
    let rule = Rule::parse("direct").unwrap();
    assert!(engine::run(&world, &rule, 1, false).unwrap_err().contains("direct"));
}
