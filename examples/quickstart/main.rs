//! A client with a peer list, against servers that die, come back, join and leave.
//!
//! ```text
//! cargo run --release --example quickstart
//! cargo run --release --example quickstart -- --policy round-robin --seconds 10
//! ```
//!
//! Everything is real but the work the servers do: TCP over loopback, the library's pool, which
//! connects in the background and keeps connections (`connection.rs`), clients that send again what
//! can be sent again (`load.rs`). One of the servers is slow, which is where policies differ.
//!
//! | to learn | read |
//! |---|---|
//! | how to choose and finish | `load.rs` |
//! | how to have connections kept | `connection.rs`, `peerage::transports::pool` |
//! | how to observe a list | `timeline.rs` |

mod acceptor;
mod connection;
mod load;
mod report;
mod scenario;
mod server;
mod tally;
mod timeline;
mod wire;

use std::error::Error;
use std::io::{self, Write};
use std::process::ExitCode;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use clap::Parser;
use peerage::error::SpecError;
use peerage::policy::{AnyPolicy, PolicySpec, catalogue};
use peerage::transports::pool::Pool;
use peerage::{Chooser, Lifecycle, ListOptions, PeerList};

use crate::load::Load;
use crate::report::{Progress, Report};
use crate::scenario::Scenario;
use crate::tally::Tally;
use crate::timeline::Timeline;

/// How often the progress line is drawn and the scenario looks at the clock.
const TICK: Duration = Duration::from_millis(50);

/// Sends requests through a peer list to TCP servers on loopback, one of which is slow. Midway one
/// server is killed and revived, one is added and one removed.
#[derive(Debug, Parser)]
#[command(name = "quickstart", after_help = policies())]
struct Args {
    /// Policy that picks the server of each request: name[:key=value,...]
    #[arg(long, value_name = "SPEC", default_value = "two-random-choices", value_parser = policy)]
    policy: PolicySpec,

    /// Servers at the beginning (2 to 16)
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = servers)]
    servers: usize,

    /// Client threads, each with one request at a time (1 to 64)
    #[arg(long, value_name = "N", default_value_t = 8, value_parser = threads)]
    threads: usize,

    /// Seconds to run (1 to 3600)
    #[arg(long, value_name = "S", default_value_t = 6, value_parser = seconds)]
    seconds: u64,
}

/// `direct` is for requests that name their server, which those of this client do not.
const OTHER_REQUESTS: &str = "direct";

fn policies() -> String {
    let mut text = "Policies:".to_owned();
    for row in catalogue().filter(|row| row.name() != OTHER_REQUESTS) {
        text += &format!("\n  {:<25}{}", row.name(), row.about());
        for key in row.keys() {
            text += &format!("\n    {:<27}{} ({})", key.name(), key.about(), key.accepts());
        }
    }
    text + "\n\nEvery request has a shard key, which hashring32 goes by."
}

fn policy(text: &str) -> Result<PolicySpec, String> {
    let spec: PolicySpec = text.parse().map_err(|wrong: SpecError| wrong.to_string())?;
    if spec.name() == OTHER_REQUESTS {
        return Err("the requests here do not name a server".into());
    }
    Ok(spec)
}

fn servers(text: &str) -> Result<usize, String> {
    let why = "need 2 to 16 servers (one is killed midway, and another has to be there)";
    text.parse().ok().filter(|n| (2..=16).contains(n)).ok_or_else(|| why.into())
}

fn threads(text: &str) -> Result<usize, String> {
    let parsed = text.parse().ok().filter(|n| (1..=64).contains(n));
    parsed.ok_or_else(|| "need 1 to 64 threads".into())
}

fn seconds(text: &str) -> Result<u64, String> {
    let parsed = text.parse().ok().filter(|n| (1..=3600).contains(n));
    parsed.ok_or_else(|| "need 1 to 3600 whole seconds".into())
}

fn main() -> ExitCode {
    let args = Args::parse();
    match run(&args) {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever read the output has seen enough of it.
        Err(error) if is_broken_pipe(&*error) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn is_broken_pipe(error: &(dyn Error + 'static)) -> bool {
    let error: Option<&io::Error> = error.downcast_ref();
    error.is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}

fn run(args: &Args) -> Result<(), Box<dyn Error>> {
    writeln!(
        io::stdout(),
        "{} servers, {} client threads, {} s, policy {}",
        args.servers,
        args.threads,
        args.seconds,
        args.policy
    )?;
    let timeline = Arc::new(Timeline::new());
    let mut scenario = Scenario::start(args.servers, Arc::clone(&timeline))?;

    let pool = Pool::new(connection::tcp());
    let policy = AnyPolicy::from_spec(&args.policy, None);
    let options = ListOptions::new().with_observer(Arc::clone(&timeline) as _);
    let list = Arc::new(PeerList::new(policy, Arc::clone(&pool) as _, options));
    list.start()?;

    let load = Load::new(Arc::clone(&list));
    let tally = drive(args, &load, &mut scenario, &timeline)?;

    let status = list.introspect();
    timeline.watch(false);
    list.stop()?;
    pool.join();
    scenario.stop();

    let dials = (pool.stats().made, pool.stats().failed);
    let servers = scenario.servers();
    let report = Report { timeline: &timeline, servers, status: &status, tally: &tally, dials };
    let printed = writeln!(io::stdout(), "\n{}", report.text()?.trim_end());
    let checked = tally.check(report.executed());
    checked.map_err(|wrong| format!("the numbers do not add up: {wrong}"))?;
    Ok(printed?)
}

/// Lets the clients work while the scenario goes on.
fn drive(
    args: &Args,
    load: &Load,
    scenario: &mut Scenario,
    timeline: &Timeline,
) -> Result<Tally, Box<dyn Error>> {
    let total = Duration::from_secs(args.seconds);
    let progress = Progress::new(total)?;
    thread::scope(|scope| {
        let mut clients = vec![];
        let mut play = || -> Result<(), Box<dyn Error>> {
            for nth in 1..=args.threads {
                let name = format!("client {nth}");
                let client = thread::Builder::new().name(name);
                clients.push(client.spawn_scoped(scope, || load.run())?);
            }
            loop {
                let now = timeline.now();
                scenario.advance(now.as_secs_f64() / total.as_secs_f64(), &load.list)?;
                progress.show(now, load);
                if now >= total {
                    return Ok(());
                }
                thread::sleep(TICK.min(total - now));
            }
        };
        let played = play();
        // Whatever happened: the scope ends when the clients do.
        load.end();
        played?;
        let mut tally = Tally::default();
        for client in clients {
            tally.merge(client.join().map_err(|_| "a client panicked")??);
        }
        Ok(tally)
    })
}
