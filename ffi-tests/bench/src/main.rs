//! `peerage-c-bench SHARED-OBJECT`: what choose + finish costs through C, next to Rust.
//!
//! Both run in this process, in turn, on one thread that is kept on one core, with 1,000 available
//! peers each and two-random-choices; the best of many short repetitions counts, because whatever
//! disturbs one only adds to it. The C side is a shared object of its own that is linked to
//! `libpeerage.so`; this program is linked to the Rust library. They share nothing but the process.
//!
//! The figures are printed and not judged. That C allocates nothing for a request is judged.

mod allocations;
mod c_side;
mod rust_side;

use std::process::ExitCode;

use c_side::CSide;
use rust_side::RustSide;

/// The numbers of `bench_choose` in `bench.c`.
const WAYS: [&str; 4] = [
    "choose + finish",
    "try_choose + finish",
    "choose + finish, with a shard key",
    "choose + finish, with 2 headers",
];

const PEERS: usize = 1_000;
/// A fraction of a millisecond: shorter than what the scheduler gives at a time.
const ROUNDS: u64 = 10_000;
const REPETITIONS: usize = 1_000;

fn per_round(nanoseconds: u64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
    let (nanoseconds, rounds) = (nanoseconds as f64, ROUNDS as f64);
    nanoseconds / rounds
}

fn main() -> ExitCode {
    let path = std::env::args_os().nth(1).expect("the shared object of the C side");
    if let Some(core) = core_affinity::get_core_ids().and_then(|cores| cores.last().copied()) {
        core_affinity::set_for_current(core);
    }
    let rust = RustSide::start(PEERS);
    let c = CSide::start(path, PEERS);
    assert!(allocations::made() > PEERS, "the allocations of both sides are counted");

    println!("{PEERS} peers, two-random-choices, one thread; ns, best of {REPETITIONS}");
    println!("{:36} {:>7} {:>7} {:>11} {:>14}", "", "Rust", "C", "difference", "allocations, C");
    let mut allocated = 0;
    for (way, name) in WAYS.into_iter().enumerate() {
        let (mut best_rust, mut best_c) = (u64::MAX, u64::MAX);
        for _ in 0..REPETITIONS {
            best_rust = best_rust.min(rust.choose(way, ROUNDS));
            best_c = best_c.min(c.choose(way, ROUNDS));
        }
        let before = allocations::made();
        c.choose(way, ROUNDS);
        let allocations = allocations::made() - before;
        allocated += allocations;
        let (rust, c) = (per_round(best_rust), per_round(best_c));
        println!("{name:36} {rust:7.1} {c:7.1} {:+11.1} {allocations:14}", c - rust);
    }
    c.stop();
    if allocated > 0 {
        eprintln!("C must not allocate for a request");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}
