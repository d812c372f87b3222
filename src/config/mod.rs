//! Choosers as a file has them.

mod chooser;
mod chooser_config;
mod config_file;
mod deserialize;
mod finding;
mod grpc;
mod interpolate;
mod keyed;
mod members;
mod node;
mod policies;
#[cfg(feature = "yaml")]
mod reader;
mod reading;
mod serialize;
mod source;
mod suggest;
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
