//! Lists that are fed by a source: what it says, what it does not say, and how it is stopped.
#![cfg(feature = "testing")]

mod answers;
#[cfg(feature = "file")]
mod file;
#[cfg(feature = "file")]
mod file_faults;
mod folder;
mod hostile;
#[cfg(feature = "http")]
mod http;
#[cfg(feature = "http")]
mod http_wait;
#[cfg(all(feature = "http", feature = "tls"))]
mod https;
mod script;
#[cfg(feature = "http")]
mod server;
mod snapshots;
mod stops;

#[path = "../support/mod.rs"]
mod support;
