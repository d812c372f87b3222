//! Limits: how many requests a peer may have in flight, how many callers may wait for a place, and
//! whose turn it is then.
#![cfg(feature = "testing")]

#[path = "../support/mod.rs"]
mod support;

mod bed;
mod limit;
mod order;
mod room;
mod threads;
