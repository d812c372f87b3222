//! Transports that need no code.
//!
//! A transport that owns connections belongs to the program that sends the requests:
//! [`Transport`](crate::Transport) says what it has to do, and [`Registry`](crate::Registry) does
//! half of it. The ones here do without: they are enough for programs whose client connects by
//! itself, and to begin with.
//!
//! | transport | which peers are available | feature |
//! |---|---|---|
//! | [`Always`] | all | |
//! | `Probing` | those that answer its probes, by TCP or HTTP | `probing` |
//! | `pool::Pool` | those to which it has connections, of any kind | `pool` |

mod always;
#[cfg(any(feature = "probing", feature = "pool"))]
mod lack;
#[cfg(feature = "pool")]
#[cfg_attr(docsrs, doc(cfg(feature = "pool")))]
pub mod pool;
#[cfg(feature = "probing")]
mod probing;

pub use self::always::Always;
#[cfg(feature = "probing")]
#[cfg_attr(docsrs, doc(cfg(feature = "probing")))]
pub use self::probing::{NoAddress, ProbeOptions, ProbeState, ProbeStatus, Probing};
