//! A source as text: `scheme:rest[#key=value,...]`.

use std::fmt;
use std::str::FromStr;

use super::contract::Source;
use super::options::SourceOptions;
use super::parts::Parts;
use super::scheme::Scheme;
use super::table::schemes;
use crate::error::{SpecError, SpecPlace};
use crate::settings;

/// Where the peers of a service are to be had, as configuration files name it.
///
/// ```
/// use peerage::sources::SourceUri;
///
/// let uri: SourceUri = "static:10.0.0.1:80,10.0.0.2:80*3".parse()?;
/// assert_eq!(uri.scheme().name(), "static");
///
/// let wrong = "static:10.0.0.1:80,10.0.0.2:80*x".parse::<SourceUri>().unwrap_err();
/// let text = "source \"static\" at byte 19: \"10.0.0.2:80*x\": the weight behind * must be a whole \
///             number from 1 to 65535";
/// assert_eq!(wrong.to_string(), text);
/// # Ok::<(), peerage::error::SpecError>(())
/// ```
///
/// A URI that parses is of the right form, and this build has its source; whether that has an answer is
/// found out when it is asked.
#[derive(Debug, Clone)]
pub struct SourceUri {
    scheme: &'static Scheme,
    parts: Parts,
}

impl SourceUri {
    /// What kind of source it is.
    #[must_use]
    pub fn scheme(&self) -> &'static Scheme {
        self.scheme
    }

    /// What stands between the scheme and the `#`.
    #[must_use]
    pub fn rest(&self) -> &str {
        self.parts.rest()
    }

    /// What is set behind the `#`.
    #[must_use]
    pub fn options(&self) -> &SourceOptions {
        &self.parts.options
    }

    /// The source. It is asked nothing yet.
    pub(crate) fn open(&self) -> Result<Box<dyn Source>, SpecError> {
        match (self.scheme.open, self.scheme.feature()) {
            (Some(open), _) => open(&self.parts),
            (None, feature) => {
                let feature = feature.unwrap_or_default();
                Err(SpecError::SourceNotInBuild { scheme: self.scheme.name(), feature })
            }
        }
    }
}

impl FromStr for SourceUri {
    type Err = SpecError;

    fn from_str(text: &str) -> Result<Self, SpecError> {
        let (name, after) = text.split_once(':').unwrap_or((text, ""));
        let scheme = schemes().find(|scheme| scheme.name() == name).ok_or_else(|| {
            let known: Vec<_> = schemes().map(Scheme::name).collect();
            SpecError::UnknownSource { scheme: name.into(), known: known.join(", ") }
        })?;
        let at = (name.len() + 1).min(text.len());
        let (rest, set) = after.split_once('#').unwrap_or((after, ""));
        let end = at + rest.len();
        let place = SpecPlace::source_called(scheme.name());
        if rest.is_empty() {
            return Err(SpecError::Malformed { place, part: text.into(), form: scheme.form() });
        }
        if let Some(at_login) = login_at(scheme.name(), rest) {
            let fault = format!(
                "a name or password before a host would be in logs; need {}",
                scheme.form()
            );
            return Err(SpecError::Source { place: place.at(at + at_login), fault });
        }
        let mut options = SourceOptions::default();
        let table: Vec<_> = scheme.settings().copied().collect();
        settings::apply(&table, &mut options, set, (&place, end + 1))?;
        if let Err(fault) = options.check() {
            return Err(SpecError::Source { place, fault });
        }
        let parts = Parts {
            text: text.into(),
            scheme: scheme.name(),
            form: scheme.form(),
            rest: (at, end),
            options,
        };
        let uri = Self { scheme, parts };
        uri.open()?;
        Ok(uri)
    }
}

/// Where a name or password stands before a host, as other URIs have it. Errors quote what is wrong, so
/// this comes before all else that may be.
fn login_at(scheme: &str, rest: &str) -> Option<usize> {
    let hosts = rest.trim_start_matches('/');
    let slashes = rest.len() - hosts.len();
    // Peers may be called anything, and so may files, but in `file://HOST/PATH`.
    if scheme == "static" || (scheme == "file" && slashes != 2) {
        return None;
    }
    let hosts = hosts.split(['/', '?']).next().unwrap_or(hosts);
    hosts.contains('@').then_some(slashes)
}

impl fmt::Display for SourceUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.parts.fmt(f)
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn errors_say_which_part_is_wrong_and_what_would_be_right() {
        for (text, error) in [
            ("", "no source is called \"\"; need one of static, file, "),
            ("statics:a:80", "no source is called \"statics\"; need one of static, file, "),
            ("static", "source \"static\": \"static\" is not of the form static:ADDRESS[*WEIGHT]"),
            (
                "static:#allow-empty",
                "source \"static\": \"static:#allow-empty\" is not of the form",
            ),
            ("static:a:80,", "source \"static\" at byte 12: a peer needs a name"),
            ("static:a:80*0", "source \"static\" at byte 7: \"a:80*0\": the weight behind *"),
            (
                "static:a:80#poll=1s",
                "source \"static\" at byte 12: there is no key \"poll\"; need one of allow-empty, snapshot, backoff, max-backoff",
            ),
            (
                "static:a:80#backoff=1",
                "source \"static\" at byte 12: backoff=\"1\" must be a whole",
            ),
            (
                "static:a:80#allow-empty,allow-empty",
                "source \"static\" at byte 24: key \"allow-empty\" is given twice",
            ),
        ] {
            let found = text.parse::<SourceUri>().unwrap_err().to_string();
            assert!(found.starts_with(error), "{text}: {found}");
        }
    }

    #[test]
    fn a_secret_is_in_no_error() {
        for text in [
            "http:me:secret@a/",
            "http:/me:secret@a/",
            "http://me:secret@a/",
            "http://me:secret@a:x?b",
            "etcd:me:secret@a:2379/x",
            "etcd:b:2379,me:secret@a:2379/x",
            "etcd:me:secret@a:2379",
            "etcd:http://me:secret@a:2379/x",
            "dns://me:secret@a:80",
            "dns:me:secret@a:80",
            "dns+srv:me:secret@a",
            "file://me:secret@a/b",
            "etcd:a:1/x#user=me,password=secret",
            "redis://me:secret@a",
        ] {
            let found = text.parse::<SourceUri>().unwrap_err().to_string();
            assert!(!found.contains("secret"), "{text}: {found}");
        }
        let found = "dns:me@a:80".parse::<SourceUri>().unwrap_err().to_string();
        let text = "source \"dns\" at byte 4: a name or password before a host would be in logs; need \
                    dns:NAME:PORT";
        assert_eq!(found, text);
        assert!("static:me@a:80".parse::<SourceUri>().is_ok());
    }

    #[test]
    fn a_source_that_is_not_in_this_build_names_its_feature() {
        for scheme in schemes().filter(|scheme| !scheme.is_available()) {
            let (name, feature) = (scheme.name(), scheme.feature().unwrap());
            let error = format!("{name}:a:80/b").parse::<SourceUri>().unwrap_err();
            assert!(
                error.to_string().ends_with(&format!("it has no feature {feature:?}")),
                "{error}"
            );
        }
    }
}
