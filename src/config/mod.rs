//! Choosers as a file has them.

mod chooser_config;
mod config_file;
mod finding;
#[cfg(feature = "yaml")]
mod reader;

pub use self::chooser_config::{ChooserConfig, PeersConfig};
pub use self::config_file::Config;
pub use self::finding::{ConfigErrors, Finding};
#[cfg(feature = "yaml")]
#[cfg_attr(docsrs, doc(cfg(feature = "yaml")))]
pub use self::reader::Reader;
