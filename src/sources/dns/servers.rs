//! Who is asked, and how: the servers that a URI names, or those that the machine is set up with.

use std::io::ErrorKind;
use std::net::{IpAddr, SocketAddr, ToSocketAddrs};
use std::path::PathBuf;
use std::time::Duration;

use domain::base::Rtype;
use resolv_conf::{Config, ScopedIp};

/// Most servers of a file that are asked, most questions and seconds, most dots: what other programs on
/// the machine do (resolv.conf(5)).
const MOST_SERVERS: usize = 3;
const MOST_ATTEMPTS: usize = 5;
const MOST_SECONDS: u64 = 30;
const MOST_DOTS: usize = 15;
/// What is longer is forever by mistake.
const LONGEST: Duration = Duration::from_secs(3600);

/// Where the servers are named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Servers {
    /// In the URI: then the machine's file is not looked at, and names are absolute.
    Given(Vec<SocketAddr>),
    /// In this file, as it is when they are asked.
    File(PathBuf),
}

/// How questions are asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Setup {
    pub(super) servers: Vec<SocketAddr>,
    /// Domains that a name may be within.
    pub(super) search: Vec<String>,
    pub(super) ndots: usize,
    /// How long one server may take for one question.
    pub(super) timeout: Duration,
    /// How often each server is asked.
    pub(super) attempts: usize,
    /// Each lookup begins with another server.
    rotate: bool,
    /// The kinds of addresses that are asked for.
    pub(super) families: &'static [Rtype],
}

const BOTH: &[Rtype] = &[Rtype::A, Rtype::AAAA];

impl Servers {
    /// Reads `ADDRESS[:PORT]`, with spaces between.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let servers: Result<Vec<_>, _> = text.split_whitespace().map(server).collect();
        let servers = servers.map_err(|fault| format!("servers={text:?}: {fault}"))?;
        if servers.is_empty() {
            return Err(format!("servers={text:?} names none"));
        }
        Ok(Self::Given(servers))
    }

    /// What holds for the next questions. `timeout` is what the URI sets.
    pub(super) fn setup(&self, timeout: Duration) -> Result<Setup, String> {
        let timeout = timeout.min(LONGEST);
        match self {
            Self::Given(servers) => Ok(Setup {
                servers: servers.clone(),
                search: vec![],
                ndots: 1,
                timeout,
                attempts: 2,
                rotate: false,
                families: BOTH,
            }),
            // A file of some lines: to read it takes less than to be sure that it is what it was.
            Self::File(path) => match std::fs::read(path) {
                Ok(text) => match Setup::of_file(&text, timeout) {
                    setup if setup.servers.is_empty() => Err(format!(
                        "{} names no server of a network that is there",
                        path.display()
                    )),
                    setup => Ok(setup),
                },
                Err(error) if error.kind() == ErrorKind::NotFound => {
                    Ok(Setup::of_file(b"", timeout))
                }
                Err(error) => Err(format!("{} cannot be read: {error}", path.display())),
            },
        }
    }
}

impl Setup {
    /// What can be read of a resolv.conf. Without servers it is the machine's own.
    fn of_file(text: &[u8], timeout: Duration) -> Self {
        let (file, _) = Config::parse_with_errors(text);
        let servers = file.get_nameservers_or_local();
        let servers = servers.iter().take(MOST_SERVERS).filter_map(at_port_53).collect();
        let seconds = Duration::from_secs(u64::from(file.timeout).clamp(1, MOST_SECONDS));
        Self {
            servers,
            search: file.get_last_search_or_domain().cloned().collect(),
            ndots: (file.ndots as usize).min(MOST_DOTS),
            timeout: if says_timeout(text) { timeout.min(seconds) } else { timeout },
            attempts: (file.attempts as usize).clamp(1, MOST_ATTEMPTS),
            rotate: file.rotate,
            families: if file.no_aaaa { &BOTH[..1] } else { BOTH },
        }
    }

    /// The servers in the order in which lookup number `turn` asks them.
    pub(super) fn order(&self, turn: usize) -> Vec<SocketAddr> {
        let mut servers = self.servers.clone();
        if self.rotate && !servers.is_empty() {
            let first = turn % servers.len();
            servers.rotate_left(first);
        }
        servers
    }
}

/// Whether the file itself sets a timeout: one that it does not set has the same value as one of 5.
fn says_timeout(text: &[u8]) -> bool {
    let text = String::from_utf8_lossy(text);
    let mut options = text.lines().filter(|line| line.trim_start().starts_with("options"));
    options.any(|line| line.contains("timeout:"))
}

