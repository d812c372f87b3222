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
use crate::fault::{Fault, complain};
use crate::follow::Following;
use crate::{args, source};

/// Say which peer a policy gives a key to, and why
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  peerage explain users.peers user-42
  peerage explain users.peers user-42 --policy hashring32:replicas=200,delimiter=#
  peerage explain dns:users.internal:8080 user-42 --policy maglev --owners 5

The peers are taken for available, all of them: those of watch --probe may not be.")]
pub(crate) struct Args {
    /// Where the peers come from, as for watch: a file or a URI
    #[arg(value_name = "FILE|URI")]
    uri: String,

    /// The shard key of the request
    key: String,

    /// The policy, as configurations name it
    #[arg(long, value_name = "SPEC", default_value = "hashring32")]
    policy: PolicySpec,

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
    let uri = source::read(&args.uri)?;
    let following = Following::begin(&uri, None)?;
    match following.answer(args.timeout, complain) {
        None => return Ok(()),
        Some(Err(why)) if uri.scheme().name() == "file" => return Err(Fault::wrong(why)),
        Some(Err(why)) => return Err(Fault::failed(why)),
        Some(Ok(())) => {}
    }
    let peers = following.peers();
    let asked = Asked::new(&args.policy, &peers).map_err(Fault::wrong)?;
    let answer = text::of(args, &asked, &peers)?;
    let mut out = io::stdout();
    out.write_all(answer.as_bytes())?;
    Ok(out.flush()?)
}
