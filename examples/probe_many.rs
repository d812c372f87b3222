//! How much of a core it takes to probe thousands of peers each second, and whether every flip is seen:
//!
//! ```text
//! cargo run --release --features probing --example probe_many -- --peers 10000 --seconds 10
//! ```
//!
//! One listener answers at every address of loopback, which Linux has 16 million of. Peer n is
//! 127.x.y.z at its port; a hundred of them have a listener of their own, which is taken down and
//! brought back. What the probing thread takes is read from the system.

use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use clap::Parser;
use peerage::transports::{ProbeOptions, Probing};
use peerage::{ConnectionStatus, Identifier, Peer, Subscriber, Transport, identify};

#[derive(Parser)]
struct Args {
    /// How many peers.
    #[arg(long, default_value_t = 10_000)]
    peers: u32,
    /// For how long.
    #[arg(long, default_value_t = 10)]
    seconds: u64,
    /// How many of them go down and come back.
    #[arg(long, default_value_t = 100)]
    flapping: u32,
    /// How each is probed.
    #[arg(long, default_value = "interval=1s,fast-interval=100ms,slow-interval=1s")]
    options: ProbeOptions,
}

/// Hears of every change of every peer.
#[derive(Default)]
struct Flips(AtomicU64);

impl Subscriber for Flips {
    fn notify_status_changed(&self, _: &dyn Identifier) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

fn main() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let args = Args::parse();
    raise_limit();
    let steady = serve(TcpListener::bind("0.0.0.0:0")?);
    let mut flapping: Vec<_> = (0..args.flapping.min(args.peers))
        .map(|n| TcpListener::bind((own(n), 0)).map(|listener| Some(serve(listener))))
        .collect::<Result<_, _>>()?;
    let addresses: Vec<_> = flapping.iter().flatten().map(|server| server.address).collect();

    let probing = Probing::new(args.options.clone());
    let (flips, begun) = (Arc::new(Flips::default()), Instant::now());
    let subscriber = || Arc::clone(&flips) as Arc<dyn Subscriber>;
    let mut retained = vec![];
    for n in 0..args.peers {
        let address = match addresses.get(n as usize) {
            Some(address) => *address,
            None => SocketAddrV4::new(own(n), steady.address.port()).into(),
        };
        let (id, subscriber) = (identify(address.to_string()), subscriber());
        let peer = probing.retain_peer(&id, Arc::clone(&subscriber))?;
        retained.push((id, subscriber, peer));
    }
    let counted = || flips.0.load(Ordering::SeqCst);
    let is_up = |peer: &dyn Peer| peer.status().connection_status == ConnectionStatus::Available;
    wait(|| retained.iter().all(|(.., peer)| is_up(&**peer)));
    let first = begun.elapsed();
    // The last of them has been told once others were probed behind it.
    let known = probes(&probing);
    wait(|| probes(&probing) > known + u64::from(args.peers) / 2);
    let before = counted();

    // From here on a flip is one that is made.
    let (mut made, probes) = (0, probes(&probing));
    let (begun, ran) = (Instant::now(), ran());
    while begun.elapsed() < Duration::from_secs(args.seconds) {
        flapping.iter_mut().filter_map(Option::take).for_each(Server::stop);
        made += addresses.len() as u64;
        wait(|| counted() >= before + made);
        for (server, address) in flapping.iter_mut().zip(&addresses) {
            *server = Some(serve(TcpListener::bind(address)?));
        }
        made += addresses.len() as u64;
        wait(|| counted() >= before + made);
    }
    let time = begun.elapsed().as_secs_f64();
    let rate = (self::probes(&probing) - probes) as f64 / time;
    let core = (self::ran() - ran).as_secs_f64() / time * 100.0;
    let all_up = retained.iter().all(|(.., peer)| is_up(&**peer));
    let seen = counted() - before;
    println!(
        "{} peers, {}: all up after {first:.1?}; {time:.1} s, {rate:.0} probes a second, \
         {made} flips made and {} seen, {} at the end, {core:.0} % of a core",
        args.peers,
        args.options,
        seen,
        if all_up { "all up" } else { "not all up" },
    );
    for (id, subscriber, _) in retained {
        probing.release_peer(&id, &subscriber)?;
    }
    if seen != made || !all_up {
        return Err("a flip is invented, or a peer is not as it should be".into());
    }
    Ok(())
}

