//! Some of the servers, by number.

use serde::Deserialize;

/// Servers as a file names them: `[1, 2]`, `"0..50"`, or `"all"`. Listed once the file is checked.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub(crate) enum Servers {
    Listed(Vec<usize>),
    Written(String),
}

impl Default for Servers {
    fn default() -> Self {
        Self::Listed(vec![])
    }
}

impl Servers {
    /// Their numbers, of a file that was checked.
    pub(crate) fn list(&self) -> &[usize] {
        match self {
            Self::Listed(listed) => listed,
            Self::Written(_) => &[],
        }
    }

    /// Makes a list of what is written, of `n` servers; `key` is what the file calls them.
    pub(super) fn resolve(&mut self, n: usize, key: &str) -> Result<(), String> {
        let listed = match self {
            Self::Listed(listed) => std::mem::take(listed),
            Self::Written(text) if text == "all" => (0..n).collect(),
            Self::Written(text) => {
                let ends = text.split_once("..");
                let ends = ends.and_then(|(a, b)| Some((a.parse().ok()?, b.parse().ok()?)));
                let wrong = || format!("{key} = {text:?} must be a list, \"0..5\" or \"all\"");
                let (first, end): (usize, usize) = ends.ok_or_else(wrong)?;
                (first..end).collect()
            }
        };
        if let Some(server) = listed.iter().find(|server| **server >= n) {
            return Err(format!("{key} names server {server}, and there are {n}, from 0"));
        }
        *self = Self::Listed(listed);
        Ok(())
    }
}
