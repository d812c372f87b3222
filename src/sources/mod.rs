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
//! `%23`. [`schemes`] lists what there is: each but `static` is a feature of the crate that is off unless
//! it is asked for. A URI is in events, and so in logs, and in the first line of a snapshot: passwords and
//! tokens, in the query of a URL too, have no place in it.
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
//! # Keys of etcd
//!
//! ```text
//!  etcd:10.0.0.1:2379,10.0.0.2:2379/services/users/#user=reader,password-file=/run/secrets/etcd
//!  etcd+https:etcd.internal:2379/services/users/#ca-file=/etc/etcd/ca.pem
//! ```
//!
//! Each key below the prefix is a peer. Its value says which: `10.0.1.1:80*3 tier=1`, or JSON such as
//! `{"peer": "10.0.1.1:80", "weight": 3}`; of an empty one the last part of the key is the name. A value that
//! is neither is told of, and the rest applies. The prefix is what stands behind the first slash, byte for
//! byte, as etcd has it: `users` also has the keys of `users2/`, so it should end in a slash. Keys that
//! begin with one need two.
//!
//! etcd 3.4 or later is asked through its JSON gateway, which it has unless that is turned off. Endpoints
//! are tried in turn, from the first on. A change is in the list as soon as etcd tells of it; after `poll`
//! without a word, 10 s if it is not set, it is asked whether anything has changed, so that a connection
//! which is dead is noticed. `timeout` is for each question, `max-bytes` for each answer, also for one
//! message of the watch. The password file is read at each login, and the certificates' files after each
//! failure. Without `etcd+https` (features `etcd` and `tls`) the password and the token are sent as they
//! are. `etcd+https` without a `ca-file` takes the authorities that Mozilla trusts; `cert-file` and
//! `key-file` are what etcd sees of this client.
//!
//! | file | what |
//! |---|---|
//! | `contract` | the trait, and what an answer is |
//! | `stop` | how a source that waits is ended, or asked again |
//! | `uri`, `parts` | a source as text, and its parts |
//! | `scheme`, `table` | a kind of source; all of them |
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
mod parts;
mod scheme;
mod stop;
mod table;
mod text;
#[cfg(all(feature = "tls", any(feature = "http", feature = "etcd")))]
mod tls;
mod uri;

pub use self::contract::{Answer, Source, SourceError};
pub use self::options::SourceOptions;
pub use self::scheme::Scheme;
pub use self::stop::{Interruptible, Stop};
pub use self::table::schemes;
#[cfg(feature = "config")]
pub(crate) use self::text::member;
pub(crate) use self::text::{read_peers, write_lines};
pub use self::uri::SourceUri;
