//! The servers: each in a folder of its own, on a port of its own, on loopback, until it is dropped.

use std::fs;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::support::LIMIT;

/// A program that Debian has in a folder where not every user looks.
fn program(name: &str) -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<_> = std::env::split_paths(&path).collect();
    folders.push("/usr/sbin".into());
    let found = folders.iter().map(|folder| folder.join(name)).find(|path| path.exists());
    found.unwrap_or_else(|| panic!("{name} is missing: ffi-tests/run.sh dns installs it"))
}

/// A port below those that the system gives to clients, as connections that have ended keep those for a
/// minute.
fn free_port() -> u16 {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    loop {
        let next = NEXT.fetch_add(1, Ordering::Relaxed).wrapping_add(std::process::id() * 31);
        let port = 10_000 + (next % 20_000) as u16;
        let at = (Ipv4Addr::LOCALHOST, port);
        if UdpSocket::bind(at).is_ok() && TcpListener::bind(at).is_ok() {
            return port;
        }
    }
}

fn folder() -> PathBuf {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let folder = format!("peerage-dns-{}-{count}", std::process::id());
    let folder = std::env::temp_dir().join(folder);
    fs::create_dir_all(&folder).expect("a folder");
    folder
}

/// A process that is killed when it is dropped.
struct Process(Child);

impl Process {
    fn start(command: &mut Command, log: &Path, port: u16) -> Self {
        let file = fs::File::create(log).expect("a log");
        let process = command.stdout(Stdio::null()).stderr(file).stdin(Stdio::null());
        let process = Self(process.spawn().expect("it starts"));
        let begun = Instant::now();
        while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
            let says = || fs::read_to_string(log).unwrap_or_default();
            assert!(begun.elapsed() < LIMIT, "it does not listen: {}", says());
            thread::sleep(Duration::from_millis(5));
        }
        process
    }

    fn signal(&self, signal: &str) {
        let status = Command::new("kill").args([signal, &self.0.id().to_string()]).status();
        assert!(status.expect("kill").success());
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Knot, which has the zone svc.test.
pub(crate) struct Knot {
    folder: PathBuf,
    port: u16,
    serial: u32,
    process: Option<Process>,
}

impl Knot {
    /// Running, with these records, each `NAME TTL TYPE DATA`.
    pub(crate) fn new(records: &str) -> Self {
        let (folder, port) = (folder(), free_port());
        let at = folder.display();
        let config = format!(
            "server:\n  listen: 127.0.0.1@{port}\n  rundir: {at}\n\
             log:\n  - target: stderr\n    any: info\n\
             database:\n  storage: {at}\n\
             zone:\n  - domain: svc.test\n    storage: {at}\n    file: svc.test.zone\n    \
             journal-content: none\n    zonefile-sync: -1\n\
             control:\n  listen: {at}/knot.sock\n"
        );
        fs::write(folder.join("knot.conf"), config).expect("the configuration");
        let mut knot = Self { folder, port, serial: 0, process: None };
        knot.write(records);
        knot.start();
        knot
    }

    pub(crate) fn address(&self) -> SocketAddr {
        (Ipv4Addr::LOCALHOST, self.port).into()
    }

    fn zone(&self) -> PathBuf {
        self.folder.join("svc.test.zone")
    }

    fn write(&mut self, records: &str) {
        self.serial += 1;
        let text = format!(
            "$ORIGIN svc.test.\n@ 3600 SOA ns admin {} 3600 600 86400 1\n@ 3600 NS ns\n\
             ns 3600 A 127.0.0.1\n{records}\n",
            self.serial
        );
        fs::write(self.zone(), text).expect("the zone");
    }

    /// Replaces the records. Returns when the server has taken them over.
    pub(crate) fn change(&mut self, records: &str) -> Instant {
        self.write(records);
        let mut command = Command::new(program("knotc"));
        let command = command.arg("-b").arg("-c").arg(self.folder.join("knot.conf"));
        let output = command.args(["zone-reload", "svc.test"]).output().expect("knotc");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        Instant::now()
    }

    pub(crate) fn start(&mut self) {
        let mut command = Command::new(program("knotd"));
        let command = command.arg("-c").arg(self.folder.join("knot.conf"));
        self.process = Some(Process::start(command, &self.folder.join("log"), self.port));
    }

    /// Kills it at once, as `kill -9` does.
    pub(crate) fn kill(&mut self) {
        self.process = None;
    }

    /// Has it answer that it has failed: it starts without its zone.
    pub(crate) fn start_without_zone(&mut self) {
        fs::remove_file(self.zone()).expect("the zone");
        self.start();
    }

    /// Has it answer nothing, as a network does that loses all.
    pub(crate) fn hang(&self) {
        self.process.as_ref().expect("it runs").signal("-STOP");
    }
}

impl Drop for Knot {
    fn drop(&mut self) {
        self.process = None;
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// dnsmasq, which knows what its flags say and asks no others.
pub(crate) struct Dnsmasq {
    port: u16,
    folder: PathBuf,
    _process: Process,
}

impl Dnsmasq {
    pub(crate) fn new(flags: &[&str]) -> Self {
        let (folder, port) = (folder(), free_port());
        let mut command = Command::new(program("dnsmasq"));
        command.args([
            "--keep-in-foreground",
            "--conf-file=/dev/null",
            "--no-resolv",
            "--no-hosts",
        ]);
        command.args(["--listen-address=127.0.0.1", "--bind-interfaces", "--pid-file="]);
        command.arg(format!("--port={port}")).arg("--user=").args(flags);
        let process = Process::start(&mut command, &folder.join("log"), port);
        Self { port, folder, _process: process }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        (Ipv4Addr::LOCALHOST, self.port).into()
    }
}

impl Drop for Dnsmasq {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}
