//! `etcd:`, the values of the keys below a prefix.
//!
//! ```text
//!  etcd:HOST:PORT[,HOST:PORT].../PREFIX        etcd+https:...
//! ```
//!
//! Each key below the prefix is a peer, and its value says which: `10.0.0.1:80*3 tier=1`, or a JSON object
//! with `peer`. Of an empty value the last part of the key is the name. What stands behind the first slash
//! is the prefix, byte for byte: `users` also has the keys of `users2/`, which `users/` has not, and keys
//! that begin with a slash need two. There must be one: the keys of a whole cluster are hardly those of one
//! service.
//!
//! etcd (3.4 or later) is asked through its JSON gateway, so that neither gRPC nor HTTP/2 is needed:
//!
//! ```text
//!             ┌─ answer ─┐                    ┌─ answers, a line for each message of the watch
//!  Asking ── range ──▶ Opening ── watch ──▶ Watching ── silence ──▶ anything new?  ── no ─▶ (answer)
//!     ▲                   │                    │                          │
//!     └──── failed ───────┴────── ended ───────┴────── yes, or failed ────┘   (at the next endpoint)
//! ```
//!
//! * **Nothing is lost between the two**: the watch begins one revision after the range. Whatever ends it
//!   (compaction, a cancel, the end of the stream, an error) is followed by a range, whose answer is whole
//!   whatever has been missed.
//! * **A connection that is dead and does not say so** is found by asking: when the watch has been silent for
//!   `poll` (10 s), a range on a connection of its own asks for keys that are newer than those known, and
//!   how many there are. etcd's `progress_notify` would come every ten minutes only.
//! * **Messages that come faster than the list takes them** are one answer: all lines that one read has
//!   found are applied before the list is told.
//! * **A member that has lost its cluster** ends the watch, as it is asked to do so (`hasleader`, which the
//!   gateway hands on to etcd), and answers no range, as ranges are linearizable.
//!
//! | file | what |
//! |---|---|
//! | `place` | endpoints and prefix of the URI |
//! | `question`, `message` | what the gateway is asked; what it says, checked |
//! | `known` | keys, and the peers that they are |
//! | `lines` | a stream as lines, of which none may be endless |
//! | `login` | who asks |
//! | `gateway` | asks one endpoint |
//! | `restarts` | pauses when watches end as soon as they begin |
//! | `watcher` | the picture above |

mod gateway;
mod known;
mod lines;
mod login;
mod message;
mod place;
mod question;
mod restarts;
mod watcher;

use self::gateway::Gateway;
use self::login::Login;
use self::place::Place;
use self::watcher::Watcher;
use super::contract::Source;
use super::parts::Parts;
use crate::error::SpecError;

/// Checks the rest of a URI, and makes its source.
pub(super) fn open(uri: &Parts) -> Result<Box<dyn Source>, SpecError> {
    let place = Place::of(uri)?;
    let login = Login::of(uri)?;
    if uri.options.timeout.is_zero() {
        return Err(uri.wrong("timeout=0s must be longer"));
    }
    let gateway = Gateway::new(&uri.options, login);
    Ok(Box::new(Watcher::new(uri, place, gateway)))
}
