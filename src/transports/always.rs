//! Addresses that are always there.

use std::convert::Infallible;
use std::fmt;
use std::sync::Arc;

use crate::error::TransportError;
use crate::peer::{ConnectionStatus, Identifier, Peer, Status, StatusPeer, Subscriber};
use crate::registry::Registry;
use crate::transport::Transport;

/// A transport of addresses that are always there: every peer is `Available` as soon as it is
/// retained, and for as long as it is.
///
/// It connects to nothing: the list picks an address, and what sends the request connects to it,
/// with a client or a pool of its own. So an address whose server is down is picked like any other;
/// a transport that knows better reports it. Lists that share it share one peer for each name. It
/// counts nothing, and policies that look at loads work all the same: lists count for themselves.
///
/// ```
/// use peerage::transports::Always;
/// use peerage::{Chooser, Lifecycle, Outcome, Request, Single, identify};
///
/// let single = Single::new(identify("10.0.0.1:80"), Always::new());
/// single.start()?;
/// let pick = single.try_choose(&Request::new())?;
/// assert_eq!(pick.identifier(), "10.0.0.1:80");
/// pick.finish(Outcome::Success);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Always {
    addresses: Registry<Address>,
}

#[derive(Debug)]
struct Address(Arc<str>);

impl Always {
    /// The transport; it has no peers yet.
    #[must_use]
    pub fn new() -> Arc<Self> {
        Arc::new(Self { addresses: Registry::new("always") })
    }
}

impl Transport for Always {
    /// Never fails, blocks or calls back.
    fn retain_peer(
        &self,
        id: &Arc<dyn Identifier>,
        subscriber: Arc<dyn Subscriber>,
    ) -> Result<Arc<dyn Peer>, TransportError> {
        let make = |_| Ok::<_, Infallible>(Arc::new(Address(id.kept_name())));
        let Ok((address, _)) = self.addresses.try_retain_as(&**id, subscriber, make);
        Ok(address)
    }

    fn release_peer(
        &self,
        id: &Arc<dyn Identifier>,
        subscriber: &Arc<dyn Subscriber>,
    ) -> Result<(), TransportError> {
        self.addresses.release(id.identifier(), subscriber).map(drop)
    }
}

impl fmt::Debug for Always {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Always").field("addresses", &self.addresses.peers().len()).finish()
    }
}

impl Identifier for Address {
    fn identifier(&self) -> &str {
        &self.0
    }
}

impl StatusPeer for Address {
    fn status(&self) -> Status {
        Status { connection_status: ConnectionStatus::Available, ..Status::default() }
    }
}

impl Peer for Address {}
