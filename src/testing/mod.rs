//! A transport without a network, for tests (feature `testing`).
//!
//! ```
//! use peerage::policy::RoundRobin;
//! use peerage::testing::FakeTransport;
//! use peerage::{Chooser, ConnectionStatus, Lifecycle, List, ListOptions, ListUpdates, PeerList};
//! use peerage::{Outcome, Request};
//!
//! let transport = FakeTransport::new();
//! let list = PeerList::new(RoundRobin::new(), transport.clone(), ListOptions::new());
//! list.start()?;
//! list.update(ListUpdates::adding(["a", "b"]))?;
//!
//! transport.set_status("a", ConnectionStatus::Unavailable);
//! let pick = list.try_choose(&Request::new())?;
//! assert_eq!(pick.identifier(), "b");
//! pick.finish(Outcome::Success);
//!
//! list.stop()?;
//! assert_eq!(transport.retained(), 0);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod peer;
mod transport;

pub use self::peer::FakePeer;
pub use self::transport::{FakeTransport, Hook};
