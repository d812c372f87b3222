//! A policy as text: `name[:key=value[,key=value]…]`, the same in every language.

use std::fmt;
use std::str::FromStr;

use super::HashRing32Options;
use crate::error::SpecError;

/// A policy and its settings, as configuration files name them.
///
/// ```
/// use peerage::policy::{AnyPolicy, PolicySpec};
///
/// let spec: PolicySpec = "hashring32:replicas=50,delimiter=#".parse()?;
/// let policy = AnyPolicy::from_spec(&spec, None);
/// # let _ = policy;
///
/// let wrong = "hashring32:replica=50".parse::<PolicySpec>().unwrap_err();
/// assert!(wrong.to_string().contains(r#"has no key "replica""#));
/// # Ok::<(), peerage::error::SpecError>(())
/// ```
///
/// | name | keys |
/// |---|---|
/// | `round-robin`, `random`, `two-random-choices`, `fewest-pending-requests` | none |
/// | `hashring32` | `replicas` (1 to 65536), `delimiter`, `peer-override-header`, `offset-header`, `max-offset` (0 to 255), `offset-generator` (0 to 256), `alternate-shard-key-header` |
///
/// A value is everything up to the next comma; it may contain `=` and `:`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum PolicySpec {
    /// `round-robin`
    RoundRobin,
    /// `random`
    Random,
    /// `two-random-choices`
    TwoRandomChoices,
    /// `fewest-pending-requests`
    FewestPending,
    /// `hashring32`
    HashRing32(HashRing32Options),
}

impl PolicySpec {
    /// The names there are.
    pub const NAMES: [&'static str; 5] =
        ["round-robin", "random", "two-random-choices", "fewest-pending-requests", "hashring32"];

    /// The policy's name.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::RoundRobin => Self::NAMES[0],
            Self::Random => Self::NAMES[1],
            Self::TwoRandomChoices => Self::NAMES[2],
            Self::FewestPending => Self::NAMES[3],
            Self::HashRing32(_) => Self::NAMES[4],
        }
    }

    fn set(&mut self, key: &str, value: &str) -> Result<(), SpecError> {
        let name = self.name();
        let Self::HashRing32(options) = self else {
            return Err(unknown_key(name, key, "it has none"));
        };
        let text = || Some(value.to_owned());
        match key {
            "replicas" => options.replicas = number(name, "replicas", value, 1, 65536)?,
            "delimiter" => value.clone_into(&mut options.replica_delimiter),
            "peer-override-header" => options.peer_override_header = text(),
            "offset-header" => options.offset_header = text(),
            "max-offset" => options.max_offset = number(name, "max-offset", value, 0, 255)?,
            "offset-generator" => {
                options.offset_generator = number(name, "offset-generator", value, 0, 256)?;
            }
            "alternate-shard-key-header" => options.alternate_shard_key_header = text(),
            _ => return Err(unknown_key(name, key, RING_KEYS)),
        }
        Ok(())
    }
}

const RING_KEYS: &str = "need one of replicas, delimiter, peer-override-header, offset-header, \
                         max-offset, offset-generator, alternate-shard-key-header";

fn unknown_key(policy: &str, key: &str, known: &str) -> SpecError {
    SpecError::UnknownKey { policy: policy.into(), key: key.into(), known: known.into() }
}

fn number(
    policy: &str,
    key: &'static str,
    value: &str,
    min: u32,
    max: u32,
) -> Result<u32, SpecError> {
    let parsed = value.parse().ok().filter(|n| (min..=max).contains(n));
    parsed.ok_or_else(|| SpecError::InvalidValue {
        policy: policy.into(),
        key,
        value: value.into(),
        expected: format!("a whole number from {min} to {max}"),
    })
}

impl FromStr for PolicySpec {
    type Err = SpecError;

