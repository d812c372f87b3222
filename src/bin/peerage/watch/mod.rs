//! `peerage watch`: a line for each change of a source.

mod line;

use std::collections::HashSet;
use std::io::{self, BufWriter, Write};
use std::time::{Duration, SystemTime};

use peerage::transports::ProbeOptions;

use self::line::Form;
use crate::args;
use crate::ending::{Until, reader_has_gone};
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
  + it is new    - it is gone    ~ it has other attributes    = its probes say so

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

/// How often it looks whether its reader has gone.
const LOOK: Duration = Duration::from_millis(200);

pub(crate) fn run(args: &Args) -> Result<(), Fault> {
    let origin = Origin::read(&args.origin)?;
    let form = if args.json { Form::Json } else { Form::Plain };
    let mut out = BufWriter::new(io::stdout());
    let until = Until::after(args.time);
    let following = Following::begin(origin.peers, args.probe.clone())?;
    let mut has_answered = false;
    // Peers whose probes have come to something: the news of it may come later than the state.
    let mut probed = HashSet::new();
    while !until.is_over() && !reader_has_gone() {
        let news = following.next(until.left(LOOK));
        if let Some(News::Interrupted) = news.last() {
            return Ok(out.flush()?);
        }
        let is_status = |news: &News| matches!(news, News::Status { .. });
        let statuses =
            if news.iter().any(is_status) { following.statuses() } else { Default::default() };
        let now = SystemTime::now();
        for news in news {
            match &news {
                News::Answered => has_answered = true,
                News::Unanswered { why, .. } if args.once => {
                    out.flush()?;
                    return Err(Fault::failed(why));
                }
                News::Unanswered { line, .. } | News::Fault(line) => complain(line),
                News::Interrupted => return Ok(out.flush()?),
                News::Status { id, .. } => {
                    probed.insert(id.clone());
                }
                News::Peer { .. } => {}
            }
            form.write(now, &news, &statuses, &mut out)?;
        }
        out.flush()?;
        if args.once && has_answered && following.statuses().keys().all(|id| probed.contains(id)) {
            return Ok(());
        }
    }
    match args.time {
        Some(time) if until.is_over() && !has_answered => Err(Fault::failed(format!(
            "source {:?} has not answered within {time:?}",
            following.source().source
        ))),
        _ => Ok(()),
    }
}
