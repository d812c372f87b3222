//! Who is woken by what: work goes to those who can use it, and to no others.
#![cfg(feature = "testing")]

mod latency;
mod nested;
mod news;
mod places;
#[path = "../support/mod.rs"]
mod support;