/// The nth address of loopback, from 127.1.0.0 on.
fn own(n: u32) -> Ipv4Addr {
    Ipv4Addr::from(u32::from(Ipv4Addr::new(127, 1, 0, 0)) + n)
}

/// Takes connections and closes them.
struct Server {
    address: SocketAddr,
    stop: Arc<AtomicU64>,
    thread: thread::JoinHandle<()>,
}

fn serve(listener: TcpListener) -> Server {
    lengthen(&listener);
    let (address, stop) = (listener.local_addr().expect("an address"), Arc::new(AtomicU64::new(0)));
    let stopped = Arc::clone(&stop);
    let accept = move || {
        for _ in listener.incoming().take_while(|_| stopped.load(Ordering::SeqCst) == 0) {}
    };
    Server { address, stop, thread: thread::spawn(accept) }
}

impl Server {
    fn stop(self) {
        self.stop.store(1, Ordering::SeqCst);
        let _ = TcpStream::connect(self.address);
        self.thread.join().expect("accepts");
    }
}

fn wait(until: impl Fn() -> bool) {
    let begun = Instant::now();
    while !until() {
        assert!(begun.elapsed() < Duration::from_secs(60), "a flip is not seen");
        thread::sleep(Duration::from_millis(5));
    }
}

fn probes(probing: &Probing) -> u64 {
    probing.introspect().iter().map(|peer| peer.probes).sum()
}

/// The time that the probing thread has run for.
#[cfg(target_os = "linux")]
fn ran() -> Duration {
    for task in std::fs::read_dir("/proc/self/task").into_iter().flatten().flatten() {
        let read = |file| std::fs::read_to_string(task.path().join(file)).unwrap_or_default();
        if read("comm").trim() == "peerage probes" {
            // In ticks of 10 ms, behind the name, which ends with a bracket.
            let stat = read("stat");
            let fields: Vec<_> = stat.rsplit(')').next().unwrap_or_default().split(' ').collect();
            let ticks = |n: usize| fields.get(n).and_then(|field| field.parse::<u64>().ok());
            return Duration::from_millis(10 * (ticks(12).unwrap_or(0) + ticks(13).unwrap_or(0)));
        }
    }
    Duration::ZERO
}

#[cfg(not(target_os = "linux"))]
fn ran() -> Duration {
    Duration::ZERO
}

/// Has connections wait that are not taken at once, on a machine with more to do: the system would drop
/// them, and rightly would their server be found dead.
#[cfg(unix)]
fn lengthen(listener: &TcpListener) {
    use std::os::fd::AsRawFd;
    // SAFETY: a plain call on a descriptor that is open. It may be made again, with another length.
    let done = unsafe { libc::listen(listener.as_raw_fd(), 4096) };
    assert_eq!(done, 0, "listens already");
}

#[cfg(not(unix))]
fn lengthen(_: &TcpListener) {}

/// Listeners and probes have a descriptor each.
#[cfg(unix)]
fn raise_limit() {
    let mut limit = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
    // SAFETY: both calls read or write `limit`.
    unsafe {
        if libc::getrlimit(libc::RLIMIT_NOFILE, &raw mut limit) == 0 {
            limit.rlim_cur = limit.rlim_max;
            libc::setrlimit(libc::RLIMIT_NOFILE, &raw const limit);
        }
    }
}

#[cfg(not(unix))]
fn raise_limit() {}
