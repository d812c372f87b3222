//! One scene, and several who choose: policies of a peer list, and proxies with rules of their own.
//!
//! ```text
//! cargo run --release --example scene               # 20 s for each who chooses
//! cargo run --release --example scene -- --quick    # 5 s
//! cargo run --release --example scene -- --only least-loaded --only haproxy
//! ```
//!
//! Ten servers on loopback speak HTTP. One is slow, one fails at once whatever it is asked, one
//! fails at first and then recovers, one is killed and started again. The same load comes to them
//! through a peer list in the client, and through `HAProxy` and nginx, if they are installed.
//!
//! | to learn | read |
//! |---|---|
//! | what the servers do, and when | `part.rs`, `server.rs` |
//! | how it is played | `play.rs` |
//! | how the requests are made and measured | `load.rs`, `figures.rs` |
//! | what the proxies are told | `config.rs` |
//! | how a list is used | `direct.rs`, and the quickstart |

#[path = "../quickstart/acceptor.rs"]
mod acceptor;
mod check;
mod config;
#[path = "../quickstart/connection.rs"]
mod connection;
mod direct;
mod figures;
mod http;
mod load;
mod part;
mod play;
mod proxy;
mod server;

use std::error::Error;
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;

use crate::config::{OBSERVED, Program};
use crate::figures::{median, table};
use crate::part::Stage;
use crate::play::Who;
use crate::proxy::Proxy;

const POLICIES: [&str; 5] = [
    "round-robin",
    "two-random-choices",
    "fewest-pending-requests",
    "least-loaded",
    "least-latency",
];

const HAPROXY: [&str; 3] = ["leastconn", "random(2)", OBSERVED];
const NGINX: [&str; 2] = ["least_conn", "random two least_conn"];

/// Sends the same requests to ten servers, some of them bad, as policies and proxies choose.
#[derive(Debug, Parser)]
#[command(name = "scene")]
struct Args {
    /// Seconds for each who chooses (2 to 600)
    #[arg(long, value_name = "S", default_value_t = 20, value_parser = clap::value_parser!(u64).range(2..=600))]
    seconds: u64,

    /// 5 seconds for each
    #[arg(long, conflicts_with = "seconds")]
    quick: bool,

    /// Rounds, of which the table has the medians (1 to 20)
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=20))]
    rounds: u32,

    /// Requests a second (10 to 2000)
    #[arg(long, value_name = "N", default_value_t = 600, value_parser = clap::value_parser!(u32).range(10..=2000))]
    rate: u32,

    /// Only those whose name contains this; may be repeated
    #[arg(long, value_name = "PART")]
    only: Vec<String>,

    /// Fails unless least-loaded and least-latency send less to bad servers than the others do
    #[arg(long)]
    check: bool,
}

impl Args {
    fn wants(&self, name: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|part| name.contains(part.as_str()))
    }

    fn total(&self) -> Duration {
        Duration::from_secs(if self.quick { 5 } else { self.seconds })
    }
}

fn main() -> ExitCode {
    match run(&Args::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(args: &Args) -> Result<(), Box<dyn Error>> {
    let who = choosers(args);
    if who.is_empty() {
        return Err("there is nothing of this name to choose by that is installed".into());
    }
    // All of them in each round: what else the machine does at that time is the same for all.
    let mut runs: Vec<_> = who.iter().map(|_| vec![]).collect();
    for round in 1..=args.rounds {
        for (who, runs) in who.iter().zip(&mut runs) {
            eprintln!("round {round} of {}: {who}", args.rounds);
            runs.push(who.play(args, round)?);
        }
    }
    let rows: Vec<_> = runs.iter().map(|runs| median(runs)).collect();
    println!("{}", table(&rows, &Stage::new(args.total())));
    if args.check {
        println!("\n{} relations hold", check::check(&rows)?);
    }
    Ok(())
}

/// Those that are wanted and installed.
fn choosers(args: &Args) -> Vec<Who> {
    let policies = POLICIES.into_iter().filter(|policy| args.wants(policy));
    let mut all: Vec<_> = policies.map(Who::Policy).collect();
    for (program, rules) in [(Program::Haproxy, &HAPROXY[..]), (Program::Nginx, &NGINX)] {
        let named = |rule: &&str| args.wants(&format!("{} {rule}", program.name()));
        let rules: Vec<_> = rules.iter().copied().filter(named).collect();
        if rules.is_empty() {
            continue;
        }
        let Some(place) = Proxy::find(program) else {
            eprintln!("{} is not installed: left out", program.name());
            continue;
        };
        eprintln!("{}", Proxy::version(&place).unwrap_or_default());
        let through = |rule| Who::Proxy { place: place.clone(), program, rule };
        all.extend(rules.into_iter().map(through));
    }
    all
}
