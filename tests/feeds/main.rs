//! Lists that are fed by a source: what it says, what it does not say, and how it is stopped.
#![cfg(feature = "testing")]

mod answers;
#[cfg(feature = "file")]
mod file;
mod folder;
#[cfg(feature = "http")]
mod http;
mod script;
#[cfg(feature = "http")]
mod server;
mod snapshots;
mod stops;

#[path = "../support/mod.rs"]
mod support;
