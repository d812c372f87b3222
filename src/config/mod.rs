//! Choosers as files have them: which policy, which options, which peers.
//!
//! ```yaml
//! choosers:
//!   users:
//!     policy: least-loaded:choices=3
//!     options: {timeout: 200ms, max-pending: 20}
//!     source: dns:users.internal:8080#max-ttl=5s
//!     probes: {check: http, path: /health}
//!   sessions:
//!     policy: {hashring32: {replicas: 50}}
//!     peers: [10.0.0.1:80, 10.0.0.2:80*3 zone=eu-1a]
//! ```
//!
//! `Config::read` (feature `yaml`) reads such a file of YAML or JSON, and each chooser in it
//! [makes](ChooserConfig::build) a [`Bind`](crate::Bind) of an [`AnyChooser`](crate::AnyChooser). All that
//! is wrong with a file is told at once, one line each:
//!
//! ```text
//!  FILE:LINE:COLUMN: KEY: what is there; what would be right
//!  users.yaml:4:15: choosers.users.options: there is no key "timout"; did you mean "timeout"? need ..
//! ```
//!
//! YARPC's own shape is accepted, with its words and its texts for errors, and so is the
//! `loadBalancingConfig` of gRPC. What each has for keys, defaults and ranges is in
//! `docs/configuration.md`.
//!
//! # Other formats
//!
//! [`Config`], [`ChooserConfig`], [`PolicySpec`](crate::policy::PolicySpec),
//! [`ListOptions`](crate::ListOptions), [`SourceUri`](crate::sources::SourceUri),
//! `ProbeOptions` and [`Member`](crate::Member) are read and written by serde: as a text in their own
//! grammar or as a map, and written as a text. So a program can have them in a file of its own. Not all
//! formats tell lines, and `${NAME}` stands for itself there.
//!
//! ```
//! use peerage::config::ChooserConfig;
//!
//! #[derive(serde::Deserialize)]
//! struct Settings {
//!     threads: usize,
//!     users: ChooserConfig,
//! }
//!
//! let text = "threads = 4\n[users]\npolicy = 'random'\npeers = ['10.0.0.1:80']\n";
//! let settings: Settings = toml::from_str(text)?;
//! assert_eq!((settings.threads, settings.users.policy.name()), (4, "random"));
//! # Ok::<(), toml::de::Error>(())
//! ```
//!
//! # How a file is read
//!
//! ```text
//!  text ─▶ yaml ─▶            ┌▶ chooser ─▶ policies, keyed, members, source
//!                  node ─▶ top ─▶ yarpc/                                      ─▶ Config, or ConfigErrors
//!  serde ─▶ deserialize ─▶    └▶ grpc/
//! ```
//!
//! | file | what |
//! |---|---|
//! | `config_file`, `chooser_config` | what has been read, and what is made of it |
//! | `finding` | what is wrong: where, what, what would be right |
//! | `reader` | reading a file, and what can be set about that |
//! | `yaml`, `surrogates`, `merge` | a tree of values with their places, from text |
//! | `deserialize`, `node` | the same by serde; the tree |
//! | `reading` | a tree being read: keys, faults |
//! | `top`, `chooser` | a file; a chooser in this library's shape |
//! | `policies`, `keyed`, `members`, `source` | its parts |
//! | `yarpc/`, `grpc/` | their shapes |
//! | `interpolate`, `suggest` | `${NAME}`; "did you mean" |
//! | `serialize` | writing |

mod chooser;
mod chooser_config;
mod config_file;
mod deserialize;
mod finding;
mod grpc;
mod interpolate;
mod keyed;
mod members;
#[cfg(feature = "yaml")]
mod merge;
mod node;
mod policies;
#[cfg(feature = "yaml")]
mod reader;
mod reading;
mod serialize;
mod source;
mod suggest;
#[cfg(feature = "yaml")]
mod surrogates;
mod top;
#[cfg(feature = "yaml")]
mod yaml;
mod yarpc;

pub use self::chooser_config::{ChooserConfig, PeersConfig};
pub use self::config_file::Config;
pub use self::finding::{ConfigErrors, Finding};
#[cfg(feature = "yaml")]
#[cfg_attr(docsrs, doc(cfg(feature = "yaml")))]
pub use self::reader::Reader;
