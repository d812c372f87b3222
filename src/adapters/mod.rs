//! Clients of other crates over a chooser.
//!
//! | module | sends | feature |
//! |---|---|---|
//! | `ureq` | HTTP with threads, over [ureq](https://docs.rs/ureq) | `ureq`; `tls` for HTTPS |
//!
//! For protocols of which one has the connection, `transports::pool` (feature `pool`) is what there is.

#[cfg(feature = "ureq")]
#[cfg_attr(docsrs, doc(cfg(feature = "ureq")))]
pub mod ureq;
