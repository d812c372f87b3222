//! The machine: events in virtual time.
//!
//! ```text
//! arrival ──▶ call ──choose──▶ attempt ──network──▶ server ──work──▶ ──network──▶ answer ──▶ finish
//!               ▲      │ none                                                       │ failed
//!               │      ▼                                                            ▼
//!              told ◀─ waits                                             retry: another attempt
//! ```
//!
//! A call is one request of a client from its arrival to its end; an attempt is one sending of it.
//! Retries and hedges make more than one. An attempt lives until its answer has come, also when its
//! call has been given up: the server does not know.
//!
//! | file | what |
//! |---|---|
//! | `events.rs` | what happens next |
//! | `server.rs` | queues, workers, pauses |
//! | `meter.rs` | what a server says of itself |
//! | `estimates.rs` | what a server answers to a probe |
//! | `run.rs` | the loop |
//! | `calls.rs` | choosing, waiting, ending |
//! | `visits.rs` | what happens at servers |

mod calls;
mod estimates;
mod events;
mod meter;
mod run;
mod server;
mod visits;
mod window;

pub(crate) use self::run::run;
pub(crate) use self::server::Server;
pub(crate) use self::window::Id;
