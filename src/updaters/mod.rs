//! What feeds a list: where the peers come from.

mod static_peers;

pub use self::static_peers::StaticPeers;
