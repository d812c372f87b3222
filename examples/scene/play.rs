//! The scene once: who chooses, from the start of the servers to the figures.

use std::error::Error;
use std::fmt;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use crate::Args;
use crate::config::Program;
use crate::direct::Direct;
use crate::figures::Figures;
use crate::load::{self, Way};
use crate::part::{CAST, Part, Stage};
use crate::proxy::Proxy;
use crate::server::Server;

/// Who chooses a server for each request.
pub(crate) enum Who {
    Policy(&'static str),
    Proxy { place: PathBuf, program: Program, rule: &'static str },
}

impl fmt::Display for Who {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Policy(spec) => f.write_str(spec),
            Self::Proxy { program, rule, .. } => write!(f, "{} {rule}", program.name()),
        }
    }
}

impl Who {
    /// With servers of its own.
    pub(crate) fn play(&self, args: &Args, round: u32) -> Result<Figures, Box<dyn Error>> {
        let stage = Arc::new(Stage::new(args.total()));
        let started = CAST.iter().map(|part| Server::start(*part, Arc::clone(&stage)));
        let mut servers: Vec<_> = started.collect::<Result<_, _>>()?;
        let due = load::arrivals(args.rate, stage.total, u64::from(round));
        let ended = match self {
            Self::Policy(spec) => {
                let list = Direct::start(spec, &servers)?;
                let ended = act(&list, &due, &mut servers, &stage)?;
                list.stop()?;
                ended
            }
            Self::Proxy { place, program, rule } => {
                let proxy = Proxy::start(place, *program, rule, &servers)?;
                act(&proxy, &due, &mut servers, &stage)?
            }
        };
        if ended.len() < due.len() {
            return Err(format!("{self}: {} of {} requests", ended.len(), due.len()).into());
        }
        Ok(Figures::of(&self.to_string(), &ended, &servers, &stage))
    }
}

/// The load comes, and in the midst of it one server is killed and started again.
fn act<W: Way>(
    way: &W,
    due: &[Duration],
    servers: &mut [Server],
    stage: &Stage,
) -> Result<Vec<load::Ended>, Box<dyn Error>> {
    let began = stage.begin();
    thread::scope(|scope| {
        let load = scope.spawn(|| load::run(way, due, began));
        let restarted = restart(servers, stage);
        let ended = load.join().map_err(|_| "the load's thread panicked")?;
        restarted.map_err(|error| format!("the killed server can't be started again: {error}"))?;
        Ok(ended)
    })
}

/// Kills a server when its time has come, and starts it again.
fn restart(servers: &mut [Server], stage: &Stage) -> io::Result<()> {
    for server in servers.iter_mut().filter(|server| server.part == Part::Restarting) {
        thread::sleep(stage.killed().saturating_sub(stage.now()));
        server.kill();
        thread::sleep(stage.recovered().saturating_sub(stage.now()));
        server.revive()?;
    }
    Ok(())
}
