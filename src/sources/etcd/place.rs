//! Endpoints and prefix, as the URI has them.

use ureq::http::Uri;

use super::super::parts::Parts;
use crate::error::SpecError;

/// Where the keys are.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// The gateways, as URLs without a path.
    pub(super) endpoints: Vec<String>,
    pub(super) prefix: Vec<u8>,
}

impl Place {
    /// Reads `HOST:PORT[,HOST:PORT].../PREFIX`.
    pub(super) fn of(uri: &Parts) -> Result<Self, SpecError> {
        let protocol = if uri.scheme.ends_with("+https") { "https" } else { "http" };
        let rest = uri.rest();
        let Some((hosts, prefix)) = rest.split_once('/') else {
            return Err(uri.wrong_at(0, format!("{rest:?} has no prefix, as in {}", uri.form)));
        };
        let (mut at, mut endpoints) = (0, vec![]);
        for host in hosts.split(',') {
            if !is_endpoint(host) {
                return Err(uri.wrong_at(at, format!("{host:?} is not of the form HOST:PORT")));
            }
            endpoints.push(format!("{protocol}://{host}"));
            at += host.len() + 1;
        }
        let prefix = unescaped(prefix).map_err(|fault| uri.wrong_at(at, fault))?;
        if prefix.is_empty() {
            let fault = "the prefix is empty, which would take every key of the cluster for a peer; \
                         name the one that the service's keys begin with";
            return Err(uri.wrong_at(at, fault));
        }
        Ok(Self { endpoints, prefix })
    }

    /// The key behind the last one that begins with the prefix: of its last byte one more, or of the one
    /// before it where that is the greatest. With no such byte it is 0, which to etcd is "to the end".
    pub(super) fn end(&self) -> Vec<u8> {
        let mut end = self.prefix.clone();
        while let Some(last) = end.pop() {
            if last < 0xff {
                end.push(last + 1);
                return end;
            }
        }
        vec![0]
    }
}

fn is_endpoint(text: &str) -> bool {
    let Some((host, port)) = text.rsplit_once(':') else { return false };
    let port =
        port.bytes().all(|byte| byte.is_ascii_digit()) && matches!(port.parse(), Ok(1..=u16::MAX));
    let uri = format!("http://{text}/").parse::<Uri>();
    // A user, and an IPv6 address without brackets, would be parsed as something else.
    port && uri.is_ok_and(|uri| uri.host() == Some(host)) && !host.is_empty()
}

/// Resolves `%23` and its like.
fn unescaped(text: &str) -> Result<Vec<u8>, String> {
    let (mut bytes, mut rest) = (vec![], text);
    while let Some((before, after)) = rest.split_once('%') {
        let digits = after.get(..2).filter(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()));
        let byte = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok());
        let fault =
            || format!("{text:?}: a % needs two hexadecimal digits behind it, as in %23 for #");
        bytes.extend_from_slice(before.as_bytes());
        bytes.push(byte.ok_or_else(fault)?);
        rest = &after[2..];
    }
    bytes.extend_from_slice(rest.as_bytes());
    Ok(bytes)
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;
    use crate::sources::{SourceOptions, SourceUri};

    fn place(text: &str) -> Place {
        let (scheme, rest) = ("etcd", ("etcd:".len(), text.len()));
        let options = SourceOptions::default();
        Place::of(&Parts { text: text.into(), scheme, form: "", rest, options }).unwrap()
    }

    #[test]
    fn a_place_has_endpoints_and_a_prefix() {
        let found = place("etcd:a:1,[::1]:2379,10.0.0.1:65535/services/users/");
        assert_eq!(found.endpoints, ["http://a:1", "http://[::1]:2379", "http://10.0.0.1:65535"]);
        assert_eq!(found.prefix, b"services/users/");
        assert_eq!(place("etcd:a:1//x").prefix, b"/x");
        assert_eq!(place("etcd:a:1/a%23%25,%ff").prefix, b"a#%,\xff");
    }

    #[test]
    fn the_end_carries() {
        let end = |prefix: &[u8]| Place { endpoints: vec![], prefix: prefix.into() }.end();
        assert_eq!(end(b"users/"), b"users0");
        assert_eq!(end(b"a\xff\xff"), b"b");
        assert_eq!(end(b"\xff\xff"), [0]);
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (rest, error) in [
            ("a:1", "at byte 5: \"a:1\" has no prefix, as in etcd:HOST:PORT[,HOST:PORT].../PREFIX"),
            ("a:1/", "at byte 9: the prefix is empty, which would take every key of the cluster"),
            ("a:1,/x", "at byte 9: \"\" is not of the form HOST:PORT"),
            ("a/x", "at byte 5: \"a\" is not of the form HOST:PORT"),
            ("a:1,b:0/x", "at byte 9: \"b:0\" is not of the form HOST:PORT"),
            ("a:65536/x", "at byte 5: \"a:65536\" is not"),
            ("::1:80/x", "at byte 5: \"::1:80\" is not"),
            (
                "me@a:1/x",
                "at byte 5: a name or password before a host would be in logs; need etcd:",
            ),
            ("a b:1/x", "at byte 5: \"a b:1\" is not"),
            ("//a:1/x", "at byte 5: \"\" is not"),
            ("a:1/x%2", "at byte 9: \"x%2\": a % needs two hexadecimal digits behind it"),
            ("a:1/x%é", "at byte 9: \"x%é\": a % needs"),
            ("a:1/x#user=me", "user=\"me\" needs a password-file"),
            ("a:1/x#timeout=0s", "timeout=0s must be longer"),
            ("a:1/x#password-file=p", "password-file needs a user"),
        ] {
            let found = format!("etcd:{rest}").parse::<SourceUri>().unwrap_err().to_string();
            assert!(found.contains(error), "{rest}: {found}");
        }
    }
}