fn at_port_53(address: &ScopedIp) -> Option<SocketAddr> {
    match address {
        // The number of an interface by its name is the system's to know; this asks no server.
        ScopedIp::V6(_, Some(_)) => {
            (address.to_string().as_str(), 53).to_socket_addrs().ok()?.next()
        }
        address => Some(SocketAddr::new(IpAddr::from(address), 53)),
    }
}

fn server(text: &str) -> Result<SocketAddr, String> {
    let bare = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text);
    let server = text.parse().or_else(|_| bare.parse().map(|ip: IpAddr| SocketAddr::new(ip, 53)));
    let server = server.map_err(|_| format!("{text:?} is not of the form ADDRESS[:PORT]"))?;
    if server.port() == 0 {
        return Err(format!("{text:?}: a port is a whole number from 1 to 65535"));
    }
    Ok(server)
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    const TWO: Duration = Duration::from_secs(2);

    fn of(text: &str) -> Setup {
        Setup::of_file(text.as_bytes(), TWO)
    }

    fn addresses(texts: &[&str]) -> Vec<SocketAddr> {
        texts.iter().map(|text| text.parse().unwrap()).collect()
    }

    #[test]
    fn a_uri_names_servers() {
        let given = Servers::parse("10.0.0.1  10.0.0.2:5300 ::1 [::2] [::3]:54").unwrap();
        let servers =
            addresses(&["10.0.0.1:53", "10.0.0.2:5300", "[::1]:53", "[::2]:53", "[::3]:54"]);
        assert_eq!(given, Servers::Given(servers));
        for (text, fault) in [
            (" ", "servers=\" \" names none"),
            ("10.0.0.1 a", "servers=\"10.0.0.1 a\": \"a\" is not of the form ADDRESS[:PORT]"),
            ("10.0.0.1:0", "servers=\"10.0.0.1:0\": \"10.0.0.1:0\": a port is a whole number"),
        ] {
            let found = Servers::parse(text).unwrap_err();
            assert!(found.starts_with(fault), "{found}");
        }
    }

    #[test]
    fn a_file_says_more() {
        let setup =
            of("# by hand\nsearch a.test b.test\nnameserver 10.0.0.1\nnameserver nonsense\n\
             nameserver ::1\nnameserver fe80::1%1\nnameserver 10.0.0.4\n\
             options ndots:5 timeout:1 attempts:9 rotate no-aaaa\n");
        assert_eq!(setup.servers, addresses(&["10.0.0.1:53", "[::1]:53", "[fe80::1%1]:53"]));
        assert_eq!(setup.search, ["a.test", "b.test"]);
        assert_eq!((setup.ndots, setup.attempts, setup.rotate), (5, 5, true));
        assert_eq!((setup.timeout, setup.families), (Duration::from_secs(1), &[Rtype::A][..]));
        assert_eq!(setup.order(4)[0], setup.servers[1]);
    }

    #[test]
    fn an_empty_file_is_the_machine_itself_and_does_not_lengthen_a_timeout() {
        let setup = of("");
        assert_eq!(setup.servers, addresses(&["127.0.0.1:53", "[::1]:53"]));
        assert_eq!((setup.timeout, setup.attempts, setup.ndots), (TWO, 2, 1));
        assert_eq!(setup.order(1), setup.servers, "it does not say rotate");
        assert_eq!(of("options timeout:30").timeout, TWO);
        let ten = Duration::from_secs(10);
        assert_eq!(Setup::of_file(b"options attempts:1", ten).timeout, ten);
    }

    #[test]
    #[cfg(not(miri))]
    fn the_file_is_read_as_it_is_each_time() {
        let path = std::env::temp_dir().join(format!("peerage-resolv-{}", std::process::id()));
        let servers = Servers::File(path.clone());
        let first = |servers: &Servers| servers.setup(TWO).unwrap().servers[0].to_string();
        assert_eq!(first(&servers), "127.0.0.1:53", "there is no such file");
        for address in ["10.0.0.1", "10.0.0.2"] {
            std::fs::write(&path, format!("nameserver {address}")).unwrap();
            assert_eq!(first(&servers), format!("{address}:53"));
        }
        std::fs::write(&path, "nameserver fe80::1%nosuchnet").unwrap();
        let error = servers.setup(TWO).unwrap_err();
        assert!(error.ends_with("names no server of a network that is there"), "{error}");
        std::fs::remove_file(&path).unwrap();
        std::fs::create_dir(&path).unwrap();
        let error = servers.setup(TWO).unwrap_err();
        assert!(error.contains("cannot be read: "), "{error}");
        std::fs::remove_dir(&path).unwrap();
    }
}
