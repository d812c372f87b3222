//! Connections of one's own, kept for each peer.
//!
//! A pool that hides which of several servers a connection goes to cannot be balanced. This one is a
//! [`Transport`](crate::Transport): the list picks the peer, and the peer hands out a connection to
//! itself, whatever the protocol. Any type will do that [`Connect`] can make: a `TcpStream`, a TLS
//! session, the client object of a protocol.
//!
//! ```text
//!  PeerList ── retains ──▶ Pool ── makes ──▶ PoolPeer ── thread ──▶ Connect
//!     │                                         ▲ │
//!     └── pick ── downcast ── checkout ─────────┘ └──▶ Pooled, which goes back when it is dropped
//! ```
//!
//! | to | look at |
//! |---|---|
//! | have a pool | [`Pool`], [`PoolOptions`] |
//! | say how to connect | [`Connect`], [`Tcp`] |
//! | send a request | [`PoolPeer::checkout`], [`Pooled`] |
//!
//! What a connection is worth is looked at twice: before it is handed out
//! ([`Connect::is_reusable`]), so that one which the server has closed costs no request, and by the
//! request itself. A request that fails *doubts* the peer, so that its next try goes elsewhere, and a
//! thread connects anew.

mod connect;
mod error;
mod home;
mod idle;
mod manager;
mod options;
mod peer;
mod places;
mod pooled;
mod shared;
mod tcp;
mod transport;

pub use self::connect::Connect;
pub use self::error::CheckoutError;
pub use self::options::PoolOptions;
pub use self::peer::PoolPeer;
pub use self::pooled::Pooled;
pub use self::tcp::{Tcp, is_quiet};
pub use self::transport::{Pool, PoolStats};
