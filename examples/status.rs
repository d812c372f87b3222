//! A status page that is served, of lists in which things happen:
//!
//! ```text
//! cargo run --example status --features file,json,probing
//! ```
//!
//! Then `http://127.0.0.1:8080/` is the page, and `http://127.0.0.1:8080/status.json` the same for programs.
//!
//! The servers are real as far as probes go, which connect to them; the requests are not: a client sleeps
//! as long as the server would take. One server is down, one fails, one is slow, one is about to go, and one
//! stands by. The second list's file is deleted once it has been read.

use std::error::Error;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};
use std::{env, fs, io, process};

use clap::Parser;
use peerage::policy::AnyPolicy;
use peerage::transports::{Always, Probing};
use peerage::updaters::Watching;
use peerage::{
    Bind, Chooser, Finish, Lifecycle, List, ListOptions, ListUpdates, Outcome, PageOptions,
    PeerList, Reason, Request, Wait, status_html, status_json,
};

#[derive(Debug, Parser)]
struct Args {
    /// Where the page is served. It is for those who may know the names of servers
    #[arg(long, default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// Seconds to run; without it, until it is killed
    #[arg(long = "for", value_name = "SECONDS")]
    seconds: Option<u64>,
    /// Options of the page, such as refresh=5s,peers=200
    #[arg(long, default_value = "title=shop on web-1,refresh=5s")]
    page: PageOptions,
    /// A peer of a third list, of any name
    #[arg(long = "peer", value_name = "NAME")]
    peers: Vec<String>,
    /// How many peers a further list has
    #[arg(long, value_name = "N", default_value_t = 0)]
    many: u32,
}

fn main() -> Result<()> {
    let args = Args::parse();
    let folder = Folder::new()?;
    let mut choosers: Vec<Arc<dyn Chooser>> = vec![users(&folder.0)?, orders(&folder.0)?];
    let many = (0..args.many).map(|n| format!("10.{}.{}.{}:80", n >> 16, n >> 8 & 255, n & 255));
    for (name, peers) in [("named", args.peers), ("many", many.collect())] {
        if !peers.is_empty() {
            let options = ListOptions::new().with_name(name);
            let list = PeerList::new("random".parse::<AnyPolicy>()?, Always::new(), options);
            list.start()?;
            list.update(ListUpdates::adding(peers))?;
            choosers.push(Arc::new(list));
        }
    }

    let listener = TcpListener::bind(args.listen)?;
    println!("http://{}/", listener.local_addr()?);
    let page = args.page;
    thread::spawn(move || serve(&listener, &choosers, &page));
    match args.seconds {
        Some(seconds) => thread::sleep(Duration::from_secs(seconds)),
        None => loop {
            thread::park();
        },
    }
    Ok(())
}

/// All there is to serving it: what is asked for is made anew, for each who asks.
fn serve(listener: &TcpListener, choosers: &[Arc<dyn Chooser>], options: &PageOptions) {
    thread::scope(|scope| {
        for stream in listener.incoming().flatten() {
            scope.spawn(move || answer(&stream, choosers, options));
        }
    });
}

fn answer(
    mut stream: &TcpStream,
    choosers: &[Arc<dyn Chooser>],
    options: &PageOptions,
) -> io::Result<()> {
    // A client that sends nothing keeps a thread, but not for long.
    stream.set_read_timeout(Some(Duration::from_secs(2)))?;
    let mut lines = BufReader::new(stream.take(8_192)).lines();
    let first = lines.next().transpose()?.unwrap_or_default();
    // What follows the first line says nothing here; left unread, it could break the answer off.
    while lines.next().transpose()?.is_some_and(|line| !line.is_empty()) {}

    let choosers = choosers.iter().map(|chooser| &**chooser);
    let (status, kind, body) = match first.split(' ').take(2).collect::<Vec<_>>()[..] {
        ["GET", "/"] => ("200 OK", "text/html; charset=utf-8", status_html(choosers, options)),
        ["GET", "/status.json"] => ("200 OK", "application/json", status_json(choosers)),
        ["GET", _] => ("404 Not Found", "text/plain", "see / and /status.json\n".into()),
        _ => ("405 Method Not Allowed", "text/plain", "GET only\n".into()),
    };
    write!(
        stream,
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n\
         Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n",
        body.len()
    )?;
    stream.write_all(body.as_bytes())
}

/// How a server is, and how many milliseconds it takes.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Good(u64),
    Fails,
    Down,
    Goes,
}

