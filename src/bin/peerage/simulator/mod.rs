//! The simulator: clients that choose servers, in virtual time, by the real policies and by the rules of
//! other libraries.
//!
//! Time is virtual and chance is seeded: the same world with the same seed has the same arrivals for
//! every rule, and the same result every time. `docs/simulator.md` says how to write a world, and
//! what a simulation cannot say.
//!
//! `peerage simulate` runs the worlds of its user, and `examples/simulate` those that this crate's
//! policies are held to: both have this module.
//!
//! | file or folder | what |
//! |---|---|
//! | `world/` | worlds: read from files, laid out in time |
//! | `engine/` | events, servers, calls |
//! | `clients/` | how a client picks: lists of this crate, and rivals |
//! | `measures/` | what is counted |
//! | `rules`, `jobs` | which rules are compared; runs side by side |
//! | `compare`, `report` | a table for each world |
//! | `lines` | pictures of lines |
//! | `dice`, `time` | chance and time |

pub(crate) mod clients;
pub(crate) mod compare;
pub(crate) mod dice;
pub(crate) mod engine;
pub(crate) mod jobs;
pub(crate) mod lines;
pub(crate) mod measures;
pub(crate) mod report;
pub(crate) mod rules;
pub(crate) mod time;
pub(crate) mod world;
