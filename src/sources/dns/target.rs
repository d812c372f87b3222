//! The rest of a URI: `NAME:PORT`, or a name that has SRV records.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use super::name::HostName;
use crate::sources::SourceOptions;

/// What is asked for.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// An address needs no question.
    Address(SocketAddr),
    Name(HostName, u16),
    /// A name that has SRV records.
    Services(HostName),
}

/// Where in the text it is wrong, and how.
type Wrong = (usize, String);

impl Target {
    /// Reads `NAME:PORT`, `ADDRESS:PORT` or `[ADDRESS]:PORT`.
    pub(super) fn parse(text: &str) -> Result<Self, Wrong> {
        let (name, port) = text
            .rsplit_once(':')
            .ok_or_else(|| (0, format!("{text:?} is not of the form NAME:PORT")))?;
        let at = name.len() + 1;
        let port = self::port(port).map_err(|fault| (at, fault))?;
        if let Some(address) = in_brackets(name) {
            let address = address.ok_or_else(|| (0, format!("{name:?} is no IPv6 address")))?;
            return Ok(Self::Address(SocketAddr::new(address, port)));
        }
        if name.contains(':') {
            return Err((0, format!("{name:?}: an IPv6 address stands in brackets, as [::1]:80")));
        }
        if let Ok(address) = name.parse() {
            return Ok(Self::Address(SocketAddr::new(IpAddr::V4(address), port)));
        }
        Ok(Self::Name(HostName::parse(name).map_err(|fault| (0, fault))?, port))
    }

    /// Reads a name that has SRV records.
    pub(super) fn service(text: &str) -> Result<Self, Wrong> {
        if text.parse::<IpAddr>().is_ok() || in_brackets(text).is_some() {
            return Err((0, format!("{text:?} is an address, and has no SRV records")));
        }
        if let Some((name, _)) = text.split_once(':') {
            return Err((
                name.len(),
                format!("{text:?} has a port, which SRV records say themselves"),
            ));
        }
        Ok(Self::Services(HostName::parse(text).map_err(|fault| (0, fault))?))
    }
}

/// `Some` if it is in brackets, with the address if it is one.
fn in_brackets(text: &str) -> Option<Option<IpAddr>> {
    let inner = text.strip_prefix('[')?.strip_suffix(']')?;
    Some(inner.parse().ok().map(IpAddr::V6))
}

fn port(text: &str) -> Result<u16, String> {
    let digits = Some(text).filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()));
    let port = digits.and_then(|text| text.parse().ok()).filter(|port| *port > 0);
    port.ok_or_else(|| format!("{text:?}: a port is a whole number from 1 to 65535"))
}

/// Checks the options that concern these sources. The error says which and what would be right.
pub(super) fn check(options: &SourceOptions) -> Result<(), String> {
    let (min, max) = (options.min_ttl, options.max_ttl);
    if min < Duration::from_millis(10) {
        return Err(format!("min-ttl must be at least 10ms, and not {min:?}"));
    }
    if min > max {
        return Err(format!("min-ttl ({min:?}) must not be longer than max-ttl ({max:?})"));
    }
    if options.timeout < Duration::from_millis(1) {
        return Err(format!("timeout must be at least 1ms, and not {:?}", options.timeout));
    }
    Ok(())
}

#[cfg(all(test, not(loom)))]
mod tests {
    use crate::sources::SourceUri;

    #[test]
    fn uris_that_are_wrong_say_where() {
        for (text, error) in [
            ("dns:users", "source \"dns\" at byte 4: \"users\" is not of the form NAME:PORT"),
            ("dns:users:", "source \"dns\" at byte 10: \"\": a port is a whole number from 1 to"),
            ("dns:users:0", "source \"dns\" at byte 10: \"0\": a port is a whole number from 1 to"),
            ("dns:users:+1", "source \"dns\" at byte 10: \"+1\": a port is a whole number"),
            ("dns:users:65536", "source \"dns\" at byte 10: \"65536\": a port is"),
            ("dns::80", "source \"dns\" at byte 4: \"\": a name is needed"),
            ("dns:::1:80", "source \"dns\" at byte 4: \"::1\": an IPv6 address stands in brackets"),
            ("dns:[::x]:80", "source \"dns\" at byte 4: \"[::x]\" is no IPv6 address"),
            ("dns:a:80#min-ttl=0s", "source \"dns\": min-ttl must be at least 10ms, and not 0ns"),
            ("dns:a:80#max-ttl=10ms", "source \"dns\": min-ttl (1s) must not be longer than"),
            ("dns:a:80#timeout=0s", "source \"dns\": timeout must be at least 1ms, and not 0ns"),
            ("dns:a:80#servers=a", "source \"dns\": servers=\"a\": \"a\" is not of the form"),
            ("dns+srv:a:80", "source \"dns+srv\" at byte 9: \"a:80\" has a port, which SRV"),
            ("dns+srv:::1", "source \"dns+srv\" at byte 8: \"::1\" is an address, and has no SRV"),
            ("dns+srv:a b", "source \"dns+srv\" at byte 8: \"a b\": a name has letters"),
        ] {
            let found = text.parse::<SourceUri>().unwrap_err().to_string();
            assert!(found.starts_with(error), "{text}: {found}");
        }
        for text in ["dns:users.:80", "dns:[::1]:80", "dns:10.0.0.1:80", "dns+srv:_a._tcp.b."] {
            assert!(text.parse::<SourceUri>().is_ok(), "{text}");
        }
    }
}