    fn from_str(text: &str) -> Result<Self, SpecError> {
        let (name, settings) = text.split_once(':').map_or((text, None), |(n, s)| (n, Some(s)));
        let mut spec = match name {
            "round-robin" => Self::RoundRobin,
            "random" => Self::Random,
            "two-random-choices" => Self::TwoRandomChoices,
            "fewest-pending-requests" => Self::FewestPending,
            "hashring32" => Self::HashRing32(HashRing32Options::default()),
            _ => {
                let known = Self::NAMES.join(", ");
                return Err(SpecError::UnknownPolicy { name: name.into(), known });
            }
        };
        let mut seen = vec![];
        for part in settings.into_iter().flat_map(|settings| settings.split(',')) {
            let Some((key, value)) = part.split_once('=') else {
                return Err(SpecError::Malformed { policy: name.into(), part: part.into() });
            };
            if seen.contains(&key) {
                return Err(SpecError::DuplicateKey { policy: name.into(), key: key.into() });
            }
            seen.push(key);
            spec.set(key, value)?;
        }
        Ok(spec)
    }
}

impl fmt::Display for PolicySpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())?;
        let Self::HashRing32(options) = self else { return Ok(()) };
        write!(f, ":replicas={},delimiter={}", options.replicas, options.replica_delimiter)?;
        write!(f, ",max-offset={},offset-generator=", options.max_offset)?;
        write!(f, "{}", options.offset_generator)?;
        let headers = [
            ("peer-override-header", &options.peer_override_header),
            ("offset-header", &options.offset_header),
            ("alternate-shard-key-header", &options.alternate_shard_key_header),
        ];
        for (key, header) in headers {
            if let Some(header) = header {
                write!(f, ",{key}={header}")?;
            }
        }
        Ok(())
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    fn error(text: &str) -> String {
        text.parse::<PolicySpec>().unwrap_err().to_string()
    }

    #[test]
    fn every_name_parses_to_the_policy_of_that_name() {
        for name in PolicySpec::NAMES {
            let spec: PolicySpec = name.parse().unwrap();
            assert_eq!(spec.name(), name);
        }
    }

    #[test]
    fn every_key_is_read_and_printed() {
        let text = "hashring32:replicas=5,delimiter=#,max-offset=7,offset-generator=3,\
                    peer-override-header=po,offset-header=of,alternate-shard-key-header=al";
        let spec: PolicySpec = text.parse().unwrap();
        assert_eq!(spec.to_string(), text);
        assert_eq!(spec.to_string().parse::<PolicySpec>().unwrap(), spec);
        let PolicySpec::HashRing32(options) = spec else { panic!("{spec:?}") };
        assert_eq!((options.replicas, &*options.replica_delimiter), (5, "#"));
        assert_eq!((options.max_offset, options.offset_generator), (7, 3));
        assert_eq!(options.peer_override_header.as_deref(), Some("po"));
        assert_eq!(options.offset_header.as_deref(), Some("of"));
        assert_eq!(options.alternate_shard_key_header.as_deref(), Some("al"));
    }

    #[test]
    fn errors_name_what_is_wrong_and_what_would_be_right() {
        assert_eq!(
            error("rr"),
            "no policy is called \"rr\"; need one of round-robin, random, two-random-choices, \
             fewest-pending-requests, hashring32"
        );
        assert_eq!(error("random:x=1"), "policy \"random\" has no key \"x\"; it has none");
        assert!(
            error("hashring32:replica=1").starts_with(
                "policy \"hashring32\" has no key \"replica\"; need one of replicas, "
            )
        );
        assert_eq!(
            error("hashring32:replicas=-1"),
            "policy \"hashring32\": replicas=\"-1\" must be a whole number from 1 to 65536"
        );
        assert_eq!(
            error("hashring32:replicas"),
            "policy \"hashring32\": \"replicas\" is not of the form key=value"
        );
        assert_eq!(
            error("hashring32:replicas=1,replicas=2"),
            "policy \"hashring32\": key \"replicas\" is given twice"
        );
        assert!(error("random:").contains("is not of the form key=value"));
        assert!(error("").starts_with("no policy is called \"\""));
    }
}
