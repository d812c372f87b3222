//! What feeds a list: where the peers come from.
//!
//! | updater | for |
//! |---|---|
//! | [`StaticPeers`] | peers that are known beforehand |
//! | [`Watching`] | peers that a [source](crate::sources) knows: a file, DNS, etcd, HTTP, or one of one's own |
//!
//! An [`Updater`](crate::Updater) is a [`Lifecycle`](crate::Lifecycle) that calls its list while it runs;
//! [`Bind`](crate::Bind) ties its life to the list's.

mod static_peers;
mod watching;

pub use self::static_peers::StaticPeers;
#[cfg(feature = "capi")]
pub(crate) use self::watching::SourceCounts;
pub use self::watching::Watching;
pub use crate::stats::SourceStatus;
