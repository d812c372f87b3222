//! `dns:` and `dns+srv:`, peers by a name.
//!
//! ```text
//!  dns:NAME:PORT    its A and AAAA records, each an address, with the port
//!  dns+srv:NAME     its SRV records: target and port; the weight is the peer's, priorities are tiers
//! ```
//!
//! A stub resolver over blocking sockets: it asks servers that follow names through the world by
//! themselves, and its answers are no older than those servers' caches. What others are known to get
//! wrong is what it is made of:
//!
//! * **The clock asks again**, after the least TTL along the chain (aliases, SRV records and addresses),
//!   and not a failed connection: else a service that grows is never seen to.
//! * **A failure is no answer**, for each question on its own. A server that refuses AAAA does not hide
//!   the A records; a family that was there and fails now keeps its addresses; a service one of whose
//!   targets is unknown has the others.
//! * **NXDOMAIN is a failure too**: a name that is gone is a zone that is broken more often than a service
//!   without servers.
//! * **A part is no answer.** What is truncated is asked for again by TCP, and is an error without.
//! * **A name that leads nowhere is not empty.** A server that knows nothing of a name and asks no others,
//!   or names an alias and stops there, has failed.
//!
//! What it does not do: `/etc/hosts` is not read, nothing is cached, DNSSEC is the server's.
//!
//! Waiting is in slices of [`SLICE`](slice::SLICE), between which the source looks whether it is
//! stopped: a wake-up by another thread would take a call that std has for no datagram socket. Only the
//! beginning of a TCP connection cannot be sliced; a stop leaves that to itself.
//!
//! | file | what |
//! |---|---|
//! | `failure` | why a server has not answered |
//! | `name` | a host name as text, and where it is searched for |
//! | `target` | the rest of a URI |
//! | `servers` | who is asked, and how: `servers=`, `resolv.conf` |
//! | `question` | a question as bytes, and which bytes answer it |
//! | `records` | what an answer says |
//! | `slice` | waiting, while a stop is looked for |
//! | `stream` | a question by TCP |
//! | `exchange` | questions at once, from one server after the other |
//! | `lookup` | the addresses of names |
//! | `services` | SRV records as peers |
//! | `source` | the source |

mod exchange;
mod failure;
mod lookup;
mod name;
mod question;
mod records;
mod servers;
mod services;
mod slice;
mod source;
mod stream;
mod target;
// Miri has no sockets.
#[cfg(all(test, not(loom), not(miri)))]
mod tests;

pub(super) use self::source::{open, open_services};
