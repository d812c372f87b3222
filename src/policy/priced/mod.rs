//! The cheapest of a few: `least-loaded`, `least-latency` and `least-reported`.
//!
//! A choice looks at two random peers, each as likely as its weight says, and at four to eight that
//! answered lately and were cheap then. The random ones find out what the others have become, the
//! remembered ones are where the client has good experience of its own: so clients spread over the
//! peers by themselves, each on those that are good for it. What is cheap, and what is remembered, is
//! in [`cost`](crate::cost).
//!
//! | file | what |
//! |---|---|
//! | `options` | what can be set |
//! | `policy` | the policy, as a program makes it |
//! | `best` | the cheapest of those that a choice looks at |
//! | `draw` | one choice |
//! | `choose` | what its list asks of it |

mod best;
mod choose;
mod draw;
mod options;
mod policy;

#[cfg(all(test, loom))]
pub(crate) use self::best::choose_remembered;
pub use self::options::PricedOptions;
pub use self::policy::Priced;
pub(super) use self::policy::{LEAST_LATENCY, LEAST_LOADED, LEAST_REPORTED};
