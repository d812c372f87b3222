//! Why there is no answer, in words.

use std::io::{self, ErrorKind};
use std::time::Duration;

use ureq::{Error, Timeout};

use crate::settings::show_duration;

/// How long a question may take.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    /// Connecting, and then the body.
    pub(super) part: Duration,
    pub(super) whole: Duration,
}

/// What a reader of a body says is an error of the HTTP client, in a wrapper.
pub(super) fn of_body(error: io::Error, limits: Limits) -> String {
    of_question(Error::from(error), limits)
}

pub(super) fn of_question(error: Error, limits: Limits) -> String {
    let within = |what, time| format!("{what} within {}", show_duration(time));
    match error {
        Error::Timeout(Timeout::Resolve) => within("the host's address is not found", limits.part),
        Error::Timeout(Timeout::Connect) => within("there is no connection", limits.part),
        Error::Timeout(Timeout::RecvBody) => within("the answer does not end", limits.part),
        Error::Timeout(_) => within("there is no whole answer", limits.whole),
        Error::HostNotFound => "the host has no address".into(),
        Error::Io(error) if error.kind() == ErrorKind::UnexpectedEof => {
            "the connection has ended before the answer".into()
        }
        Error::Io(error) => error.to_string(),
        Error::Protocol(error) => format!("what it answers is no HTTP: {error}"),
        Error::TooManyRedirects => "it leads from one URL to the next, more than 5 times".into(),
        Error::TlsRequired => {
            "it leads to https, which this build cannot: it has no feature tls".into()
        }
        Error::RequireHttpsOnly(url) => format!("it leads from https to {url}"),
        error => error.to_string(),
    }
}

/// The first line of what a server says beside an error, as far as it is of use.
pub(super) fn first_line(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(body);
    let line = text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
    let mut line: String = line.chars().take(200).collect();
    line.retain(|char| !char.is_control());
    line
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_is_short_and_harmless() {
        assert_eq!(first_line(b"\r\n \tnot here\x1b[2J\r\nat all"), "not here[2J");
        assert_eq!(first_line("ä".repeat(1_000).as_bytes()), "ä".repeat(200));
        assert_eq!(first_line(b""), "");
        assert_eq!(first_line(b"a\xffb"), "a\u{fffd}b");
    }
}
