//! As much HTTP/1.1 as the scene needs: messages on kept connections, one after the other.
//!
//! Requests are POST: a proxy must not send one again that a server can have seen, and the client
//! does not either.

use std::io::{self, Error, ErrorKind, Read, Write};

/// Longer messages are refused.
const LIMIT: usize = 16 * 1024;

/// What ends the head of a message.
const BLANK: &[u8] = b"\r\n\r\n";

/// Sends a request with one write.
pub(crate) fn write_request(to: &mut impl Write) -> io::Result<()> {
    to.write_all(b"POST / HTTP/1.1\r\nHost: scene\r\nContent-Length: 0\r\n\r\n")
}

/// Sends an answer with one write.
pub(crate) fn write_answer(to: &mut impl Write, status: u16) -> io::Result<()> {
    let reason = if status < 400 { "OK" } else { "Service Unavailable" };
    to.write_all(format!("HTTP/1.1 {status} {reason}\r\nContent-Length: 0\r\n\r\n").as_bytes())
}

/// Receives a request. `None`: the connection has ended instead.
pub(crate) fn read_request(from: &mut impl Read) -> io::Result<Option<()>> {
    Ok(read_message(from)?.map(drop))
}

/// Receives an answer: its status.
pub(crate) fn read_answer(from: &mut impl Read) -> io::Result<u16> {
    let first = read_message(from)?.ok_or(ErrorKind::UnexpectedEof)?;
    let status = first.split(' ').nth(1).and_then(|status| status.parse().ok());
    status.ok_or_else(|| invalid(format!("no status in the answer's first line: {first:?}")))
}

/// The first line of a message, which is read whole.
fn read_message(from: &mut impl Read) -> io::Result<Option<String>> {
    let (mut message, mut chunk) = (vec![], [0; 1024]);
    let head = loop {
        match from.read(&mut chunk)? {
            0 if message.is_empty() => return Ok(None),
            0 => return Err(ErrorKind::UnexpectedEof.into()),
            read => message.extend_from_slice(&chunk[..read]),
        }
        if let Some(head) = message.windows(BLANK.len()).position(|end| end == BLANK) {
            break head;
        }
        if message.len() > LIMIT {
            return Err(invalid(format!("the head of a message has more than {LIMIT} bytes")));
        }
    };
    let text = String::from_utf8_lossy(&message[..head]).into_owned();
    let mut lines = text.split("\r\n");
    let first = lines.next().unwrap_or_default().to_owned();
    let body = body_length(lines)?;
    // Nothing follows the body: the other side sends its next message when it has got an answer.
    let missing = (head + BLANK.len() + body).checked_sub(message.len());
    let missing = missing.ok_or_else(|| invalid("bytes after the end of a message".into()))?;
    from.read_exact(&mut vec![0; missing])?;
    Ok(Some(first))
}

fn body_length<'a>(headers: impl Iterator<Item = &'a str>) -> io::Result<usize> {
    for header in headers {
        let Some((name, value)) = header.split_once(':') else { continue };
        if name.eq_ignore_ascii_case("transfer-encoding") {
            return Err(invalid(format!("a body with {header:?}: only a length is understood")));
        }
        if name.eq_ignore_ascii_case("content-length") {
            let length = value.trim().parse().ok().filter(|length| *length <= LIMIT);
            return length.ok_or_else(|| invalid(format!("{header:?}: need at most {LIMIT}")));
        }
    }
    Ok(0)
}

fn invalid(what: String) -> Error {
    Error::new(ErrorKind::InvalidData, what)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_read_to_the_end_of_its_body() {
        let mut bytes: &[u8] = b"HTTP/1.1 502 Bad\r\ncontent-length: 3\r\n\r\nabc";
        assert_eq!(read_answer(&mut bytes).ok(), Some(502));
        assert!(bytes.is_empty());
    }

    #[test]
    fn what_is_written_can_be_read() {
        let mut wire = vec![];
        write_request(&mut wire).expect("memory takes it");
        assert_eq!(read_request(&mut &*wire).expect("it is a request"), Some(()));
        wire.clear();
        write_answer(&mut wire, 503).expect("memory takes it");
        assert_eq!(read_answer(&mut &*wire).ok(), Some(503));
    }

    #[test]
    fn an_unknown_length_and_a_broken_head_are_errors() {
        for wrong in [
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: all\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Le",
            "HTTP/1.1\r\n\r\n",
        ] {
            assert!(read_answer(&mut wrong.as_bytes()).is_err(), "{wrong:?}");
        }
    }
}
