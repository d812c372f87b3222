//! What the test programs share: lists on a fake transport, a clock, and waiting for what must happen.
//!
//! A program in a folder takes it in by `#[path = "../support/mod.rs"] mod support;`. Every wait is
//! for an event, with one generous limit for all of them ([`LIMIT`]); nothing sleeps for a fixed
//! time and hopes.

#![allow(dead_code, unused_imports, reason = "each program uses a part of it")]

mod clock;
mod lists;
mod waiting;

pub(crate) use self::clock::Hand;
pub(crate) use self::lists::{
    awaited, chosen, counts, custom, from_texts, list, named, pending, running, sharded,
    with_options,
};
pub(crate) use self::waiting::{LIMIT, until, within, within_time};
