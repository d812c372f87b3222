//! Leaving a peer alone whose requests fail one after the other: what is counted, and for how long.
//!
//! ```text
//!            `eject=` failures in a row            its time is over
//!   In ─────────────────────────────────▶ Out ─────────────────────▶ Open
//!    ▲                                     ▲                          │ a choice takes it:
//!    │             the probe fails         │                          ▼ the probe
//!    │                                     └────────────────────── Probing
//!    └────────────── the probe succeeds ──────────────────────────────┘
//! ```
//!
//! `In` and `Open` can be chosen, the other two cannot. A peer is out for a second, and twice as long
//! each time that its probe fails, up to thirty; a tenth more or less, so that clients which ejected
//! it at one moment do not try it at one moment. A request that was cancelled or not sent says
//! nothing: if it was the probe, the next choice is.
//!
//! For policies that go by no price: a price does what ejection does, is quicker to come back, and
//! needs no limits. (Simulated, a peer that was well again had 80 % of its share after 1.5 to 5 s by
//! price, and after 7 to 13.5 s by ejection.) What a list does with it is in `list/eject.rs`, what a
//! finish does in `slot/streak.rs`.

mod streak;
mod times;

pub(crate) use self::streak::{Phase, Streak, Verdict};
pub(crate) use self::times::lasts;
