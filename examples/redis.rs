//! A small Redis client over the pool: keys are spread over servers by a hash ring.
//!
//! ```text
//! cargo run --example redis --features pool -- 127.0.0.1:7001 127.0.0.1:7002 127.0.0.1:7003
//! ```
//!
//! Start the servers first (`redis-server --port 7001 --save '' &`), and kill one while it runs: its
//! keys go to the others, and come back with it. What the pool keeps is a connection that speaks the
//! protocol: the type is this program's own.

use std::collections::BTreeMap;
use std::error::Error;
use std::io::{self, BufRead, BufReader, ErrorKind, Read, Write};
use std::net::TcpStream;
use std::process::ExitCode;
use std::thread;
use std::time::{Duration, Instant};

use clap::Parser;
use peerage::policy::AnyPolicy;
use peerage::transports::pool::{Connect, Pool, PoolPeer, Tcp, is_quiet};
use peerage::{
    Chooser, Lifecycle, List, ListOptions, ListUpdates, Outcome, PeerList, Request, Wait,
};
use peerage::{Pick, TransportError};

const CLIENTS: usize = 4;
const TRIES: usize = 3;
const PAUSE: Duration = Duration::from_millis(1);

/// Sets and gets keys on Redis servers, and says which server had how many.
#[derive(Debug, Parser)]
#[command(name = "redis")]
struct Args {
    /// host:port of each server
    #[arg(required = true)]
    peers: Vec<String>,

    /// Seconds to run
    #[arg(long, value_name = "S", default_value_t = 4)]
    seconds: u64,
}

/// A connection of the pool: the stream, and what of an answer was read too far.
struct Redis(BufReader<TcpStream>);

impl Redis {
    /// Sends one command and receives its answer, which has to be text, a value or nothing.
    fn command(&mut self, words: &[&str]) -> io::Result<Option<String>> {
        let mut command = format!("*{}\r\n", words.len());
        for word in words {
            command += &format!("${}\r\n{word}\r\n", word.len());
        }
        self.0.get_mut().write_all(command.as_bytes())?;
        let line = self.line()?;
        match line.split_at_checked(1) {
            Some(("+", text)) => Ok(Some(text.to_owned())),
            Some(("$", "-1")) => Ok(None),
            Some(("$", length)) => self.value(length).map(Some),
            Some(("-", error)) => Err(io::Error::other(error.to_owned())),
            _ => Err(invalid(format!("an answer of another kind: {line:?}"))),
        }
    }

    fn line(&mut self) -> io::Result<String> {
        let mut line = String::new();
        if self.0.read_line(&mut line)? == 0 {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        let whole = line.strip_suffix("\r\n").map(str::to_owned);
        whole.ok_or_else(|| invalid(format!("a line without an end: {line:?}")))
    }

    fn value(&mut self, length: &str) -> io::Result<String> {
        let length: usize = length.parse().map_err(|_| invalid(format!("a length {length:?}")))?;
        let mut value = vec![0; length + 2];
        self.0.read_exact(&mut value)?;
        value.truncate(length);
        String::from_utf8(value).map_err(|error| invalid(error.to_string()))
    }
}

fn invalid(what: String) -> io::Error {
    io::Error::new(ErrorKind::InvalidData, what)
}

/// Makes them: a server that is still loading its data refuses the `PING`, and is not there yet.
struct Dial(Tcp);

impl Connect for Dial {
    type Connection = Redis;

    fn check(&self, peer: &str) -> Result<(), TransportError> {
        self.0.check(peer)
    }

    fn connect(&self, peer: &str) -> Result<Redis, TransportError> {
        let mut redis = Redis(BufReader::new(self.0.connect(peer)?));
        redis.command(&["PING"])?;
        Ok(redis)
    }

    fn is_reusable(&self, redis: &mut Redis) -> bool {
        redis.0.buffer().is_empty() && is_quiet(redis.0.get_ref())
    }
}

/// Sets the key on the server that the ring has for it, and reads it back over the same connection.
/// Both may be repeated, so a failure is tried again elsewhere.
fn set_and_get(list: &PeerList, key: &str, value: &str) -> Result<String, Box<dyn Error>> {
    let mut tried: Vec<String> = vec![];
    loop {
        let avoid: Vec<&str> = tried.iter().map(String::as_str).collect();
        let request = Request::new().with_shard_key(key).with_avoid(&avoid);
        let pick = list.choose(&request, Wait::list_default())?;
        let peer = pick.identifier().to_owned();
        match ask(pick, key, value) {
            Ok(Some(got)) if got == value => return Ok(peer),
            Ok(got) => return Err(format!("{peer} has {got:?} for {key:?}, not {value:?}").into()),
            Err(error) if tried.len() + 1 >= TRIES => return Err(error),
            Err(_) => tried.push(peer),
        }
    }
}

fn ask(pick: Pick, key: &str, value: &str) -> Result<Option<String>, Box<dyn Error>> {
    let connection = match pick.downcast::<PoolPeer<Dial>>()?.checkout() {
        Ok(connection) => connection,
        Err(error) => {
            pick.finish(error.outcome());
            return Err(error.into());
        }
    };
    let answer = connection.exchange(|redis| {
        redis.command(&["SET", key, value])?;
        redis.command(&["GET", key])
    });
    pick.finish(if answer.is_ok() { Outcome::Success } else { Outcome::Failure });
    Ok(answer?)
}

/// Second → server → how many keys; and the errors.
type Report = (BTreeMap<u64, BTreeMap<String, u64>>, Vec<String>);

fn play(list: &PeerList, client: usize, end: Duration) -> Report {
    let (began, (mut served, mut errors)) = (Instant::now(), Report::default());
    for number in 0_u64.. {
        if began.elapsed() >= end {
            break;
        }
        let (key, value) = (format!("key-{client}-{}", number % 500), number.to_string());
        match set_and_get(list, &key, &value) {
            Ok(peer) => {
                let second = began.elapsed().as_secs();
                *served.entry(second).or_default().entry(peer).or_default() += 1;
            }
            Err(error) => errors.push(error.to_string()),
        }
        thread::sleep(PAUSE);
    }
    (served, errors)
}

fn run(args: &Args) -> Result<(), Box<dyn Error>> {
    let pool = Pool::new(Dial(Tcp::new().with_io_timeout(Some(Duration::from_secs(1)))));
    let policy: AnyPolicy = "hashring32".parse()?;
    let list = PeerList::new(policy, pool.clone(), ListOptions::new().with_name("redis"));
    list.start()?;
    list.update(ListUpdates::adding(args.peers.iter().map(String::as_str)))?;
    let end = Duration::from_secs(args.seconds);
    let reports: Vec<Report> = thread::scope(|scope| {
        let list = &list;
        let clients: Vec<_> =
            (0..CLIENTS).map(|client| scope.spawn(move || play(list, client, end))).collect();
        clients.into_iter().map(|client| client.join().expect("no client panics")).collect()
    });
    let (mut served, mut errors) = Report::default();
    for (of_client, its_errors) in reports {
        errors.extend(its_errors);
        for (second, counts) in of_client {
            for (peer, count) in counts {
                *served.entry(second).or_default().entry(peer).or_default() += count;
            }
        }
    }
    for (second, counts) in &served {
        println!("second {second}: {counts:?}");
    }
    for error in &errors {
        println!("{error}");
    }
    let stats = pool.stats();
    println!("{} errors; {} connections made, {} failed", errors.len(), stats.made, stats.failed);
    list.stop()?;
    pool.join();
    if errors.is_empty() { Ok(()) } else { Err("requests failed".into()) }
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
