//! Lists that are fed by etcd: against a gateway that says what a test has it say, and, those that are
//! ignored unless they are asked for, against etcd itself (`ffi-tests/run.sh etcd`).
#![cfg(all(feature = "etcd", feature = "testing"))]

mod bed;
mod client;
mod endpoints;
mod gateway;
mod lies;
mod real_changes;
mod real_faults;
mod real_login;
#[cfg(feature = "tls")]
mod real_tls;
mod server;
mod stops;
mod watches;

#[path = "../support/mod.rs"]
mod support;
