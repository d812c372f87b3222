//! The pool of connections: what is used again, what is closed, and what lists see of it.

#[path = "../support/mod.rs"]
mod support;

mod limits;
mod reuse;
mod statuses;
mod tcp;
mod world;
