//! One table after the other, without any escape code.

use std::io::{self, BufWriter, Write};
use std::time::{Duration, Instant};

use super::Args;
use super::rows::Picture;
use crate::ending::Until;
use crate::fault::{Fault, complain};
use crate::follow::{Following, News};

/// How often it looks at the probes: one that finds what was so before is no news.
const LOOK: Duration = Duration::from_millis(200);

pub(super) fn run(following: &Following, args: &Args) -> Result<(), Fault> {
    let mut out = BufWriter::new(io::stdout());
    let until = Until::after(args.time);
    let (mut has_answered, mut next) = (false, Instant::now() + args.interval);
    while !until.is_over() {
        let left = next.saturating_duration_since(Instant::now()).min(LOOK);
        for news in following.next(until.left(left)) {
            match news {
                News::Answered => has_answered = true,
                News::Unanswered { why, .. } if args.once => return Err(following.unanswered(why)),
                News::Unanswered { line, .. } | News::Fault(line) => complain(&line),
                News::Interrupted => return Ok(()),
                News::Peer { .. } | News::Probed => {}
            }
        }
        if args.once {
            if has_answered && following.is_probed() {
                return Ok(print(following, &mut out)?);
            }
        } else if next <= Instant::now() {
            print(following, &mut out)?;
            writeln!(out)?;
            out.flush()?;
            next = Instant::now() + args.interval;
        }
    }
    match args.time {
        Some(time) if until.is_over() && !has_answered => Err(following.unanswered_within(time)),
        Some(time) if until.is_over() && args.once => {
            Err(Fault::failed(format!("not every peer was probed within {time:?}")))
        }
        _ => Ok(()),
    }
}

fn print(following: &Following, out: &mut impl Write) -> io::Result<()> {
    let picture = Picture::of(following);
    writeln!(out, "{}", picture.title)?;
    writeln!(out, "{}", picture.heading)?;
    for row in picture.rows {
        writeln!(out, "{}", row.text)?;
    }
    out.flush()
}
