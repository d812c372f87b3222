//! A host name as text, and where it is searched for.

use domain::base::Name;

/// A name as messages have it. Equal to one that differs in case.
pub(super) type DnsName = Name<Vec<u8>>;

/// Most bytes of a name as text, without a final dot; of one of its labels (RFC 1035, 2.3.4).
const LONGEST: usize = 253;
const LONGEST_LABEL: usize = 63;

/// A checked name, in lower case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct HostName {
    text: String,
    is_absolute: bool,
}

impl HostName {
    /// Checks a name. The error says what is there and what would be right.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let (name, is_absolute) = match text.strip_suffix('.') {
            Some(name) => (name, true),
            None => (text, false),
        };
        if name.is_empty() {
            return Err(format!("{text:?}: a name is needed"));
        }
        if !name.is_ascii() {
            return Err(format!("{text:?} is not ASCII: write it in Punycode, as xn--..."));
        }
        let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        if let Some(wrong) = name.chars().find(|c| !allowed(*c)) {
            return Err(format!(
                "{text:?}: a name has letters, digits, -, _ and dots, and no {wrong:?}"
            ));
        }
        if name.len() > LONGEST {
            let length = name.len();
            return Err(format!("{text:?}: a name has at most {LONGEST} bytes, and not {length}"));
        }
        for label in name.split('.') {
            if label.is_empty() {
                return Err(format!(
                    "{text:?}: between two dots, and before one, is a part of the name"
                ));
            }
            if label.len() > LONGEST_LABEL {
                let length = label.len();
                return Err(format!(
                    "{text:?}: a part between dots has at most {LONGEST_LABEL} bytes, and not {length}"
                ));
            }
        }
        let last = name.rsplit('.').next().unwrap_or(name);
        if last.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(format!("{text:?} is neither an address nor a name, which ends in a word"));
        }
        Ok(Self { text: name.to_ascii_lowercase(), is_absolute })
    }

    /// The names to ask for, in order: with as many dots as `ndots` first as it is, else first within
    /// each domain of `search` (resolv.conf(5)). One with a final dot is only asked for as it is.
    pub(super) fn candidates(&self, search: &[String], ndots: usize) -> Vec<DnsName> {
        let itself = self.text.clone();
        let within = search.iter().map(|domain| match domain.trim_matches('.') {
            "" => itself.clone(),
            domain => format!("{itself}.{domain}"),
        });
        let mut texts = vec![];
        if !self.is_absolute {
            texts.extend(within);
        }
        let dots = itself.bytes().filter(|byte| *byte == b'.').count();
        let place = if dots >= ndots { 0 } else { texts.len() };
        texts.insert(place, itself);
        let mut names: Vec<DnsName> = vec![];
        for text in texts {
            // A domain that is no name, or makes it too long, is none that it can be within.
            let Ok(host) = Self::parse(&text) else { continue };
            let Ok(name) = host.text.parse() else { continue };
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    fn asked(text: &str, ndots: usize) -> Vec<String> {
        let search = ["a.test".into(), "B.test.".into(), ".".into(), "no name".into()];
        let names = HostName::parse(text).unwrap().candidates(&search, ndots);
        names.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn where_a_name_is_searched_for() {
        assert_eq!(asked("Users", 1), ["users.a.test", "users.b.test", "users"]);
        assert_eq!(asked("users.svc", 1), ["users.svc", "users.svc.a.test", "users.svc.b.test"]);
        assert_eq!(asked("users.svc", 5), ["users.svc.a.test", "users.svc.b.test", "users.svc"]);
        assert_eq!(asked("users.", 5), ["users"]);
        assert_eq!(asked("users", 0)[0], "users");
        let long = format!("{}a", "abcdefgh.".repeat(28));
        assert_eq!(long.len(), 253);
        assert_eq!(asked(&long, 1), [long.as_str()], "within a domain it is too long");
    }

    #[test]
    fn what_is_no_name_says_why() {
        for (text, error) in [
            ("", "\"\": a name is needed"),
            (".", "\".\": a name is needed"),
            (
                "b\u{fc}cher.test",
                "\"b\u{fc}cher.test\" is not ASCII: write it in Punycode, as xn--...",
            ),
            ("a b", "\"a b\": a name has letters, digits, -, _ and dots, and no ' '"),
            ("a..b", "\"a..b\": between two dots, and before one, is a part of the name"),
            (".a", "\".a\": between two dots, and before one, is a part of the name"),
            ("10.0.0.300", "\"10.0.0.300\" is neither an address nor a name, which ends in a word"),
        ] {
            assert_eq!(HostName::parse(text).unwrap_err(), error);
        }
        let label = HostName::parse(&"a".repeat(64)).unwrap_err();
        assert!(label.ends_with("a part between dots has at most 63 bytes, and not 64"), "{label}");
        let name = HostName::parse(&"abcdefg.".repeat(32)).unwrap_err();
        assert!(name.ends_with("a name has at most 253 bytes, and not 255"), "{name}");
        assert!(HostName::parse("xn--bcher-kva._tcp.test.").is_ok());
    }
}
