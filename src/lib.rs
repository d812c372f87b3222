//! Which peer gets this request?
//!
//! `peerage` answers this one question for an RPC client: the peers, peer lists, choosers, updaters
//! and transports of YARPC's `api/peer`, as a synchronous core without an async runtime, for
//! threads, event loops and, through a C ABI, other languages. It does no network I/O: a
//! [`Transport`] does, and tells the list how its peers are.
//!
//! # Trade-offs
//!
//! * A choice and its finish are two atomic operations on one cache line, without a lock, an
//!   allocation or a reference count, whatever the number of peers. In return a slot of 64 bytes per
//!   peer is kept until the list is gone: the memory of a list is that of its largest moment.
//! * A peer is handed out only while its transport says that it is available. No panic mode tries
//!   peers that are not connected in the hope of the best: [`OnPanic`] is about those that are.
//! * [`choose`](Chooser::choose) blocks a thread while nothing can be chosen. Event loops use
//!   [`try_choose`](Chooser::try_choose) and [`notify_ready`](Chooser::notify_ready).
//! * Loads are counted by the client that chose, in requests in flight: other clients' requests
//!   are unknown to it.
//!
//! # Example
//!
//! ```
//! use peerage::{policy::RoundRobin, transports::Always, *};
//! fn main() -> Result<(), Box<dyn std::error::Error>> {
//!     let list = PeerList::new(RoundRobin::new(), Always::new(), ListOptions::new());
//!     list.start()?;
//!     list.update(ListUpdates::adding(["10.0.0.1:80", "10.0.0.2:80"]))?;
//!     let pick = list.choose(&Request::new(), Wait::default())?;
//!     println!("send it to {}", pick.identifier());
//!     pick.finish(Outcome::Success);
//!     Ok(())
//! }
//! ```
//!
//! [`Always`](transports::Always) takes every address for one that is there. A transport of your own
//! knows better, and its peers carry its connections: see [`Registry`].
//!
//! The book has the rest: which policy, where peers come from, deploys, errors by their text. It is the folder
//! `docs` of the repository and of this crate, `docs/index.md` its first page.
//!
//! # The map
//!
//! | to | look at |
//! |---|---|
//! | choose peers | [`PeerList`], [`Single`], [`Direct`], [`AnyChooser`]; [`Chooser`], [`Request`], [`Wait`], [`Pick`] |
//! | decide how | [`policy`] |
//! | leave failing peers alone, use a subset of them, or tiers | [`ListOptions`] |
//! | say which peers there are | [`List`], [`ListUpdates`], [`Bind`], [`StaticPeers`] |
//! | have them found | [`sources`], [`updaters::Watching`] |
//! | write a transport | [`Transport`], [`Peer`], [`Registry`], [`StatusReporter`], [`Subscriber`] |
//! | do without one | [`transports`] |
//! | keep connections of your own | the module `transports::pool` (feature `pool`) |
//! | send HTTP | the module `adapters::ureq` (feature `ureq`) |
//! | read them from a file | the module `config` (features `config` and `yaml`) |
//! | watch it | [`Observer`], [`ChooserStatus`], [`metrics_text`], [`status_html`] |
//! | test with it | the module `testing` (feature `testing`) |
//!
//! # Features
//!
//! None is on by default, and the core needs none.
//!
//! | feature | brings |
//! |---|---|
//! | `file`, `dns`, `etcd`, `http` | sources of these schemes: [`sources`] |
//! | `tls` | `https:` and `etcd+https:`; HTTPS for `ureq` |
//! | `probing` | `transports::Probing`, which finds out which peers are up |
//! | `pool` | `transports::pool`, connections of your own |
//! | `ureq` | `adapters::ureq`, HTTP over a chooser |
//! | `config`, `yaml` | `config`: choosers in any format of serde's; in YAML and JSON, with the line of a fault |
//! | `json`, `serde` | `status_json` and peers as JSON; `Serialize` for what is seen of a chooser |
//! | `log`, `tracing`, `metrics` | [`observers`] for the crates of these names |
//! | `testing` | a transport whose peers are as a test says |
//! | `capi`, `installed` | the C ABI; with it what the installed library has |
//! | `cli` | the program `peerage` |

#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(not(target_has_atomic = "64"))]
compile_error!("peerage needs 64-bit atomics: a slot's count, state and generation are one word");

#[cfg(feature = "ureq")]
#[cfg_attr(docsrs, doc(cfg(feature = "ureq")))]
pub mod adapters;
mod attributes;
mod backoff;
#[cfg(doctest)]
mod book;
mod brief;
mod chooser;
mod choosers;
mod clock;
#[cfg(feature = "config")]
#[cfg_attr(docsrs, doc(cfg(feature = "config")))]
pub mod config;
mod cost;
mod eject;
pub mod error;
mod events;
mod feeding;
#[cfg(feature = "capi")]
mod ffi;
mod lifecycle;
mod line;
mod list;
mod member;
mod metrics;
#[cfg(all(test, loom))]
mod models;
mod names;
pub mod observers;
mod outcome;
mod page;
mod panics;
mod peer;
pub mod policy;
mod prefetch;
mod reasons;
mod registry;
mod request;
mod rng;
mod roster;
mod settings;
mod shown;
mod slot;
pub mod sources;
mod standoff;
mod state;
mod stats;
mod sync;
#[cfg(any(test, feature = "testing"))]
#[cfg_attr(docsrs, doc(cfg(feature = "testing")))]
pub mod testing;
mod this_thread;
mod transport;
pub mod transports;
pub mod updaters;
mod wait;
#[cfg(all(test, not(loom)))]
mod when_it_goes_wrong;

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

pub use crate::attributes::Attributes;
pub use crate::chooser::{Chooser, ChooserList};
pub use crate::choosers::{AnyChooser, Bind, Direct, DirectOptions, Single};
pub use crate::cost::{Clock, PeerCost};
pub use crate::error::TransportError;
pub use crate::error::{Cause, ChooseError, ChooseErrorKind, Departing, DrainError};
pub use crate::error::{LifecycleError, UpdateError};
pub use crate::events::{Event, LogLevel, Observer, SourceNews};
pub use crate::feeding::{Binder, List, ListUpdates, Updater};
pub use crate::lifecycle::{Lifecycle, Once};
#[cfg(feature = "capi")]
pub(crate) use crate::list::Ended;
pub use crate::list::{Client, ListOptions, OnPanic, PeerList};
pub use crate::member::Member;
pub use crate::metrics::{MetricsFormat, MetricsOptions, metrics_text, write_metrics};
pub use crate::outcome::{Finish, Outcome};
#[cfg(feature = "json")]
#[cfg_attr(docsrs, doc(cfg(feature = "json")))]
pub use crate::page::status_json;
pub use crate::page::{PageOptions, status_html};
pub use crate::peer::{
    ConnectionStatus, Identifier, Peer, Status, StatusPeer, Subscriber, identify,
};
pub use crate::policy::Policy;
pub use crate::reasons::{Reason, Reasons};
pub use crate::registry::{Registry, StatusReporter};
pub use crate::request::{Headers, Request};
pub use crate::settings::KeyRow;
pub use crate::slot::{OwnedPick, Pick, Pinned};
pub use crate::state::State;
pub use crate::stats::{Check, ChooserStatus, PeerStatus, Stats};
pub use crate::stats::{Failures, Histogram, Outcomes, SourceStatus, StatusChanges, Updates};
pub use crate::transport::Transport;
pub use crate::updaters::StaticPeers;
pub use crate::wait::{CancelToken, Notice, NoticeId, QueueOrder, Ready, Wait};
