//! Balanced HTTP with threads, over ureq: a service, its peers, and who answered in each second.
//!
//! ```text
//! cargo run --example http --features ureq,tls -- http://users 127.0.0.1:9001 127.0.0.1:9002
//! cargo run --example http --features ureq,tls -- https://users.example --ca ca.pem 127.0.0.1:9001
//! ```
//!
//! Start the servers first (`python3 -m http.server 9001` will do), and kill one while it runs: its
//! requests go to the others, and come back with it. With TLS the certificates of all peers are
//! checked for the name of the service.

use std::collections::BTreeMap;
use std::error::Error;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};
use std::{fs, thread};

use clap::Parser;
use peerage::adapters::ureq::{Balanced, BalancedOptions};
use peerage::policy::TwoRandomChoices;
use peerage::transports::Always;
use peerage::{Chooser, Lifecycle, List, ListOptions, ListUpdates, PeerList};
use ureq::Agent;
use ureq::tls::{Certificate, RootCerts, TlsConfig};

/// Threads that send requests.
const CLIENTS: usize = 4;
const PAUSE: Duration = Duration::from_millis(5);

/// Sends requests to the peers of a service, and says who answered.
#[derive(Debug, Parser)]
#[command(name = "http")]
struct Args {
    /// The service: http://NAME or https://NAME
    service: String,

    /// host:port of each server
    #[arg(required = true)]
    peers: Vec<String>,

    /// A file with the certificate (PEM) that the servers' are signed with
    #[arg(long, value_name = "FILE")]
    ca: Option<String>,

    /// Seconds to run
    #[arg(long, value_name = "S", default_value_t = 4)]
    seconds: u64,
}

/// Second → the first line of the answers → how many.
type Answers = BTreeMap<u64, BTreeMap<String, u64>>;

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
    // A peer is left alone for a while after two failures in a row.
    let options: ListOptions = "name=users,eject=2".parse()?;
    let list = Arc::new(PeerList::new(TwoRandomChoices::new(), Always::new(), options));
    list.start()?;
    list.update(ListUpdates::adding(args.peers.iter().map(String::as_str)))?;

    let mut config = Agent::config_builder().timeout_connect(Some(Duration::from_millis(300)));
    if let Some(file) = &args.ca {
        let ca = Certificate::from_pem(&fs::read(file)?)?;
        let tls = TlsConfig::builder().root_certs(RootCerts::new_with_certs(&[ca])).build();
        config = config.tls_config(tls);
    }
    let options = BalancedOptions::new()
        .with_timeout(Some(Duration::from_secs(2)))
        .with_config(config.build());
    let client = Balanced::with_options(&args.service, list.clone(), options)?;

    let end = Duration::from_secs(args.seconds);
    let played = thread::scope(|scope| {
        let clients: Vec<_> = (0..CLIENTS).map(|_| scope.spawn(|| play(&client, end))).collect();
        let ended = clients.into_iter().map(|client| client.join().expect("no client panics"));
        ended.collect::<Vec<_>>()
    });
    let (mut answers, mut errors) = (Answers::new(), BTreeMap::<String, u64>::new());
    for (of_client, its_errors) in played {
        for (second, counts) in of_client {
            for (who, count) in counts {
                *answers.entry(second).or_default().entry(who).or_default() += count;
            }
        }
        for error in its_errors {
            *errors.entry(error).or_default() += 1;
        }
    }
    for (second, counts) in &answers {
        println!("second {second}: {counts:?}");
    }
    for (error, times) in &errors {
        println!("{times} times: {error}");
    }
    println!("{} errors\n{}", errors.values().sum::<u64>(), list.introspect());
    list.stop()?;
    if errors.is_empty() { Ok(()) } else { Err("requests failed".into()) }
}

/// One client: who answered when, and the errors.
fn play(client: &Balanced, end: Duration) -> (Answers, Vec<String>) {
    let (began, mut answers, mut errors) = (Instant::now(), Answers::new(), vec![]);
    while began.elapsed() < end {
        match who(client) {
            Ok(who) => {
                let second = began.elapsed().as_secs();
                *answers.entry(second).or_default().entry(who).or_default() += 1;
            }
            Err(error) => errors.push(error.to_string()),
        }
        thread::sleep(PAUSE);
    }
    (answers, errors)
}

fn who(client: &Balanced) -> Result<String, Box<dyn Error>> {
    let mut answer = client.get("/")?;
    let text = answer.body_mut().read_to_string()?;
    if !answer.status().is_success() {
        return Err(format!("status {}", answer.status()).into());
    }
    Ok(text.lines().next().unwrap_or_default().to_owned())
}
