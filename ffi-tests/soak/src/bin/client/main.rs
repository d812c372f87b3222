//! The client in Rust. The others, in C, C++ and Go, do the same in their words, and take and say the same.
//!
//! ```text
//! client NUMBER THREADS RATE SEED PLANT [NAME POLICY OPTIONS PROBING SOURCE]...
//!  -> {"event":"ready"}     every chooser has a peer, and requests begin
//!  <- mark                  no request begins; those that run end
//!  -> {"event":"marked",..} what was counted, and what the library says
//!  <- go                    requests begin again
//!  <- stop                  as mark, and the choosers are stopped
//!  -> {"event":"stopped",..}
//! ```
//!
//! RATE is in calls a second, of all threads. PLANT is `none` or a fault of the client itself, which the run is
//! to find. At the end of its input it ends at once.
//!
//! | file | what |
//! |---|---|
//! | `calls` | a call: choose, send, finish, and again elsewhere |
//! | `link` | a connection, and what is said on it |
//! | `stage` | the threads, which pause and go on together |
//! | `tally` | what is counted, and how it is said |
//! | `watched` | a transport of its own, for PROBING = `watched` |

mod calls;
mod link;
mod stage;
mod tally;
mod watched;

use std::error::Error;
use std::io::BufRead;
use std::sync::Arc;
use std::time::{Duration, Instant};

use peerage::transports::Probing;
use peerage::updaters::Watching;
use peerage::{AnyChooser, Bind, Chooser, Lifecycle, Transport};

use crate::stage::Stage;
use crate::tally::Tally;

/// A chooser with what feeds it.
type Fed = Bind<AnyChooser>;

/// How long requests may take to end once no new ones begin, and peers to be released.
const PATIENCE: Duration = Duration::from_secs(5);

/// What each thread does.
pub(crate) struct Work {
    client: u32,
    /// From the beginning of a call to that of the next, of one thread.
    every: Duration,
    seed: u64,
    plant: String,
    choosers: Vec<Fed>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [client, threads, rate, seed, plant, choosers @ ..] = &words[..] else {
        return Err("usage: client NUMBER THREADS RATE SEED PLANT [CHOOSER]...".into());
    };
    let (threads, rate): (u32, u32) = (threads.parse()?, rate.parse()?);
    let work = Arc::new(Work {
        client: client.parse()?,
        every: Duration::from_secs(1) * threads / rate,
        seed: seed.parse()?,
        plant: plant.clone(),
        choosers: choosers.chunks(5).map(chooser).collect::<Result<_, _>>()?,
    });
    let begun = Instant::now();
    // They are looked at again and again: a choice that waits would be one more request, and all are counted.
    for users in &work.choosers {
        while users.list().stats().available == 0 {
            if begun.elapsed() > PATIENCE * 2 {
                return Err(format!("no peer came: {}", users.list().introspect()).into());
            }
            std::thread::sleep(Duration::from_millis(10));
        }
    }
    println!(r#"{{"event":"ready"}}"#);

    let stage = Stage::start(&work, threads);
    for line in std::io::stdin().lock().lines() {
        match line?.as_str() {
            "mark" => say("marked", &stage.pause(), &work),
            "go" => stage.go(),
            "stop" => {
                let tally = stage.pause();
                for users in &work.choosers {
                    users.stop()?;
                }
                say("stopped", &tally, &work);
                stage.end();
                return Ok(());
            }
            other => return Err(format!("what is {other:?}?").into()),
        }
    }
    std::process::exit(3)
}

/// What five words of the command line name, started.
fn chooser(words: &[String]) -> Result<Fed, Box<dyn Error>> {
    let [name, policy, options, probing, source] = words else {
        return Err("a chooser is NAME POLICY OPTIONS PROBING SOURCE".into());
    };
    let options: peerage::ListOptions = options.parse()?;
    let transport: Arc<dyn Transport> = match probing.as_str() {
        "watched" => watched::Watching::new(),
        probing => Probing::new(probing.parse()?),
    };
    let list = AnyChooser::from_spec(&policy.parse()?, transport, options.with_name(name.clone()));
    let users = Bind::new(list, Watching::binder(&source.parse()?)?);
    users.start()?;
    Ok(users)
}

/// Says what was counted, when what has left is released and what was freed is given back.
fn say(event: &str, tally: &Tally, work: &Work) {
    for users in &work.choosers {
        // What is not released in time is in the numbers.
        let _ = users.list().drain(Some(PATIENCE));
    }
    // SAFETY: it may be called at any time.
    #[cfg(target_env = "gnu")]
    unsafe {
        libc::malloc_trim(0);
    }
    println!("{}", tally.json(event, &work.choosers));
}
