//! Transports that need no network.
//!
//! A transport that owns connections belongs to the program that sends the requests:
//! [`Transport`](crate::Transport) says what it has to do, and [`Registry`](crate::Registry) does
//! half of it. The ones here do without: they are enough for programs whose client connects by
//! itself, and to begin with. The module `pool` (feature `pool`) is one that keeps connections, of
//! any kind.

mod always;
#[cfg(feature = "pool")]
#[cfg_attr(docsrs, doc(cfg(feature = "pool")))]
pub mod pool;

pub use self::always::Always;
