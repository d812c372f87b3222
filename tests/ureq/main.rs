//! HTTP over a chooser: where requests go, what of them is sent again, and how they end.

#[path = "../support/mod.rs"]
mod support;

mod bodies;
mod peers;
mod retries;
mod server;
mod spreading;
mod times;
