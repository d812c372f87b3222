//! HTTP with threads: requests for a service, each sent to the peer that a chooser picks.
//!
//! ```text
//!  Balanced ── choose ──▶ Pick ── its address ──▶ ureq's agent ──▶ Connector: TCP, TLS as the service
//!      ▲                   │                                          │
//!      │ not yet tried     └── held by the body, until it has been    └── marks what was not sent
//!      └───────────────────── read or dropped
//! ```
//!
//! ureq keeps connections by the authority of the URL. A resolver that answered with the peer's
//! address would be asked once and then never again, as the kept connection of the service is used
//! for every request: all of them would go to one peer. So what the agent sees is a URL of the peer,
//! while the header `Host`, and in TLS the name that the certificate is checked for, are the service's.
//!
//! [`Balanced`] is the client, [`BalancedOptions`] how it sends, [`CallError`] why there is no answer.

mod attempt;
mod body;
mod client;
mod connector;
mod error;
mod means;
mod options;
mod service;
mod tries;

pub use self::client::Balanced;
pub use self::error::CallError;
pub use self::options::BalancedOptions;
