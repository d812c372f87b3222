//! A file of choosers.

use std::collections::BTreeMap;

use super::chooser_config::ChooserConfig;
use super::finding::Finding;

/// The choosers of a file, each by its name.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Config {
    /// The choosers. The name of each is that of its list too, if the options say no other.
    pub choosers: BTreeMap<String, ChooserConfig>,
    /// What was taken in another way than the file says it, such as settings of gRPC's that this library
    /// has no counterpart for.
    pub notes: Vec<Finding>,
}

impl Config {
    /// Without choosers.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a chooser whose list has its name too, unless the options say another.
    /// Returns whether it is the only one of its name.
    pub(super) fn add(&mut self, name: &str, mut chooser: ChooserConfig) -> bool {
        if chooser.options.name.is_none() {
            chooser.options.name = Some(name.to_owned());
        }
        self.choosers.insert(name.to_owned(), chooser).is_none()
    }
}

/// The same choosers; notes are not looked at.
impl PartialEq for Config {
    fn eq(&self, other: &Self) -> bool {
        self.choosers == other.choosers
    }
}
