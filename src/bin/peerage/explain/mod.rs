//! `peerage explain`: which peer has a key, and why.
//!
//! | file | what |
//! |---|---|
//! | `chooser` | a list of the peers, asked again and again |
//! | `ring` | where a key is on a hash ring |
//! | `text` | the answer, for people |

mod chooser;
mod ring;
mod text;

use std::io::{self, Write};
use std::time::Duration;

use peerage::policy::PolicySpec;

use self::chooser::Asked;
use crate::args;
use crate::fault::{Fault, complain};
use crate::follow::Following;
use crate::origin::{Origin, OriginArgs};

/// Say which peer a policy gives a key to, and why
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  peerage explain users.peers user-42
  peerage explain users.peers user-42 --policy hashring32:replicas=200,delimiter=#
  peerage explain dns:users.internal:8080 user-42 --policy maglev --owners 5

The peers are taken for available, all of them: those of watch --probe may not be.")]
pub(crate) struct Args {
    #[command(flatten)]
    origin: OriginArgs,

    /// The shard key of the request
    key: String,

    /// The policy, as configurations name it; without it that of the configuration, else hashring32
    #[arg(long, value_name = "SPEC")]
    policy: Option<PolicySpec>,

    /// How many peers to name: the owner, and who has the key where those before cannot be chosen
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..=100))]
    owners: u32,

    /// How many other keys to try, for the share of each peer
    #[arg(long, value_name = "N", default_value_t = 100_000, value_parser = clap::value_parser!(u32).range(..=10_000_000))]
    sample: u32,

    /// How long to wait for the source
    #[arg(long, value_name = "DURATION", default_value = "10s", value_parser = args::duration)]
    timeout: Duration,
}

pub(crate) fn run(args: &Args) -> Result<(), Fault> {
    let Origin { peers, policy, options, .. } = Origin::read(&args.origin)?;
    let policy = args.policy.clone().or(policy).map_or_else(|| "hashring32".parse(), Ok);
    let policy = policy.map_err(Fault::wrong)?;
    let following = Following::begin(peers, None)?;
    let interrupted = || Fault::failed("interrupted");
    following.answer(args.timeout, complain).ok_or_else(interrupted)??;
    let peers = following.peers();
    let asked = Asked::new(&policy, options, &peers).map_err(Fault::wrong)?;
    let answer = text::of(args, &policy, &asked, &peers)?;
    let mut out = io::stdout();
    out.write_all(answer.as_bytes())?;
    Ok(out.flush()?)
}
