//! Sources that ask a server in this process, which answers what no good server would.
//!
//! | file | what |
//! |---|---|
//! | `fake` | the server: its sockets and threads |
//! | `query`, `message` | what it is asked; messages that it sends |
//! | `addresses` | names with addresses: families, times to live, aliases |
//! | `exchange` | servers that fail, strangers that answer, stops |
//! | `services` | SRV records |
//! | `mutants` | answers with faults put into them |

mod addresses;
mod exchange;
mod fake;
mod message;
mod mutants;
mod query;
mod services;

use std::time::Duration;

use crate::peer::Identifier;
use crate::sources::{Answer, Source, SourceUri, Stop};

/// The source of a URI that asks these servers, each for a time in which a test does not wait long.
fn source(uri: &str, servers: &[&fake::Fake], options: &str) -> Box<dyn Source> {
    let servers: Vec<_> = servers.iter().map(|fake| fake.address().to_string()).collect();
    let text = format!("{uri}#servers={}{options}", servers.join(" "));
    text.parse::<SourceUri>().expect("a URI").open().expect("a source")
}

fn ask(source: &mut dyn Source) -> Result<Answer, String> {
    source.next(&Stop::new()).map_err(|error| error.to_string())
}

/// What a URI answers that asks one server.
fn look(uri: &str, server: &fake::Fake) -> Result<Answer, String> {
    ask(&mut *source(uri, &[server], ",timeout=5s"))
}

/// Peers as `ADDRESS*WEIGHT/TIER`, without what is 1 or 0.
fn peers(answer: &Answer) -> String {
    let show = |member: &crate::Member| {
        let has = member.attributes();
        let weight = if has.weight > 1 { format!("*{}", has.weight) } else { String::new() };
        let tier = if has.tier > 0 { format!("/{}", has.tier) } else { String::new() };
        format!("{}{weight}{tier}", member.identifier())
    };
    answer.peers.iter().map(show).collect::<Vec<_>>().join(" ")
}

fn seconds(answer: &Answer) -> u64 {
    answer.again.unwrap_or(Duration::ZERO).as_secs()
}
