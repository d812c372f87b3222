//! Lists that are fed by a source: what it says, what it does not say, and how it is stopped.
#![cfg(feature = "testing")]

mod answers;
mod script;
mod snapshots;
mod stops;

#[path = "../support/mod.rs"]
mod support;