type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;
type Fed = Arc<Bind<PeerList<AnyPolicy>>>;
type Servers = Vec<(String, Kind, &'static str)>;

/// A list that learns which of its peers are good.
fn users(folder: &Path) -> Result<Fed> {
    let servers = servers([
        (Kind::Good(12), "zone=eu-1a"),
        (Kind::Good(14), "zone=eu-1a"),
        (Kind::Good(11), "zone=eu-1b weight=2"),
        (Kind::Good(160), "zone=eu-1b"),
        (Kind::Fails, "zone=eu-1b"),
        (Kind::Down, "zone=eu-1c"),
        (Kind::Goes, "zone=eu-1c"),
        (Kind::Good(30), "zone=us-1a tier=1"),
    ])?;
    let path = folder.join("users.peers");
    let list = fed("users", "least-latency", "spill=50", &path, &servers)?;
    if let Some((at, ..)) = servers.iter().find(|(_, kind, _)| *kind == Kind::Goes) {
        wait(|| list.list().set_reason(at, Reason::Draining, true));
    }
    ask(&list, &servers, 6);
    Ok(list)
}

/// A list that leaves peers alone that fail, and whose file is gone.
fn orders(folder: &Path) -> Result<Fed> {
    let servers = servers([(Kind::Good(25), ""), (Kind::Good(25), ""), (Kind::Fails, "")])?;
    let path = folder.join("orders.peers");
    let list = fed("orders", "round-robin", "eject=3", &path, &servers)?;
    wait(|| list.list().available() == servers.len());
    fs::remove_file(path)?;
    wait(|| list.introspect().source.is_some_and(|source| source.error.is_some()));
    ask(&list, &servers, 2);
    Ok(list)
}

/// Threads that send requests, or what is one here.
fn ask(list: &Fed, servers: &Servers, threads: u64) {
    for thread in 0..threads {
        let (list, servers) = (Arc::clone(list), servers.clone());
        thread::spawn(move || {
            for n in thread.. {
                let wait = Wait::timeout(Duration::from_millis(500));
                let Ok(pick) = list.choose(&Request::new(), wait) else { continue };
                let server = servers.iter().find(|(at, ..)| *at == pick.identifier());
                let (takes, outcome) = match server.map(|(_, kind, _)| *kind) {
                    Some(Kind::Good(millis)) if n % 251 == 0 => (millis, Outcome::Overloaded),
                    Some(Kind::Good(millis)) => (millis, Outcome::Success),
                    Some(Kind::Fails) => (2, Outcome::Failure),
                    _ => (20, Outcome::Success),
                };
                let began = Instant::now();
                thread::sleep(Duration::from_millis(takes));
                pick.finish(Finish::new(outcome).with_latency(began.elapsed()));
            }
        });
    }
}

/// A list of that name, fed from a file, whose peers are probed.
fn fed(name: &str, policy: &str, options: &str, path: &Path, servers: &Servers) -> Result<Fed> {
    let lines: String = servers.iter().map(|(at, _, more)| format!("{at} {more}\n")).collect();
    fs::write(path, lines)?;
    let probing = Probing::new("interval=200ms,timeout=200ms,slow-interval=1s".parse()?);
    let options: ListOptions = options.parse()?;
    let list = PeerList::new(policy.parse::<AnyPolicy>()?, probing, options.with_name(name));
    let uri = format!("file:{}#poll=200ms", path.display());
    let list = Bind::new(list, Watching::binder(&uri.parse()?)?);
    list.start()?;
    Ok(Arc::new(list))
}

fn servers<const N: usize>(kinds: [(Kind, &'static str); N]) -> Result<Servers> {
    kinds.into_iter().map(|(kind, more)| Ok((server(kind)?, kind, more))).collect()
}

/// A server that takes connections and says nothing, unless it is down; where it is.
fn server(kind: Kind) -> io::Result<String> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let at = listener.local_addr()?.to_string();
    if kind != Kind::Down {
        thread::spawn(move || listener.incoming().for_each(drop));
    }
    Ok(at)
}

fn wait(until: impl Fn() -> bool) {
    while !until() {
        thread::sleep(Duration::from_millis(10));
    }
}

/// A folder that goes when the program ends by itself.
struct Folder(PathBuf);

impl Folder {
    fn new() -> io::Result<Self> {
        let path = env::temp_dir().join(format!("peerage-status-{}", process::id()));
        fs::create_dir(&path)?;
        Ok(Self(path))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
