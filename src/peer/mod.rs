//! What a peer is: an identity, a status, and for those that ask, a hook around every request.
//!
//! | file | what |
//! |---|---|
//! | `identifier` | what names a peer |
//! | `status` | how a peer is, as its transport sees it |
//! | `check` | what its transport has found out about it |
//! | `contract` | what a list asks of a peer, and where the peer reports |
//! | `seal` | doors of the peers and policies of this crate, which are shut to others |

mod check;
mod contract;
mod identifier;
mod seal;
mod status;

pub use self::check::Check;
pub use self::contract::{Peer, StatusPeer, Subscriber};
pub use self::identifier::{Identifier, identify};
pub(crate) use self::seal::{Seal, Seat};
pub use self::status::{ConnectionStatus, Status};
