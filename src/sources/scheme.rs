//! A kind of source that a URI can name.

use super::contract::Source;
use super::options::{COMMON, SETTINGS};
use super::parts::Parts;
use crate::error::SpecError;
use crate::settings::{KeyRow, Setting};

/// Checks the rest of a URI, and makes its source, which is asked nothing yet.
pub(super) type Open = fn(&Parts) -> Result<Box<dyn Source>, SpecError>;

/// A kind of source.
///
/// ```
/// use peerage::sources::schemes;
///
/// for scheme in schemes() {
///     let state = if scheme.is_available() { "" } else { ", but not in this build" };
///     println!("{}: {}{state}", scheme.form(), scheme.about());
/// }
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Scheme {
    pub(super) name: &'static str,
    pub(super) form: &'static str,
    pub(super) about: &'static str,
    /// The feature of the crate that has it; `None`: every build does.
    pub(super) feature: Option<&'static str>,
    /// Keys beside those that every source has.
    pub(super) keys: &'static [&'static str],
    /// `None`: this build was made without its feature.
    pub(super) open: Option<Open>,
}

impl Scheme {
    /// What stands before the first colon.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The form of its URIs.
    #[must_use]
    pub fn form(&self) -> &'static str {
        self.form
    }

    /// What it is, in a few words.
    #[must_use]
    pub fn about(&self) -> &'static str {
        self.about
    }

    /// The feature of the crate that has it; `None`: every build does.
    #[must_use]
    pub fn feature(&self) -> Option<&'static str> {
        self.feature
    }

    /// Whether this build has it.
    #[must_use]
    pub fn is_available(&self) -> bool {
        self.open.is_some()
    }

    /// The keys that may stand behind the `#`.
    pub fn keys(&self) -> impl Iterator<Item = &'static KeyRow> + use<> {
        self.settings().map(Setting::row)
    }

    pub(super) fn settings(
        &self,
    ) -> impl Iterator<Item = &'static Setting<super::SourceOptions>> + use<> {
        let keys = self.keys;
        SETTINGS.iter().filter(move |setting| {
            let name = setting.row().name();
            COMMON.contains(&name) || keys.contains(&name)
        })
    }
}
