//! The servers, each a process of its own, and what they have counted.

use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use crate::plan::{Act, SERVERS};
use crate::processes::{Failed, signal};

/// All of them: 127.0.1.1, 127.0.1.2 and so on, at one port.
pub(crate) struct Servers {
    program: PathBuf,
    folder: PathBuf,
    port: u16,
    running: Vec<Option<Child>>,
}

impl Servers {
    /// Started.
    pub(crate) fn start(program: &Path, folder: &Path, port: u16) -> Result<Self, Failed> {
        let running = (0..SERVERS).map(|_| None).collect();
        let (program, folder) = (program.to_owned(), folder.to_owned());
        let mut servers = Self { program, folder, port, running };
        for one in 0..SERVERS {
            // Those of another run in this folder count for that one.
            File::create(servers.counts(one))?;
            File::create(servers.log(one))?;
            servers.launch(one)?;
        }
        Ok(servers)
    }

    /// What the address of a server is without the port.
    pub(crate) fn host(one: usize) -> String {
        format!("127.0.1.{}", one + 1)
    }

    fn counts(&self, one: usize) -> PathBuf {
        self.folder.join(format!("server-{one}.counts"))
    }

    fn log(&self, one: usize) -> PathBuf {
        self.folder.join(format!("server-{one}.log"))
    }

    fn launch(&mut self, one: usize) -> Result<(), Failed> {
        let log = File::options().append(true).open(self.log(one))?;
        let mut server = Command::new(&self.program)
            .arg(format!("{}:{}", Self::host(one), self.port))
            .arg(self.counts(one))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()?;
        let mut says = String::new();
        BufReader::new(server.stdout.take().expect("piped")).read_line(&mut says)?;
        let listens = says == "listening\n";
        self.running[one] = Some(server);
        if listens {
            Ok(())
        } else {
            Err(format!("server {one} does not listen: see its log").into())
        }
    }

    /// Does what the plan says.
    pub(crate) fn act(&mut self, act: Act) -> Result<(), Failed> {
        match act {
            Act::Kill(one) => {
                self.kill(one);
                Ok(())
            }
            Act::Start(one) => self.launch(one),
            Act::Stop(one) => signal(self.running(one)?, libc::SIGSTOP),
            Act::Continue(one) => signal(self.running(one)?, libc::SIGCONT),
            Act::Slow(one, millis) => self.tell(one, &format!("slow {millis}\n")),
            Act::Error(one, each) => self.tell(one, &format!("error {each}\n")),
            Act::Busy(one, each) => self.tell(one, &format!("busy {each}\n")),
            Act::Well(one) => self.tell(one, "well\n"),
            _ => Ok(()),
        }
    }

    fn running(&mut self, one: usize) -> Result<&mut Child, Failed> {
        self.running[one].as_mut().ok_or_else(|| format!("server {one} does not run").into())
    }

    fn tell(&mut self, one: usize, line: &str) -> Result<(), Failed> {
        let input = self.running(one)?.stdin.as_mut().expect("piped");
        Ok(input.write_all(line.as_bytes())?)
    }

    fn kill(&mut self, one: usize) {
        if let Some(mut server) = self.running[one].take() {
            let _ = server.kill();
            let _ = server.wait();
        }
    }

    /// How many requests of a client each server has answered well, those that were killed since included.
    pub(crate) fn answered(&self, client: usize) -> Result<Vec<u64>, Failed> {
        let of = |one| {
            let bytes = std::fs::read(self.counts(one))?;
            let count = bytes.get(client * 8..client * 8 + 8).ok_or("its counts are too few")?;
            Ok(u64::from_ne_bytes(count.try_into().expect("eight")))
        };
        (0..SERVERS).map(of).collect()
    }
}

impl Drop for Servers {
    fn drop(&mut self) {
        (0..SERVERS).for_each(|one| self.kill(one));
    }
}
