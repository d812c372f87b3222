//! What is said on a connection that asks by HTTP: a request of one write, and the first line of its
//! answer.

/// The request for `path` at `host`. Neither has spaces or ends of lines.
pub(super) fn request(path: &str, host: &str) -> Box<[u8]> {
    let version = env!("CARGO_PKG_VERSION");
    let text = format!(
        "GET {path} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: peerage/{version}\r\n\
         Accept: */*\r\nConnection: close\r\n\r\n"
    );
    text.into_bytes().into()
}

/// The longest first line that is read.
const LIMIT: usize = 1024;

/// The first line of an answer, as far as it has come.
#[derive(Debug, Default)]
pub(super) struct StatusLine {
    bytes: Vec<u8>,
}

/// What the first line says.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Said {
    /// It is not complete.
    Nothing,
    Status(u16),
    /// It is none of HTTP.
    Wrong(&'static str),
}

impl StatusLine {
    /// Looks at what has come. Bytes behind the line are left alone.
    pub(super) fn hear(&mut self, bytes: &[u8]) -> Said {
        let end = bytes.iter().position(|byte| *byte == b'\n');
        let wanted = &bytes[..end.unwrap_or(bytes.len())];
        let room = LIMIT.saturating_sub(self.bytes.len());
        self.bytes.extend_from_slice(&wanted[..wanted.len().min(room)]);
        if wanted.len() > room {
            return Said::Wrong("its first line is longer than 1024 bytes");
        }
        match end {
            Some(_) => status(&self.bytes),
            None if b"HTTP/1.".iter().zip(&self.bytes).any(|(want, is)| want != is) => NO_HTTP,
            None => Said::Nothing,
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }
}

const NO_HTTP: Said = Said::Wrong("what it answers is not HTTP/1");

/// Reads `HTTP/1.1 200 OK`, or the same without a reason.
fn status(line: &[u8]) -> Said {
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let [b'H', b'T', b'T', b'P', b'/', b'1', b'.', minor, b' ', code @ ..] = line else {
        return NO_HTTP;
    };
    let ([a, b, c] | [a, b, c, b' ', ..]) = code else { return NO_HTTP };
    if ![minor, a, b, c].iter().all(|byte| byte.is_ascii_digit()) {
        return NO_HTTP;
    }
    let digit = |byte: &u8| u16::from(byte - b'0');
    Said::Status(100 * digit(a) + 10 * digit(b) + digit(c))
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    fn said(parts: &[&str]) -> Said {
        let mut line = StatusLine::default();
        let mut said = Said::Nothing;
        for part in parts {
            assert_eq!(said, Said::Nothing, "{parts:?}");
            said = line.hear(part.as_bytes());
        }
        said
    }

    #[test]
    fn a_status_line_may_come_in_pieces() {
        for parts in [
            &["HTTP/1.1 204 No Content\r\nServer: x\r\n\r\n"][..],
            &["HTTP/1.0 204\r\n"],
            &["HTTP/1.1 204 \n"],
            &["H", "TTP/1.1 2", "04 No", " Content\r", "\nbody"],
        ] {
            assert_eq!(said(parts), Said::Status(204), "{parts:?}");
        }
        assert_eq!(said(&["HTTP/1.1 204 No Content\r"]), Said::Nothing);
        assert_eq!(said(&[""]), Said::Nothing);
    }

    #[test]
    fn what_is_no_status_line_is_said_so_at_once() {
        for line in [
            "\n",
            "\r\n",
            "SSH-2.0-x",
            "HTTP/2 200 OK\n",
            "HTTP/1.x 200 OK\n",
            "HTTP/1.1 20 OK\n",
            "HTTP/1.1 2000 OK\n",
            "HTTP/1.1  200 OK\n",
            "HTTP/1.1 2x0 OK\n",
            "HTTP/1.1\n",
            "http/1.1 200 OK\n",
            "\u{15}\u{3}\u{1}",
            "+PONG\r\n",
        ] {
            assert_eq!(said(&[line]), NO_HTTP, "{line:?}");
        }
    }

    #[test]
    fn a_first_line_is_bounded() {
        let reason = "x".repeat(LIMIT - "HTTP/1.1 200 ".len());
        assert_eq!(said(&["HTTP/1.1 200 ", &reason, "\n"]), Said::Status(200));
        let wrong = Said::Wrong("its first line is longer than 1024 bytes");
        assert_eq!(said(&["HTTP/1.1 200 ", &reason, "x"]), wrong);
        assert_eq!(said(&["HTTP/1.1 200 ", &reason, "x\n"]), wrong);
    }

    #[test]
    fn a_request_is_what_it_should_be() {
        let text = String::from_utf8(request("/up?x", "users:80").into()).unwrap();
        assert!(text.starts_with("GET /up?x HTTP/1.1\r\nHost: users:80\r\nUser-Agent: peerage/"));
        assert!(text.ends_with("\r\nConnection: close\r\n\r\n"));
    }
}
