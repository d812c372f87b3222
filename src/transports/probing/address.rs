//! What a peer's name says: where to connect.

use std::net::{IpAddr, SocketAddr};

use thiserror::Error;

use super::attempt::Finding;

/// What a name was resolved to, or what that says of a peer without an address.
pub(super) type Resolved = Result<Vec<SocketAddr>, Finding>;

/// A peer whose name is no address, which a [`Probing`](super::Probing) refuses to retain.
///
/// ```
/// use peerage::transports::{NoAddress, ProbeOptions, Probing};
/// use peerage::{ListOptions, ListUpdates, PeerList};
/// use peerage::{Lifecycle, List, policy::RoundRobin};
///
/// let probing = Probing::new(ProbeOptions::tcp());
/// let list = PeerList::new(RoundRobin::new(), probing, ListOptions::new());
/// list.start()?;
/// let error = list.update(ListUpdates::adding(["10.0.0.1"])).unwrap_err();
/// let text = "can't retain peer \"10.0.0.1\": it is no HOST:PORT, such as 10.0.0.1:80, [::1]:80 or \
///             users.internal:80: it has no port";
/// assert_eq!(error.to_string(), text);
/// # Ok::<(), peerage::LifecycleError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("it is no HOST:PORT, such as 10.0.0.1:80, [::1]:80 or users.internal:80: {fault}")]
#[non_exhaustive]
pub struct NoAddress {
    /// What is wrong with the name.
    pub fault: &'static str,
}

/// Where a peer is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Place {
    Address(SocketAddr),
    /// A name that has to be resolved, and a port.
    Name(Box<str>, u16),
}

/// A name in DNS is no longer.
const LONGEST: usize = 253;

impl Place {
    pub(super) fn parse(identifier: &str) -> Result<Self, NoAddress> {
        let wrong = |fault| Err(NoAddress { fault });
        if let Ok(address) = identifier.parse::<SocketAddr>() {
            return match address.port() {
                0 => wrong("its port is 0"),
                _ => Ok(Self::Address(address)),
            };
        }
        if identifier.parse::<IpAddr>().is_ok_and(|address| address.is_ipv6()) {
            return wrong("an address of IPv6 has brackets, and its port behind them");
        }
        let Some((host, port)) = identifier.rsplit_once(':') else {
            return wrong("it has no port");
        };
        let digits = port.bytes().all(|byte| byte.is_ascii_digit());
        let Some(port) = port.parse().ok().filter(|port: &u16| digits && *port != 0) else {
            return wrong("its port is no whole number from 1 to 65535");
        };
        let is_part = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
        if host.is_empty() || host.len() > LONGEST || !host.bytes().all(is_part) {
            return wrong("its host is no name of letters, digits, -, _ and . and no address");
        }
        Ok(Self::Name(host.into(), port))
    }

    /// The same place, at another port.
    pub(super) fn at_port(self, port: Option<u16>) -> Self {
        match (self, port) {
            (place, None) => place,
            (Self::Name(host, _), Some(port)) => Self::Name(host, port),
            (Self::Address(mut address), Some(port)) => {
                address.set_port(port);
                Self::Address(address)
            }
        }
    }

    /// As HTTP names it.
    pub(super) fn host(&self) -> String {
        match self {
            Self::Address(SocketAddr::V4(address)) => address.to_string(),
            // Without the number of an interface, which means something on this machine only.
            Self::Address(SocketAddr::V6(address)) => {
                format!("[{}]:{}", address.ip(), address.port())
            }
            Self::Name(host, port) => format!("{host}:{port}"),
        }
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn places_are_addresses_or_names_and_a_port() {
        for (identifier, host, other) in [
            ("10.0.0.1:80", "10.0.0.1:80", "10.0.0.1:81"),
            ("[::1]:80", "[::1]:80", "[::1]:81"),
            ("[fe80::1%3]:80", "[fe80::1]:80", "[fe80::1]:81"),
            ("localhost:65535", "localhost:65535", "localhost:81"),
            ("a_b-1.internal.:1", "a_b-1.internal.:1", "a_b-1.internal.:81"),
        ] {
            let place = Place::parse(identifier).expect(identifier);
            assert_eq!(place.host(), host);
            assert_eq!(place.clone().at_port(None), place);
            assert_eq!(place.at_port(Some(81)).host(), other);
        }
    }

    #[test]
    fn what_is_no_place_is_told_why() {
        for (identifier, fault) in [
            ("", "it has no port"),
            ("users", "it has no port"),
            ("10.0.0.1", "it has no port"),
            ("10.0.0.1:", "its port is no whole number"),
            ("10.0.0.1:0", "its port is 0"),
            ("users:0", "its port is no whole number"),
            ("users:+80", "its port is no whole number"),
            ("users:65536", "its port is no whole number"),
            ("users:http", "its port is no whole number"),
            (":80", "its host is no name"),
            ("::1", "an address of IPv6 has brackets"),
            ("fe80::1:80", "an address of IPv6 has brackets"),
            ("[::1]", "its port is no whole number"),
            ("[::1:80", "its host is no name"),
            ("us ers:80", "its host is no name"),
            ("http://users:80", "its host is no name"),
            ("müller:80", "its host is no name"),
            ("users\r\nX:80", "its host is no name"),
        ] {
            let error = Place::parse(identifier).expect_err(identifier).to_string();
            assert!(error.contains(fault), "{identifier:?}: {error}");
        }
        assert!(Place::parse(&format!("{}:80", "a".repeat(254))).is_err());
    }
}
