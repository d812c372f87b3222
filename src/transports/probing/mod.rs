//! A transport that finds out by itself which peers are up: one thread probes thousands.
//!
//! ```text
//!  retain, release, doubt ── orders ─▶ mail ─▶ prober: one thread, one table of due times
//!        (any thread)                            │  ▲
//!  lists ◀── status, notify ── peer ◀── judge ◀──┘  └── resolver: names, which block
//! ```
//!
//! A peer is called `HOST:PORT`, and is connected to, or asked by HTTP, once an interval. Nothing is
//! kept open: requests go over connections of the program's own.
//!
//! # What is up
//!
//! A new peer is `Connecting` until its first probe has ended, and that one decides. Afterwards it
//! takes `fall` failures in a row to take a peer out, and `rise` successes to bring it back, as in
//! HAProxy (2 and 3 there too) and Envoy (`healthy_threshold`, `unhealthy_threshold`, and a first
//! check that decides alone); pingora's default of one each flips with every lost packet. A streak
//! that has begun is a doubt, which is settled at `fast-interval`, and a peer that is down is looked at
//! every `slow-interval`: HAProxy's `fastinter` and `downinter`.
//!
//! # The last one stays
//!
//! When probes fail everywhere, it is more often the probes that are wrong (a path that was renamed,
//! a firewall, this machine's network) than every server at once; k3s-io/k3s issue 10240 is a
//! load balancer that lost its last server so. So the last available peer of a transport is never taken
//! out by probes: it is `Kept`, still `Available`, until it answers again or another peer is up, to
//! which it gives way. This is decided for the transport and not for a list, as peers are shared
//! by lists and a peer has one status: make one transport for each service, whose check it is anyway.
//! The one that is kept gets all requests meanwhile. A peer that was never up is none that could be taken
//! out.
//!
//! # What is no verdict
//!
//! A probe that this process could not make, for want of descriptors or memory, says nothing of the
//! peer. It is made again later, and all others wait a little too. A machine that was suspended, or a
//! process that was stopped, finds many deadlines passed: a probe has timed out only if its socket was
//! looked at after its deadline and had nothing to say. What is overdue then is begun once, not as often
//! as it was missed, and at the phase that it had, so that thousands of probes stay spread.
//!
//! # gRPC health
//!
//! `grpc.health.v1` is not among the checks. It needs HTTP/2. The client of it in Rust that is widely used,
//! h2, is written for an async runtime, and solicit, which was not, is not kept any more. There are clients
//! without I/O of their own (ringline-h2, micro-h2), young and with hardly a user: one of these behind
//! `attempt` would be a third check, once it has proved itself. Until then such a server is probed by TCP,
//! or by HTTP at another port (`port=`), which many have for Kubernetes.
//!
//! # What it costs
//!
//! 10,000 peers each second took 36 % of a core of two (2026-11, Linux, loopback, release), of which nearly
//! all is the system's; 1,000 flips were made in 12 s, and 1,000 seen:
//! `cargo run --release --features probing --example probe_many`.
//!
//! | file | what |
//! |---|---|
//! | `options`, `text` | what can be set, and the same as text |
//! | `expect` | which statuses of HTTP are good |
//! | `address` | what a peer's name says: where to connect |
//! | `transport` | retain, release, doubt, introspect |
//! | `peer`, `status` | what a list sees of a peer, and what people do |
//! | `mail` | orders to the probing thread, and its life |
//! | `prober` | the loop of that thread |
//! | `table` | who is due when |
//! | `verdict` | from one probe's end to up or down |
//! | `attempt`, `http` | one probe: a connection, and what is said on it |
//! | `resolver` | addresses of names, on threads of their own, as the system's resolver blocks |

mod address;
mod attempt;
mod entry;
mod expect;
mod http;
mod mail;
mod options;
mod peer;
mod prober;
mod resolver;
mod status;
mod table;
mod text;
mod transport;
mod verdict;

pub use self::address::NoAddress;
pub use self::options::ProbeOptions;
pub use self::status::{ProbeState, ProbeStatus};
pub use self::transport::Probing;
