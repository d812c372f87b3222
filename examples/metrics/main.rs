//! Serves the numbers of choosers to Prometheus, while requests are made over them.
//!
//! ```text
//! cargo run --example metrics --features testing -- --listen 127.0.0.1:9464 --seconds 60
//! curl http://127.0.0.1:9464/metrics         the choosers
//! curl http://127.0.0.1:9464/metrics?peers   and their peers
//! ```
//!
//! `serve.rs` is what a program of one's own needs: one call, and the format that the client asks for.
//! `load.rs` and `names.rs` make numbers worth looking at, without a network: peers of which some fail, become
//! unavailable, are full and come back, and a source that is not always there. After so many seconds it says how
//! many requests it has made, and the server goes on until its input ends.

mod load;
mod names;
mod serve;

use std::error::Error;
use std::net::TcpListener;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use clap::Parser;
use peerage::sources::SourceOptions;
use peerage::testing::FakeTransport;
use peerage::updaters::Watching;
use peerage::{AnyChooser, Bind, Chooser, Lifecycle, ListOptions, Updater};

use crate::names::Names;

#[derive(Debug, Parser)]
#[command(name = "metrics")]
struct Args {
    /// Where to listen; port 0 takes one that is free
    #[arg(long, value_name = "HOST:PORT", default_value = "127.0.0.1:9464")]
    listen: String,

    /// Seconds for which requests are made
    #[arg(long, value_name = "S", default_value_t = 60)]
    seconds: u64,
}

/// A running list of a policy, fed by a source.
fn list(
    policy: &str,
    options: &str,
    name: &str,
    members: &'static [&'static str],
) -> Result<load::Load, Box<dyn Error>> {
    let transport = FakeTransport::new();
    let options = options.parse::<ListOptions>()?.with_name(name);
    let list = AnyChooser::from_spec(&policy.parse()?, transport.clone(), options);
    let binder = |list| {
        let source = Box::new(Names::new(members));
        Arc::new(Watching::new(list, source, SourceOptions::default())) as Arc<dyn Updater>
    };
    let chooser = Arc::new(Bind::new(list, binder));
    chooser.start()?;
    Ok(load::Load { chooser, transport })
}

fn main() -> Result<(), Box<dyn Error>> {
    let args = Args::parse();
    let options = "timeout=200ms,max-pending=3,max-waiting=4";
    let loads = [
        list("least-loaded", options, "users", &["a:80", "b:80", "c:80"])?,
        list("round-robin", "fail-fast,eject=3", "items", &["a:80", "d:80"])?,
        // Names are any text.
        list("random", "timeout=50ms", "odd \"\\\n{},= \u{e9}", &["a:80"])?,
    ];

    let choosers = loads.each_ref().map(|load| Arc::clone(&load.chooser) as Arc<dyn Chooser>);
    let listener = TcpListener::bind(&args.listen)?;
    println!("listening on {}", listener.local_addr()?);
    thread::spawn(move || serve::serve(&listener, &choosers));

    let made = load::run(&loads, Duration::from_secs(args.seconds));
    println!("made {} requests, of which {} ended well", made.all, made.well);
    std::io::copy(&mut std::io::stdin(), &mut std::io::sink())?;
    Ok(())
}
