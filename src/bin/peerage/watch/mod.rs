//! `peerage watch`: a line for each change of a source.

mod line;
mod probes;

use std::io::{self, BufWriter, Write};
use std::time::Duration;

use peerage::transports::ProbeOptions;

use self::line::Form;
use self::probes::Probes;
use crate::args;
use crate::ending::{Until, end_with_reader};
use crate::fault::{Fault, complain};
use crate::follow::{Following, News};
use crate::origin::{Origin, OriginArgs};

/// Follow a source of peers: a line for each change
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  peerage watch dns:users.internal:8080
  peerage watch etcd://10.0.0.1:2379/services/users/ --json
  peerage watch users.peers --once
  peerage watch http://registry/users --probe http,path=/healthz --for 5m

A line is the time, a sign, the peer, and what is known of it:
  + it is new    - it is gone    ~ it has other attributes    = its probes say up, down, or failing and kept as the last one

What is wrong with the source is told on standard error, and it is asked again.")]
pub(crate) struct Args {
    #[command(flatten)]
    origin: OriginArgs,

    /// Print one JSON object a line
    #[arg(long)]
    json: bool,

    /// End after the first answer; with --probe, when each peer of it has been probed
    #[arg(long)]
    once: bool,

    /// End after this long
    #[arg(long = "for", value_name = "DURATION", value_parser = args::duration)]
    time: Option<Duration>,

    /// Probe the peers too: tcp, http, or with settings, such as http,path=/healthz,interval=1s
    #[arg(long, value_name = "CHECK", value_parser = args::probe)]
    probe: Option<ProbeOptions>,
}

/// How often it looks at the probes: one that finds what was so before is no news.
const LOOK: Duration = Duration::from_millis(200);

pub(crate) fn run(args: &Args) -> Result<(), Fault> {
    end_with_reader();
    let origin = Origin::read(&args.origin)?;
    let form = if args.json { Form::Json } else { Form::Plain };
    let mut out = BufWriter::new(io::stdout());
    let until = Until::after(args.time);
    let following = Following::begin(origin.peers, args.probe.clone())?;
    let mut has_answered = false;
    let mut probes = Probes::default();
    while !until.is_over() {
        for news in following.next(until.left(LOOK)) {
            match news {
                News::Answered => has_answered = true,
                News::Unanswered { why, .. } if args.once => {
                    out.flush()?;
                    return Err(following.unanswered(why));
                }
                News::Unanswered { line, .. } | News::Fault(line) => complain(&line),
                News::Interrupted => return Ok(out.flush()?),
                News::Peer { change, id, attributes } => {
                    form.peer(change, &id, &attributes, &mut out)?;
                }
                News::Probed => {}
            }
        }
        let is_probed = probes.tell(&following.statuses(), form, &mut out)?;
        out.flush()?;
        if args.once && has_answered && is_probed {
            return Ok(());
        }
    }
    match args.time {
        Some(time) if until.is_over() && !has_answered => Err(following.unanswered_within(time)),
        _ => Ok(()),
    }
}
