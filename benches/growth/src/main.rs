//! What choose + finish should cost on many cores: a model that two threads calibrate, beside what this
//! machine measures.
//!
//! ```text
//! cargo run --release -- [--quick] [--only costs|choosing|shapes|many]
//! ```
//!
//! | file | what |
//! |---|---|
//! | `threads` | nanoseconds of a core for each round, on one thread or several |
//! | `costs` | what a line costs that another core wrote last |
//! | `shared` | which lines each policy touches, and which of them are shared |
//! | `line`, `machine` | a line, and all that cores share: what a step of a request does to it |
//! | `model` | cores that make requests on it at the same time: what one costs |
//! | `lists` | the same policies, measured |
//! | `shapes` | bare loops: one cursor or a striped one, 64 or 128 bytes a slot |
//!
//! Every time is printed and none is judged.

mod costs;
mod line;
mod lists;
mod machine;
mod model;
mod shapes;
mod shared;
mod threads;

use crate::costs::Costs;
use crate::shared::POLICIES;
use crate::threads::Effort;

const SIZES: [usize; 3] = [10, 1_000, 10_000];
const PARTS: [&str; 4] = ["costs", "choosing", "shapes", "many"];

fn main() {
    let mut effort = Effort::FULL;
    let mut only = None;
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        match word.as_str() {
            "--quick" => effort = Effort::QUICK,
            "--only" => only = words.next().filter(|part| PARTS.contains(&part.as_str())),
            _ => {
                eprintln!("'{word}' is not understood: [--quick] [--only {}]", PARTS.join("|"));
                std::process::exit(2);
            }
        }
        if word == "--only" && only.is_none() {
            eprintln!("--only takes one of {}", PARTS.join(", "));
            std::process::exit(2);
        }
    }
    let wants = |part: &str| only.as_ref().is_none_or(|only| only == part);
    let cores = threads::cores();
    println!("{cores} cores\n");
    if cores < 2 {
        return println!("With one core there is nothing to share.");
    }
    let costs = Costs::measure(effort);
    if wants("costs") {
        costs.print();
    }
    if wants("choosing") {
        choosing(effort, &costs, cores);
    }
    if wants("shapes") {
        shapes::print(effort);
    }
    if wants("many") {
        println!("With the costs of this machine:\n");
        many(effort, &costs);
        println!("With {:?}:\n", Costs::USUAL);
        many(effort, &Costs::USUAL);
    }
}

/// Prediction beside measurement. More threads than cores take turns: as many as there are cores run at
/// one time, so the prediction is that of the cores.
fn choosing(effort: Effort, costs: &Costs, cores: usize) {
    println!(
        "| policy | peers | 1 thread | 2: predicted | measured | | 8: predicted | measured | |"
    );
    println!("|---|---|---|---|---|---|---|---|---|");
    for policy in POLICIES {
        for peers in SIZES {
            let alone = lists::cost(effort, policy.name, peers, 1);
            let mut cells = String::new();
            for threads in [2, 8] {
                let measured = lists::cost(effort, policy.name, peers, threads);
                let predicted =
                    model::cost(&policy, costs, peers, threads.min(cores), alone, effort.requests);
                let ratio = measured / predicted;
                let verdict = match ratio {
                    missing if missing.is_nan() => " ?",
                    ratio if (1.0 / 1.5..=1.5).contains(&ratio) => "",
                    _ => " ✗",
                };
                cells += &format!(" {predicted:.0} | {measured:.0} | {ratio:.2}{verdict} |");
            }
            println!("| `{}` | {peers} | {alone:.1} |{cells}", policy.name);
        }
    }
    println!();
}

/// Predictions alone: nanoseconds of a core for each request, and requests of all cores together.
fn many(effort: Effort, costs: &Costs) {
    const CORES: [usize; 5] = [2, 8, 16, 32, 64];
    println!("| policy | peers |{} at 64: million/s |", CORES.map(|n| format!(" {n} |")).concat());
    println!("|---|---|{}---|", "---|".repeat(CORES.len()));
    for policy in POLICIES {
        for peers in SIZES {
            let alone = lists::cost(effort, policy.name, peers, 1);
            let each = CORES.map(|n| model::cost(&policy, costs, peers, n, alone, effort.requests));
            let cells = each.map(|cost| format!(" {cost:.0} |")).concat();
            let rate = 64.0 / each[CORES.len() - 1] * 1e3;
            println!("| `{}` | {peers} |{cells} {rate:.0} |", policy.name);
        }
    }
    println!();
}
