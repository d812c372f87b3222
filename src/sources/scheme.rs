//! The schemes: a row for each kind of source that a URI can name.

use super::contract::Source;
use super::fixed;
use super::options::{COMMON, SETTINGS};
use super::uri::SourceUri;
use crate::error::SpecError;
use crate::settings::{KeyRow, Setting};

/// Checks the rest of a URI, and makes its source, which is asked nothing yet.
pub(super) type Open = fn(&SourceUri) -> Result<Box<dyn Source>, SpecError>;

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

/// A row whose source this build has if it was made with the feature.
macro_rules! featured {
    ($feature:literal, $module:ident, $form:literal, $about:literal, $keys:expr) => {
        Scheme {
            name: $feature,
            form: $form,
            about: $about,
            feature: Some($feature),
            keys: $keys,
            #[cfg(feature = $feature)]
            open: Some(super::$module::open),
            #[cfg(not(feature = $feature))]
            open: None,
        }
    };
}

/// The keys of sources that ask for names.
const OF_NAMES: &[&str] = &["servers", "timeout", "min-ttl", "max-ttl"];

static SCHEMES: &[Scheme] = &[
    fixed::SCHEME,
    featured!("file", file, "file:PATH", "a file of lines or JSON", &["poll", "max-bytes"]),
    featured!("dns", dns, "dns:NAME:PORT", "the addresses of a name", OF_NAMES),
    Scheme {
        name: "dns+srv",
        form: "dns+srv:NAME",
        about: "the servers of a service, by its SRV records",
        feature: Some("dns"),
        keys: OF_NAMES,
        #[cfg(feature = "dns")]
        open: Some(super::dns::open_services),
        #[cfg(not(feature = "dns"))]
        open: None,
    },
    featured!(
        "etcd",
        etcd,
        "etcd:HOST:PORT/PREFIX",
        "the values of the keys below a prefix",
        &["timeout", "user", "password-file", "max-bytes"]
    ),
    featured!(
        "http",
        http,
        "http://HOST[:PORT]/PATH",
        "what a URL answers",
        &["poll", "timeout", "max-bytes"]
    ),
];

/// All schemes, those that this build was made without too.
pub fn schemes() -> impl ExactSizeIterator<Item = &'static Scheme> {
    SCHEMES.iter()
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
