//! The transport: retain, release, doubt, introspect.

use std::fmt;
use std::sync::Arc;

use super::address::Place;
use super::mail::Order;
use super::options::ProbeOptions;
use super::peer::{ProbeMail, ProbedPeer};
use super::prober::Prober;
use super::status::ProbeStatus;
use crate::error::TransportError;
use crate::peer::{Identifier, Peer, Subscriber};
use crate::registry::Registry;
use crate::sync::{AtomicUsize, Ordering};
use crate::transport::Transport;

/// A transport that finds out by itself which peers are up, by TCP or HTTP: one thread for thousands.
///
/// Its peers are called `HOST:PORT`. It keeps no connections: the list picks a name, and what sends
/// the request connects to it. A request that failed may be told with [`doubt`](Self::doubt), and is
/// then followed by a probe at once.
///
/// ```
/// use std::net::TcpListener;
/// use peerage::policy::RoundRobin;
/// use peerage::transports::{ProbeOptions, Probing};
/// use peerage::{Chooser, Lifecycle, List, ListOptions, ListUpdates, PeerList, Request, Wait};
///
/// let server = TcpListener::bind("127.0.0.1:0")?;
/// let probing = Probing::new(ProbeOptions::tcp());
/// let list = PeerList::new(RoundRobin::new(), probing.clone(), ListOptions::new());
/// list.start()?;
/// list.update(ListUpdates::adding([server.local_addr()?.to_string(), "127.0.0.1:1".into()]))?;
/// let pick = list.choose(&Request::new(), Wait::timeout(std::time::Duration::from_secs(10)))?;
/// assert_eq!(pick.identifier(), server.local_addr()?.to_string());
/// for peer in probing.introspect() {
///     println!("{peer}"); // 127.0.0.1:1 is down for 2ms: cannot connect: Connection refused ..
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// A peer is `Connecting` until its first probe has ended, which begins at once. Then it is `Available`
/// or `Unavailable`, and changes after [`fall`](ProbeOptions::with_fall) failed or
/// [`rise`](ProbeOptions::with_rise) good probes in a row. The last available peer is never taken out by
/// probes alone: it stays `Available`, as [`Kept`](super::ProbeState::Kept), until it answers again or
/// another peer is up, and gets all requests until then. This counts all peers of the transport, so make
/// one for each service; lists of one service may share it, and then share its peers.
///
/// A host that is a name is resolved as the system does it, before its first probe and again after each
/// failure. Its addresses are tried one after the other, and it is up if one of them is.
///
/// It speaks no TLS, no HTTP/2, and so not gRPC's health protocol: probe such servers by TCP, or at
/// another [`port`](ProbeOptions::with_port). What this process cannot probe for want of descriptors or
/// memory stays as it is until it can.
///
/// # Threads
///
/// Any thread may call any method; none blocks. The thread that probes is begun with the first peer and
/// ends with the last one's release, or when the transport is dropped, which waits for it: 0.1 s at most,
/// should a subscriber block or a name server be silent. Lists are told of changes on that thread, so
/// while an [`Observer`](crate::Observer) of theirs runs, no probe is made. Names are resolved on up to
/// four more threads, which end when there is nothing to resolve; one that the system's resolver holds
/// may outlive the transport until it lets go. After a `fork` the child has no such threads, and its peers
/// stay as they are: make transports behind the fork.
pub struct Probing {
    peers: Registry<ProbedPeer>,
    options: ProbeOptions,
    mail: Arc<ProbeMail>,
    next_key: AtomicUsize,
}

impl Probing {
    /// The transport; it has no peers and no thread yet.
    #[must_use]
    pub fn new(options: ProbeOptions) -> Arc<Self> {
        let (mail, next_key) = (Arc::default(), AtomicUsize::new(0));
        Arc::new(Self { peers: Registry::new("probing"), options, mail, next_key })
    }

    /// What it was made with.
    #[must_use]
    pub fn options(&self) -> &ProbeOptions {
        &self.options
    }

    /// A request to this peer has failed: if it is up it is probed now rather than when it is due.
    ///
    /// Cheap enough for every request that fails: while a probe is under way, or waits to begin, it does
    /// nothing, and no more often than every [`fast
    /// interval`](ProbeOptions::with_fast_interval) does it begin one. The probe counts like any other. A
    /// peer that the transport does not have is ignored.
    pub fn doubt(&self, identifier: &str) {
        if let Some(peer) = self.peers.get(identifier) {
            peer.doubt();
        }
    }

    /// All peers, in the order of their names, and what is thought of them.
    #[must_use]
    pub fn introspect(&self) -> Vec<ProbeStatus> {
        let mut shown: Vec<_> = self.peers.peers().iter().map(|peer| peer.shown()).collect();
        shown.sort_by(|a, b| a.identifier.cmp(&b.identifier));
        shown
    }
}

impl Transport for Probing {
    /// Does not block, nor call back.
    ///
    /// # Errors
    ///
    /// [`NoAddress`](super::NoAddress), if the identifier is no `HOST:PORT`; an
    /// [`std::io::Error`], if there is neither a thread that probes nor what it takes to have one.
    fn retain_peer(
        &self,
        id: &Arc<dyn Identifier>,
        subscriber: Arc<dyn Subscriber>,
    ) -> Result<Arc<dyn Peer>, TransportError> {
        let name = id.identifier();
        let place = Place::parse(name)?.at_port(self.options.port);
        self.mail.enter(|| {
            let (prober, waker) = Prober::new(Arc::clone(&self.mail), self.options.clone())?;
            Ok((move || prober.run(), waker))
        })?;
        let (peer, is_new) = self.peers.retain(name, subscriber, |reporter| {
            // Relaxed: a number that no other has, and nothing else.
            let key = self.next_key.fetch_add(1, Ordering::Relaxed);
            let doubts = self.options.doubt_failures;
            ProbedPeer::new(name, key, reporter, Arc::clone(&self.mail), doubts)
        });
        if is_new {
            // It stays a user.
            self.mail.post(Order::Add(Arc::clone(&peer), place));
        } else {
            self.mail.leave(None);
        }
        Ok(peer)
    }

    fn release_peer(
        &self,
        id: &Arc<dyn Identifier>,
        subscriber: &Arc<dyn Subscriber>,
    ) -> Result<(), TransportError> {
        if let Some(last) = self.peers.release(id.identifier(), subscriber)? {
            self.mail.leave(Some(Order::Remove(last.key)));
        }
        Ok(())
    }
}

impl Drop for Probing {
    fn drop(&mut self) {
        self.mail.close();
    }
}

impl fmt::Debug for Probing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Probing")
            .field("options", &self.options.to_string())
            .field("peers", &self.peers.peers().len())
            .finish()
    }
}
