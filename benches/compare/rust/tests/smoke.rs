//! Each work runs, and each side prints its lines. No time is judged.

use std::collections::HashSet;
use std::process::Command;

/// A line of the program, read as the table reads it.
#[derive(Debug)]
struct Line {
    work: String,
    side: String,
    policy: String,
    peers: usize,
    threads: usize,
    counts: String,
    figure: String,
    value: f64,
}

impl Line {
    fn parse(line: &str) -> Self {
        let fields: Vec<_> = line.split('\t').collect();
        let [work, language, side, policy, peers, threads, counts, figure, value] = fields[..]
        else {
            panic!("not nine fields: {line:?}")
        };
        assert_eq!(language, "rust", "{line:?}");
        let number = |text: &str| text.parse().unwrap_or_else(|_| panic!("a number in {line:?}"));
        Self {
            work: work.to_owned(),
            side: side.to_owned(),
            policy: policy.to_owned(),
            peers: number(peers),
            threads: number(threads),
            counts: counts.to_owned(),
            figure: figure.to_owned(),
            value: value.parse().unwrap_or_else(|_| panic!("a number in {line:?}")),
        }
    }
}

/// The program's lines for one work.
fn quick(work: &str) -> Vec<Line> {
    let program = env!("CARGO_BIN_EXE_peerage-compare");
    let ran = Command::new(program).args(["--quick", "--only", work]).output().expect("it starts");
    let errors = String::from_utf8_lossy(&ran.stderr);
    assert!(ran.status.success(), "{work}: {errors}");
    let output = String::from_utf8(ran.stdout).expect("text");
    let lines: Vec<_> = output.lines().map(Line::parse).collect();
    for line in &lines {
        assert_eq!(line.work, work);
        assert!(line.value.is_finite() && line.value > 0.0, "{line:?}");
        assert!(line.peers > 0 && line.threads > 0, "{line:?}");
        let counts = !matches!(&*line.side, "pingora" | "hashmap" | "condvar");
        assert_eq!(line.counts, if counts { "yes" } else { "no" }, "{line:?}");
    }
    let rows: HashSet<_> = lines
        .iter()
        .map(|line| (&line.side, &line.policy, line.peers, line.threads, &line.figure))
        .collect();
    assert_eq!(rows.len(), lines.len(), "{work}: a figure is there twice");
    lines
}

const OURS: [(&str, &str); 7] = [
    ("peerage", "random"),
    ("peerage", "two-random-choices"),
    ("peerage", "round-robin"),
    ("peerage", "fewest-pending-requests"),
    ("peerage", "least-loaded"),
    ("peerage", "least-latency"),
    ("peerage", "hashring32"),
];
const RIVALS: [(&str, &str); 5] = [
    ("pingora", "round-robin"),
    ("pingora", "random"),
    ("pingora", "ketama"),
    ("tower", "p2c-pending"),
    ("tower", "p2c-peak-ewma"),
];
const FLOORS: [(&str, &str); 3] =
    [("floor", "random"), ("floor", "two-random-choices"), ("floor", "round-robin")];

/// Each of the sides has each of the figures for each of the threads, and no other has any.
#[track_caller]
fn complete(lines: &[Line], sides: &[&[(&str, &str)]], figures: &[&str], threads: &[usize]) {
    let sides = sides.concat();
    for (side, policy) in &sides {
        for figure in figures {
            for threads in threads {
                let is_it = |line: &&Line| {
                    (&*line.side, &*line.policy, &*line.figure) == (*side, *policy, *figure)
                        && line.threads == *threads
                };
                let found = lines.iter().filter(is_it).count();
                assert_eq!(found, 1, "{side} {policy} {figure} by {threads} threads");
            }
        }
    }
    assert_eq!(lines.len(), sides.len() * figures.len() * threads.len());
}

#[test]
fn every_side_chooses_on_one_thread_and_on_several() {
    complete(&quick("choose"), &[&OURS, &RIVALS, &FLOORS], &["ns"], &[1, 2, 8]);
}

#[test]
fn every_side_with_a_status_is_timed_while_it_flaps() {
    let calm = ["calm-p50-ns", "calm-p99-ns", "calm-p999-ns"];
    let flap = ["flap-p50-ns", "flap-p99-ns", "flap-p999-ns"];
    let (flapping, quiet): (Vec<_>, Vec<_>) =
        quick("flaps").into_iter().partition(|line| line.figure.starts_with("flap"));
    complete(&flapping, &[&OURS, &RIVALS], &flap, &[1]);
    complete(&quiet, &[&OURS, &RIVALS, &FLOORS], &calm, &[1]);
}

#[test]
fn every_side_takes_members_in_and_lets_them_go() {
    let figures = ["add-one-ns", "add-all-ns", "flap-ns", "remove-one-ns", "remove-all-ns"];
    complete(&quick("members"), &[&OURS, &RIVALS, &[("hashmap", "names")]], &figures, &[1]);
}

#[test]
fn every_waiter_is_woken() {
    let (one, many): (Vec<_>, Vec<_>) = quick("wake").into_iter().partition(|line| line.peers == 1);
    let bells = [&OURS[..4], &[("condvar", "notify")]];
    complete(&one, &bells, &["wake-us"], &[1]);
    complete(&many, &bells, &["wake-us"], &[many[0].threads]);
}

#[test]
fn every_side_says_how_much_it_keeps() {
    complete(&quick("memory"), &[&OURS, &RIVALS, &[("hashmap", "names")]], &["bytes"], &[1]);
}

#[test]
fn a_work_that_is_not_there_is_an_error() {
    let program = env!("CARGO_BIN_EXE_peerage-compare");
    let ran = Command::new(program).args(["--only", "nothing"]).output().expect("it starts");
    assert!(!ran.status.success());
    assert!(String::from_utf8_lossy(&ran.stderr).contains("nothing"));
    assert!(ran.stdout.is_empty());
}
