//! Does what the plan says, and asks the clients at the marks.

use std::fs::{self, File};
use std::io::Write;
use std::net::{Ipv4Addr, TcpListener, UdpSocket};
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use crate::Args;
use crate::checks::{Checks, slack};
use crate::clients::{Client, Said};
use crate::members::Members;
use crate::plan::{SERVERS, Step, Times};
use crate::processes::{Failed, Held};
use crate::report::Report;
use crate::servers::Servers;
use crate::setup::{self, Language};

/// All that runs.
struct Run<'a> {
    args: &'a Args,
    times: Times,
    clients: Vec<Client>,
    servers: Servers,
    members: Members,
    /// Every step, with the time when it was done.
    log: File,
    checks: Checks,
}

/// Returns whether every check holds.
pub(crate) fn run(args: &Args, seed: u64, steps: &[Step]) -> Result<bool, Failed> {
    fs::create_dir_all(&args.folder)?;
    let folder = fs::canonicalize(&args.folder)?;
    let times = args.times();
    let faults = steps.iter().filter(|step| step.act.fault().is_some()).count();
    let plan: String = steps.iter().map(|step| format!("{step}\n")).collect();
    fs::write(folder.join("plan.txt"), plan)?;
    println!(
        "seed {seed}: {faults} faults in {} s, as {} has them",
        times.end.as_secs(),
        folder.join("plan.txt").display()
    );

    let mut run = Run::start(args, seed, &folder)?;
    let (first, end): (Vec<_>, Vec<_>) = steps.iter().partition(|step| step.at < times.first);
    run.part(&first, Duration::ZERO, times.first)?;
    let (_, held_first) = run.mark()?;
    if !run.checks.failed.is_empty() {
        return Ok(run.verdict(seed, &folder));
    }
    for client in &mut run.clients {
        client.ask("go")?;
    }
    run.part(&end, times.first, times.end)?;
    let (said, held_end) = run.mark()?;
    let threads = args.threads;
    for ((client, first), end) in run.clients.iter().zip(&held_first).zip(&held_end) {
        run.checks.held(client.language, *first, *end, &slack(client.language, threads));
    }
    run.checks.trouble(&said, faults);
    let report =
        Report { seed, times, args, steps, said: &said, first: &held_first, end: &held_end };
    println!("{}", report.text());
    if let Some(path) = &args.write {
        report.write(path).map_err(|why| format!("{}: {why}", path.display()))?;
    }
    // A client that keeps a pick would not end in good order, and that is known by now.
    if run.checks.failed.is_empty() {
        run.stop()?;
    }
    Ok(run.verdict(seed, &folder))
}

impl<'a> Run<'a> {
    fn start(args: &'a Args, seed: u64, folder: &Path) -> Result<Self, Failed> {
        let programs = std::env::current_exe()?;
        let beside = programs.parent().expect("a program is in a folder");
        let (port, dns) = ports()?;
        let members = Members::start(folder, port, dns)?;
        let servers = Servers::start(&beside.join("server"), folder, port)?;
        let client = |language| {
            let program = match language {
                Language::Rust => beside.join("client"),
                other => args.programs.join(format!("client-{other}")),
            };
            let planted = if language == args.plant_in { &*args.plant } else { "none" };
            let (threads, rate) = (args.threads.to_string(), args.rate.to_string());
            let common = [threads, rate, seed.to_string(), planted.to_owned()];
            let choosers = setup::choosers(language, &members);
            Client::start(language, &program, folder, &common, &choosers)
        };
        let clients = Language::ALL.into_iter().map(client).collect::<Result<Vec<_>, _>>()?;
        let log = File::create(folder.join("steps.log"))?;
        let (times, checks) = (args.times(), Checks::default());
        let mut run = Self { args, times, clients, servers, members, log, checks };
        run.all_say("ready")?;
        Ok(run)
    }

