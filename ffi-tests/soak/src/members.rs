//! Who the servers are: a zone of Knot's, and a file.

use std::fs::{self, File};
use std::net::{Ipv4Addr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::dice::Dice;
use crate::plan::{Act, Names, SERVERS};
use crate::processes::{Failed, signal};
use crate::servers::Servers;

/// How long Knot may take to listen.
const PATIENCE: Duration = Duration::from_secs(20);

/// Both sources.
pub(crate) struct Members {
    folder: PathBuf,
    /// Of the servers.
    port: u16,
    /// Of Knot.
    dns: u16,
    serial: u32,
    knot: Option<Child>,
    /// What the file has when nothing is wrong with it.
    lines: String,
}

impl Members {
    /// Knot runs, the file is there, and both name all servers.
    pub(crate) fn start(folder: &Path, port: u16, dns: u16) -> Result<Self, Failed> {
        let at = folder.display();
        let config = format!(
            "server:\n  listen: 127.0.0.1@{dns}\n  rundir: {at}\n\
             log:\n  - target: stderr\n    any: warning\n\
             database:\n  storage: {at}\n\
             zone:\n  - domain: soak.test\n    storage: {at}\n    file: soak.test.zone\n    \
             journal-content: none\n    zonefile-sync: -1\n\
             control:\n  listen: {at}/knot.sock\n"
        );
        fs::write(folder.join("knot.conf"), config)?;
        let folder = folder.to_owned();
        let mut members = Self { folder, port, dns, serial: 0, knot: None, lines: String::new() };
        members.zone(u8::MAX, 0)?;
        members.launch()?;
        members.file(u8::MAX, 0)?;
        Ok(members)
    }

    /// The addresses of the servers by a name; asked for each second.
    pub(crate) fn addresses(&self) -> String {
        format!("dns:users.soak.test.:{}#{}", self.port, self.asked())
    }

    /// The servers as services, with weights and tiers.
    pub(crate) fn services(&self) -> String {
        format!("dns+srv:_rpc._tcp.soak.test.#{}", self.asked())
    }

    fn asked(&self) -> String {
        format!("servers=127.0.0.1:{},timeout=300ms,max-backoff=1s,max-ttl=1s", self.dns)
    }

    /// The file, with zones, weights and tiers.
    pub(crate) fn listed(&self) -> String {
        format!("file:{}#poll=200ms", self.path().display())
    }

    fn path(&self) -> PathBuf {
        self.folder.join("users.peers")
    }

    /// Does what the plan says.
    pub(crate) fn act(&mut self, act: Act) -> Result<(), Failed> {
        match act {
            Act::Name(Names::Dns, set, draws) => {
                self.zone(set, draws)?;
                self.command("knotc").args(["-b", "zone-reload", "soak.test"]).spawn()?.wait()?;
                Ok(())
            }
            Act::Name(Names::File, set, draws) => self.file(set, draws),
            Act::StopDns => signal(self.knot.as_ref().expect("it runs"), libc::SIGSTOP),
            Act::ContinueDns => signal(self.knot.as_ref().expect("it runs"), libc::SIGCONT),
            Act::KillDns => {
                self.kill();
                Ok(())
            }
            Act::StartDns => self.launch(),
            Act::LoseFile => Ok(fs::remove_file(self.path())?),
            Act::SpoilFile => Ok(fs::write(self.path(), "what is = this?\n")?),
            Act::MendFile => self.put(),
            _ => Ok(()),
        }
    }

    fn zone(&mut self, set: u8, draws: u64) -> Result<(), Failed> {
        self.serial += 1;
        let mut text = format!(
            "$ORIGIN soak.test.\n@ 3600 SOA ns admin {} 3600 600 86400 1\n@ 3600 NS ns\n\
             ns 3600 A 127.0.0.1\n",
            self.serial
        );
        let mut dice = Dice(draws | 1);
        for one in members(set) {
            let (host, port) = (Servers::host(one), self.port);
            let (tier, weight) = (u64::from(one >= SERVERS / 2), 1 + dice.below(4));
            text += &format!(
                "users 1 A {host}\ns{one} 1 A {host}\n\
                 _rpc._tcp 1 SRV {tier} {weight} {port} s{one}\n"
            );
        }
        Ok(fs::write(self.folder.join("soak.test.zone"), text)?)
    }

    fn file(&mut self, set: u8, draws: u64) -> Result<(), Failed> {
        let mut dice = Dice(draws | 1);
        let line = |one| {
            let (host, port, weight) = (Servers::host(one), self.port, 1 + dice.below(4));
            let zone = if one % 2 == 0 { "eu-1a" } else { "eu-1b" };
            format!("{host}:{port}*{weight} tier={} zone={zone}\n", one / 4)
        };
        self.lines = members(set).map(line).collect();
        self.put()
    }

    /// By a rename, and now and then in place: both have to be seen.
    fn put(&self) -> Result<(), Failed> {
        if self.lines.len().is_multiple_of(2) {
            return Ok(fs::write(self.path(), &self.lines)?);
        }
        let new = self.folder.join("users.new");
        fs::write(&new, &self.lines)?;
        Ok(fs::rename(new, self.path())?)
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        let log = File::options().append(true).create(true).open(self.folder.join("knot.log"));
        let output = || log.as_ref().ok().and_then(|log| log.try_clone().ok());
        let to = |file: Option<File>| file.map_or_else(Stdio::null, Stdio::from);
        command.arg("-c").arg(self.folder.join("knot.conf"));
        command.stdin(Stdio::null()).stdout(to(output())).stderr(to(output()));
        command
    }

    fn launch(&mut self) -> Result<(), Failed> {
        self.knot = Some(self.command("knotd").spawn()?);
        let begun = Instant::now();
        while TcpStream::connect((Ipv4Addr::LOCALHOST, self.dns)).is_err() {
            if begun.elapsed() > PATIENCE {
                return Err("Knot does not listen: see knot.log".into());
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        Ok(())
    }

    fn kill(&mut self) {
        if let Some(mut knot) = self.knot.take() {
            let _ = knot.kill();
            let _ = knot.wait();
        }
    }
}

/// Those whose bit is set.
fn members(set: u8) -> impl Iterator<Item = usize> {
    (0..SERVERS).filter(move |one| set & (1 << one) != 0)
}

impl Drop for Members {
    fn drop(&mut self) {
        self.kill();
    }
}
