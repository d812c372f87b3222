//! A server: answers requests, and what asks how it is.
//!
//! ```text
//! server ADDRESS COUNTS
//!  <- "2\n"                        a request of client 2
//!  -> "ok 3\n" "busy\n" "error\n"  well, and three are in flight; too much to do; its own fault
//!  <- "GET .."                     a probe by HTTP, which is answered by 200, once
//! ```
//!
//! A line on its input says how it is from now on: `well`, `slow MS`, `busy N` or `error N` (each N-th request
//! is answered so). At the end of the input it ends. COUNTS is a file of its counts, one for each client,
//! which is memory of the process: what was counted before a SIGKILL stays. A request is counted before it is
//! answered, so no client can have seen more answers than are counted.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, LazyLock, Mutex};
use std::thread;
use std::time::Duration;

/// How many clients can be counted.
const CLIENTS: usize = 8;

/// How it answers.
#[derive(Clone, Copy, Default)]
struct Manner {
    slow: Duration,
    /// Each such request is refused; 0: none.
    busy: u64,
    /// Each such request fails; 0: none.
    error: u64,
}

impl Manner {
    fn read(line: &str) -> Option<Self> {
        let (word, number) = line.trim().split_once(' ').unwrap_or((line.trim(), "0"));
        let number = number.parse().ok()?;
        let well = Self::default();
        match word {
            "well" => Some(well),
            "slow" => Some(Self { slow: Duration::from_millis(number), ..well }),
            "busy" => Some(Self { busy: number, ..well }),
            "error" => Some(Self { error: number, ..well }),
            _ => None,
        }
    }
}

static MANNER: LazyLock<Mutex<Manner>> = LazyLock::new(Mutex::default);
static IN_FLIGHT: AtomicU32 = AtomicU32::new(0);
static REQUESTS: AtomicU64 = AtomicU64::new(0);

/// The counts, in memory that is the file's.
struct Counts(memmap2::MmapRaw);

impl Counts {
    fn open(path: &str) -> std::io::Result<Self> {
        let mut options = std::fs::File::options();
        let file = options.read(true).write(true).create(true).truncate(false).open(path)?;
        file.set_len((CLIENTS * size_of::<u64>()) as u64)?;
        Ok(Self(memmap2::MmapRaw::map_raw(&file)?))
    }

    fn add(&self, client: usize) {
        let counts = self.0.as_mut_ptr().cast::<AtomicU64>();
        assert!(client < CLIENTS, "a client's number is below {CLIENTS}");
        // SAFETY: the mapping has a count for each client, begins at a page, and lives as long as this.
        unsafe { &*counts.add(client) }.fetch_add(1, Ordering::Relaxed);
    }
}

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [address, counts] = &words[..] else { panic!("usage: server ADDRESS COUNTS") };
    let counts = Arc::new(Counts::open(counts).expect("the file of the counts"));
    let listener = TcpListener::bind(address).expect("an address to listen at");
    thread::spawn(obey);
    println!("listening");
    for stream in listener.incoming().flatten() {
        let counts = counts.clone();
        // Without a thread the connection is closed, which its client sees.
        let _ = thread::Builder::new().stack_size(64 << 10).spawn(move || serve(stream, &counts));
    }
}

/// Does as the director says, until that is gone.
fn obey() {
    for line in std::io::stdin().lock().lines().map_while(Result::ok) {
        let manner = Manner::read(&line).unwrap_or_else(|| panic!("no such manner: {line:?}"));
        *MANNER.lock().unwrap() = manner;
    }
    std::process::exit(0);
}

/// Answers until the other side closes, or is wrong.
fn serve(stream: TcpStream, counts: &Counts) -> Option<()> {
    stream.set_nodelay(true).ok()?;
    let mut from = BufReader::with_capacity(512, stream);
    let mut line = String::new();
    loop {
        line.clear();
        if from.by_ref().take(512).read_line(&mut line).ok()? == 0 {
            return None;
        }
        if line.starts_with("GET ") {
            let well = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
            return from.get_mut().write_all(well.as_bytes()).ok();
        }
        let in_flight = IN_FLIGHT.fetch_add(1, Ordering::Relaxed) + 1;
        let answer = answer(line.trim().parse().ok(), in_flight, counts);
        IN_FLIGHT.fetch_sub(1, Ordering::Relaxed);
        from.get_mut().write_all(answer?.as_bytes()).ok()?;
    }
}

fn answer(client: Option<usize>, in_flight: u32, counts: &Counts) -> Option<String> {
    let client = client.filter(|client| *client < CLIENTS)?;
    let number = REQUESTS.fetch_add(1, Ordering::Relaxed) + 1;
    let manner = *MANNER.lock().unwrap();
    if !manner.slow.is_zero() {
        thread::sleep(manner.slow);
    }
    let is_due = |each: u64| each > 0 && number.is_multiple_of(each);
    if is_due(manner.busy) {
        return Some("busy\n".to_owned());
    }
    if is_due(manner.error) {
        return Some("error\n".to_owned());
    }
    counts.add(client);
    Some(format!("ok {in_flight}\n"))
}
