//! Policies that want `&mut self`.
//!
//! The roster's changes are written down under the roster's mutex, by library code (`changes`), and
//! told to the policy before its next choice (`adapter`), so the policy sees every change before it
//! can matter, and without a lock of the list held. Only the adapter's own mutex makes the calls one
//! at a time.
//!
//! A policy that calls back into its list from inside a call is not deadlocked: the nested choice
//! finds nothing, and the nested change is told later.

mod adapter;
mod changes;
mod contract;

pub use self::adapter::Serial;
pub use self::contract::{PeerInfo, SerialPolicy};
