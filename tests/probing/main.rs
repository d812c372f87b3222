//! The probing transport against servers of this process's own, on loopback: what is up, when that
//! changes, and what is asked of the servers.
#![cfg(feature = "probing")]

mod bed;
mod callbacks;
mod doubts;
mod http;
mod many;
mod names;
mod servers;
mod verdicts;

#[path = "../support/mod.rs"]
mod support;
