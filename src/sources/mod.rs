//! Where peers come from: files, names, registries.
//!
//! A [`Source`] knows the whole set of a service's peers, and says it again when that changes. It knows
//! nothing of lists: an updater, [`Watching`](crate::updaters::Watching), asks it in a thread of its own,
//! and finds out what is new. So a source of one's own is one function.
//!
//! A [`SourceUri`] names one as text, the same in every language:
//!
//! ```text
//!  scheme:rest[#key=value[,key=value]...]
//! ```
//!
//! What stands behind `#` is for this library and is not sent anywhere; in the rest a `#` is written
//! `%23`. [`schemes`] lists what there is.
//!
//! Each scheme but `static` is a feature of the crate that is off unless it is asked for.
//!
//! # Names
//!
//! `dns:NAME:PORT` has a peer for each address of a name, `dns+srv:NAME` one for each address of each
//! target of its SRV records: a record's weight is that of its peers (0 counts as 1), and priorities are
//! tiers, the lowest 0, the next one 1 and so on. A peer is called `ADDRESS:PORT`, with an IPv6 address in
//! brackets.
//!
//! ```
//! # #[cfg(feature = "dns")] {
//! use peerage::sources::SourceUri;
//!
//! let users: SourceUri = "dns:users.internal:8080#max-ttl=5s".parse()?;
//! let there: SourceUri = "dns+srv:_rpc._tcp.users.internal#servers=10.0.0.2 10.0.0.3:5300".parse()?;
//!
//! let wrong = "dns:b\u{fc}cher.internal:80".parse::<SourceUri>().unwrap_err();
//! assert!(wrong.to_string().ends_with("is not ASCII: write it in Punycode, as xn--..."));
//! # let _ = (users, there);
//! # }
//! # Ok::<(), peerage::error::SpecError>(())
//! ```
//!
//! * It is asked again after the least time to live along the chain (aliases, services, addresses), but
//!   not before `min-ttl` nor after `max-ttl`, and when [`Watching::refresh`] says so.
//! * A and AAAA are asked for at once. One that fails (REFUSED, SERVFAIL, no answer) does not lose the
//!   other, and keeps the addresses that it had. So does a target of a service. When all fails, that is an
//!   error with what each server said; NXDOMAIN is one too. Only a name that is there without addresses,
//!   and a service whose target is `.`, are an empty answer.
//! * The servers are those of `/etc/resolv.conf`, which is read each time (`nameserver`, `search`,
//!   `domain`, and the options `ndots`, `timeout` where it is shorter, `attempts`, `rotate` and
//!   `no-aaaa`), or those that `servers` names. `/etc/hosts` is not read. A name with a final dot is not
//!   searched for in other domains. Where there is no such file (on Windows), name `servers`.
//! * What is truncated is asked for by TCP. Answers to other questions, or from elsewhere, are not
//!   listened to.
//!
//! [`Watching::refresh`]: crate::updaters::Watching::refresh
//!
//! # Inside
//!
//! | file | what |
//! |---|---|
//! | `contract` | the trait, and what an answer is |
//! | `stop` | how a source that waits is ended, or asked again |
//! | `scheme`, `uri` | the schemes; a source as text |
//! | `options` | what can be set behind `#` |
//! | `text/` | peers as text: lines, JSON |
//! | `fixed` | `static:` |
//! | `file/`, `dns/`, `etcd/`, `http/` | the others |

mod contract;
#[cfg(feature = "dns")]
mod dns;
#[cfg(feature = "etcd")]
mod etcd;
#[cfg(feature = "file")]
mod file;
mod fixed;
#[cfg(feature = "http")]
mod http;
mod options;
mod scheme;
mod stop;
mod text;
mod uri;

pub use self::contract::{Answer, Source, SourceError};
pub use self::options::SourceOptions;
pub use self::scheme::{Scheme, schemes};
pub use self::stop::{Interruptible, Stop};
pub(crate) use self::text::{read_peers, write_lines};
pub use self::uri::SourceUri;
