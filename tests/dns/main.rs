//! Lists that are fed by names, from servers that are used for that: Knot with a zone of its own, and
//! dnsmasq. `ffi-tests/run.sh dns` installs them and runs this.
#![cfg(all(feature = "dns", feature = "testing", unix))]

mod bed;
mod changes;
mod failures;
mod server;
mod sets;

#[path = "../support/mod.rs"]
mod support;
