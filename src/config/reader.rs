//! Reading a file, and what can be set about that.

use std::env::{self, VarError};
use std::fmt;
use std::fs;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use super::chooser_config::ChooserConfig;
use super::config_file::Config;
use super::finding::{ConfigErrors, Finding};
use super::reading::{Key, Presets, Reading, Value};
use super::{top, yaml};

/// Longer is no configuration.
const MAX_BYTES: u64 = 64 << 20;

/// What `${NAME}` stands for, as [`Variables`](super::interpolate::Variables) has it.
type Lookup = Box<dyn Fn(&str) -> Result<Option<String>, String> + Send + Sync>;

/// Reads files of YAML or JSON.
///
/// ```
/// use peerage::config::Reader;
///
/// let text = "choosers: {users: {policy: random, peers: ['${HOST:localhost}:80']}}";
/// let config = Reader::new().with_variables(|_| None).parse(text, "users.yaml")?;
/// assert_eq!(config.choosers["users"].policy.name(), "random");
///
/// let wrong = Reader::new().parse("choosers:\n  users:\n    polcy: random\n", "users.yaml");
/// let wrong = wrong.unwrap_err().to_string();
/// assert!(wrong.starts_with("users.yaml:3:5: choosers.users"));
/// # Ok::<(), peerage::config::ConfigErrors>(())
/// ```
pub struct Reader {
    variables: Lookup,
    presets: Presets,
}

impl Default for Reader {
    fn default() -> Self {
        Self { variables: Box::new(of_environment), presets: Presets::new() }
    }
}

impl Reader {
    /// Takes what `${NAME}` stands for from the environment, where it must be UTF-8, and knows no presets.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Says what `${NAME}` stands for. It is called by the thread that reads, once for each place where a
    /// name stands.
    #[must_use]
    pub fn with_variables<F>(mut self, variables: F) -> Self
    where
        F: Fn(&str) -> Option<String> + Send + Sync + 'static,
    {
        self.variables = Box::new(move |name| Ok(variables(name)));
        self
    }

    /// A chooser that files have by its name, `with: NAME`, in YARPC's shape.
    #[must_use]
    pub fn with_preset(mut self, name: impl Into<String>, chooser: ChooserConfig) -> Self {
        self.presets.insert(name.into(), chooser);
        self
    }

    /// Reads a file of up to 64 MiB. Blocks until it is read.
    ///
    /// # Errors
    ///
    /// All that is wrong with it, or why it cannot be read.
    pub fn read(&self, path: &Path) -> Result<Config, ConfigErrors> {
        let name = path.display().to_string();
        let wrong = |what: String| whole(&name, what);
        let unreadable = |error| wrong(format!("cannot be read: {error}"));
        let file = fs::File::open(path).map_err(unreadable)?;
        // What is no plain file, such as a device, has a length of 0 and no end.
        let mut bytes = vec![];
        file.take(MAX_BYTES + 1).read_to_end(&mut bytes).map_err(unreadable)?;
        if bytes.len() as u64 > MAX_BYTES {
            return Err(wrong(format!("has more than {MAX_BYTES} bytes, which are the most")));
        }
        let text = String::from_utf8(bytes).map_err(|_| wrong("is not UTF-8".into()))?;
        self.parse(&text, &name)
    }

    /// Reads a text. Errors have `name` in the place of the file's.
    ///
    /// # Errors
    ///
    /// All that is wrong with it.
    pub fn parse(&self, text: &str, name: &str) -> Result<Config, ConfigErrors> {
        let (node, faults) = yaml::read(text);
        let file: Arc<str> = Arc::from(name);
        let mut reading = Reading {
            file: Some(Arc::clone(&file)),
            variables: Some(&*self.variables),
            presets: &self.presets,
            faults: vec![],
            notes: vec![],
        };
        for (place, what, right) in faults {
            let (file, key) = (Some(Arc::clone(&file)), String::new());
            reading.faults.push(Finding { file, place, key, what, right });
        }
        let config =
            node.map(|node| top::read(&mut reading, &Value { key: Key::ROOT, node: &node }));
        match config {
            Some(config) if reading.faults.is_empty() => {
                Ok(Config { notes: reading.notes, ..config })
            }
            _ => Err(ConfigErrors::new(reading.faults)),
        }
    }
}

fn of_environment(name: &str) -> Result<Option<String>, String> {
    match env::var(name) {
        Ok(value) => Ok(Some(value)),
        Err(VarError::NotPresent) => Ok(None),
        Err(VarError::NotUnicode(_)) => Err("is not UTF-8".into()),
    }
}

/// What is wrong with a file as a whole.
fn whole(name: &str, what: String) -> ConfigErrors {
    let (key, right) = (String::new(), String::new());
    ConfigErrors::new(vec![Finding { file: Some(Arc::from(name)), place: None, key, what, right }])
}

impl fmt::Debug for Reader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reader").field("presets", &self.presets).finish_non_exhaustive()
    }
}

#[cfg_attr(docsrs, doc(cfg(feature = "yaml")))]
impl Config {
    /// Reads a file of YAML or JSON, with what `${NAME}` stands for from the environment. [`Reader`] has
    /// more to set. Blocks until it is read.
    ///
    /// # Errors
    ///
    /// All that is wrong with it, or why it cannot be read. Each has its place.
    pub fn read(path: &Path) -> Result<Self, ConfigErrors> {
        Reader::new().read(path)
    }
}
