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
//! | how the requests are made and measured | `load.rs`, `figures.rs` |
//! | what the proxies are told | `config.rs` |
//! | how a list is used | `direct.rs`, and the quickstart, whose transport this is |

#[path = "../quickstart/acceptor.rs"]
mod acceptor;
#[path = "../quickstart/backoff.rs"]
mod backoff;
mod check;
mod config;
#[path = "../quickstart/connection.rs"]
mod connection;
mod direct;
mod figures;
mod http;
mod load;
mod part;
#[path = "../quickstart/peer.rs"]
mod peer;
mod proxy;
mod server;
#[allow(dead_code, reason = "the quickstart counts its connections, the scene does not")]
#[path = "../quickstart/transport.rs"]
mod transport;

use std::error::Error;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use clap::Parser;

use crate::config::{OBSERVED, Program};
use crate::direct::Direct;
use crate::figures::{Figures, table};
use crate::load::Way;
use crate::part::{CAST, Part, Stage};
use crate::proxy::Proxy;
use crate::server::Server;

const POLICIES: [&str; 5] = [
    "round-robin",
    "two-random-choices",
    "fewest-pending-requests",
    "least-loaded",
    "least-latency",
];

const PROXIES: [(Program, &str); 5] = [
    (Program::Haproxy, "leastconn"),
    (Program::Haproxy, "random(2)"),
    (Program::Haproxy, OBSERVED),
    (Program::Nginx, "least_conn"),
    (Program::Nginx, "random two least_conn"),
];

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
    let mut rows = vec![];
    for policy in POLICIES.into_iter().filter(|policy| args.wants(policy)) {
        let start = |servers: &[Server]| Direct::start(policy, servers);
        rows.push(play(policy, args, start, Direct::stop)?);
    }
    for program in [Program::Haproxy, Program::Nginx] {
        let named = |balance: &&str| args.wants(&format!("{} {balance}", program.name()));
        let mut balances = PROXIES.iter().filter(|(of, _)| *of == program).map(|(_, how)| *how);
        let balances: Vec<_> = balances.by_ref().filter(named).collect();
        if balances.is_empty() {
            continue;
        }
        let Some(place) = Proxy::find(program) else {
            eprintln!("{} is not installed: left out", program.name());
            continue;
        };
        eprintln!("{}", Proxy::version(&place).unwrap_or_default());
        for balance in balances {
            rows.push(through(&place, program, balance, args)?);
        }
    }
    if rows.is_empty() {
        return Err(format!("nothing is called {}", args.only.join(" or ")).into());
    }
    println!("{}", table(&rows, &Stage::new(args.total())));
    if args.check {
        let (known, wrong) = check::check(&rows);
        if !wrong.is_empty() {
            return Err(wrong.join("\n       ").into());
        }
        println!("\n{known} relations hold");
    }
    Ok(())
}

fn through(
    place: &Path,
    program: Program,
    balance: &str,
    args: &Args,
) -> Result<Figures, Box<dyn Error>> {
    let start = |servers: &[Server]| Proxy::start(place, program, balance, servers);
    let stop = |proxy| {
        drop(proxy);
        Ok(())
    };
    play(&format!("{} {balance}", program.name()), args, start, stop)
}

/// The scene once, with servers of its own.
fn play<W: Way>(
    name: &str,
    args: &Args,
    start: impl FnOnce(&[Server]) -> Result<W, Box<dyn Error>>,
    stop: impl FnOnce(W) -> Result<(), Box<dyn Error>>,
) -> Result<Figures, Box<dyn Error>> {
    let stage = Arc::new(Stage::new(args.total()));
    let started = CAST.iter().map(|part| Server::start(*part, Arc::clone(&stage)));
    let mut servers: Vec<_> = started.collect::<Result<_, _>>()?;
    let way = start(&servers)?;
    let due = load::arrivals(args.rate, stage.total);
    let began = stage.begin();
    let ended = thread::scope(|scope| {
        let load = scope.spawn(|| load::run(&way, &due, began));
        let restarted = restart(&mut servers, &stage);
        let ended = load.join().map_err(|_| "the load's thread panicked");
        restarted.map_err(|error| format!("the server can't be started again: {error}"))?;
        Ok::<_, Box<dyn Error>>(ended?)
    })?;
    stop(way)?;
    let figures = Figures::of(name, &ended, &servers, &stage);
    eprintln!("{name}: {} requests", figures.requests);
    if figures.requests < due.len() {
        return Err(format!("{name}: {} of {} requests", figures.requests, due.len()).into());
    }
    Ok(figures)
}

/// Kills a server when its time has come, and starts it again.
fn restart(servers: &mut [Server], stage: &Stage) -> std::io::Result<()> {
    for server in servers.iter_mut().filter(|server| server.part == Part::Restarting) {
        thread::sleep(stage.killed().saturating_sub(stage.now()));
        server.kill();
        thread::sleep(stage.recovered().saturating_sub(stage.now()));
        server.revive()?;
    }
    Ok(())
}
