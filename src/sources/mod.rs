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
//! | file | what |
//! |---|---|
//! | `contract` | the trait, and what an answer is |
//! | `stop` | how a source that waits is ended, or asked again |
//! | `scheme`, `uri` | the schemes; a source as text |
//! | `options` | what can be set behind `#` |
//! | `text/` | peers as text: lines, JSON |
//! | `tls` | certificates, as the options name them |
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
#[cfg(all(feature = "http", feature = "tls"))]
mod tls;
mod uri;

pub use self::contract::{Answer, Source, SourceError};
pub use self::options::SourceOptions;
pub use self::scheme::{Scheme, schemes};
pub use self::stop::{Interruptible, Stop};
pub(crate) use self::text::{read_peers, write_lines};
pub use self::uri::SourceUri;