    /// The steps of a part, and the quiet after them, in which the servers are to serve again.
    fn part(&mut self, steps: &[&Step], from: Duration, to: Duration) -> Result<(), Failed> {
        let begun = Instant::now();
        for step in steps {
            self.sleep(begun, step.at - from)?;
            writeln!(self.log, "{:9.3} s  {step}", (from + begun.elapsed()).as_secs_f64())?;
            self.servers.act(step.act)?;
            self.members.act(step.act)?;
        }
        self.sleep(begun, to - from - self.times.quiet / 2)?;
        let before = self.answered()?;
        self.sleep(begun, to - from)?;
        self.checks.serving(&before, &self.answered()?);
        Ok(())
    }

    /// Until so long after the beginning of the part; all clients have to live as long.
    fn sleep(&mut self, begun: Instant, until: Duration) -> Result<(), Failed> {
        loop {
            for client in &mut self.clients {
                client.lives()?;
            }
            let Some(left) = until.checked_sub(begun.elapsed()) else { return Ok(()) };
            thread::sleep(left.min(Duration::from_secs(1)));
        }
    }

    /// How many requests each server has answered, of all clients.
    fn answered(&self) -> Result<Vec<u64>, Failed> {
        let mut sum = vec![0; SERVERS];
        for client in &self.clients {
            let of = self.servers.answered(client.language.number())?;
            sum.iter_mut().zip(of).for_each(|(sum, more)| *sum += more);
        }
        Ok(sum)
    }

    /// Pauses the requests and looks at everything. The requests remain paused.
    fn mark(&mut self) -> Result<(Vec<Said>, Vec<Held>), Failed> {
        for client in &mut self.clients {
            client.ask("mark")?;
        }
        let said = self.all_say("marked")?;
        for (client, said) in self.clients.iter().zip(&said) {
            let answered: u64 = self.servers.answered(client.language.number())?.iter().sum();
            self.checks.balance(client.language, said, answered);
        }
        let held =
            self.clients.iter().map(|client| Held::least(client.id())).collect::<Result<_, _>>()?;
        Ok((said, held))
    }

    fn all_say(&mut self, event: &str) -> Result<Vec<Said>, Failed> {
        self.clients.iter_mut().map(|client| client.said(event)).collect()
    }

    /// Stops the choosers. They have to release all peers, and the clients to end well.
    fn stop(&mut self) -> Result<(), Failed> {
        for client in &mut self.clients {
            client.ask("stop")?;
        }
        let said = self.all_say("stopped")?;
        for client in &mut self.clients {
            client.ended()?;
        }
        for (client, said) in self.clients.iter().zip(&said) {
            let answered: u64 = self.servers.answered(client.language.number())?.iter().sum();
            self.checks.balance(client.language, said, answered);
        }
        Ok(())
    }

    fn verdict(&self, seed: u64, folder: &Path) -> bool {
        let Checks { made, failed } = &self.checks;
        for line in failed {
            println!("FAILED  {line}");
        }
        let plant = if self.args.plant == "none" { "" } else { ", with a planted fault" };
        println!(
            "seed {seed}{plant}: {} of {made} checks failed; logs in {}",
            failed.len(),
            folder.display()
        );
        failed.is_empty()
    }
}

/// Of the servers and of Knot: below those that the system gives to clients.
fn ports() -> Result<(u16, u16), Failed> {
    let first = 10_000 + std::process::id() % 20_000;
    let free = |port: &u16| {
        let hosts = (0..SERVERS).map(Servers::host);
        hosts.chain(["127.0.0.1".to_owned()]).all(|host| TcpListener::bind((host, *port)).is_ok())
            && UdpSocket::bind((Ipv4Addr::LOCALHOST, *port)).is_ok()
    };
    let mut ports = (0..100).map(|more| (first + more) as u16).filter(free);
    match (ports.next(), ports.next()) {
        (Some(one), Some(two)) => Ok((one, two)),
        _ => Err(format!("no two ports are free from {first} on").into()),
    }
}
