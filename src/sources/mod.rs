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
//! # Peers as text
//!
//! Wherever peers stand in a text, one is `NAME[*WEIGHT] [key=value]...` with the keys `weight`, `tier`,
//! `zone` and `shard`. A file or a page has one a line, and comments behind `#`:
//!
//! ```text
//!  # users
//!  10.0.0.1:80*3 tier=0 zone=eu-1a
//!  [::1]:80        # IPv6
//! ```
//!
//! or is JSON (feature `json`): an array of such texts, or of objects with `peer` and these keys, or an
//! object that has the array under `peers`. What cannot be read is told with its line, and the rest
//! applies; a text of which nothing can be read is an error.
//!
//! # Files
//!
//! `file:PATH` looks at the file every `poll` (500 ms) and sees whatever happens to it: that it is
//! overwritten, replaced by a rename, or reached by a link that is turned, as those of a ConfigMap are.
//! A file that is missing or wrong is an error, told once, and the peers stay. `%23` in PATH is `#`, and
//! `%25` is `%`.
//!
//! ```
//! # #[cfg(feature = "file")] {
//! let uri: peerage::sources::SourceUri = "file:/etc/users.peers#poll=1s".parse().unwrap();
//! # assert_eq!(uri.scheme().name(), "file");
//! # }
//! ```
//!
//! # URLs
//!
//! `http://HOST[:PORT]/PATH` and `https://` ask every `poll` (5 s, a tenth more or less), with
//! `If-None-Match` if the answer had an `ETag`. The answer is to be 200 or 304, UTF-8, at most
//! `max-bytes` long and there within `timeout`; lines must come with their length, as those of a server
//! that has died in the middle would look whole. Five redirects are followed, and no proxy is used.
//!
//! With `wait=30s` the server may hold a question until it has something else: one about an answer that
//! had an `ETag` carries `Prefer: wait=30` (RFC 7240) beside `If-None-Match`. When the time is over, the
//! server answers 304. So a change is known at once:
//!
//! ```text
//!  GET /users                                     200, ETag: "1", a:80
//!  GET /users, If-None-Match: "1", Prefer: wait=30      ... 30 s: 304
//!  GET /users, If-None-Match: "1", Prefer: wait=30      ... a change: 200, ETag: "2", a:80 b:80
//! ```
//!
//! A server that does not know `Prefer` answers at once, and is asked every `poll`.
//!
//! # In this build
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
