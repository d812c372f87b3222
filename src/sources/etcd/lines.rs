//! A stream as lines, of which none may be endless.

use std::io::{self, Read};

/// As much as the HTTP client has at most from one read of its socket: what has arrived while the list was
/// being told is there after one read.
const CHUNK: usize = 128 * 1024;

/// Lines of a reader that blocks. After an error of the reader, such as a timeout, it can be read on.
pub(super) struct Lines<R> {
    reader: R,
    /// What was read last.
    chunk: Box<[u8]>,
    /// What has not been taken as a line.
    text: Vec<u8>,
    /// Up to here it has no end of a line.
    searched: usize,
    most: usize,
}

impl<R: Read> Lines<R> {
    /// Lines of at most `most` bytes.
    pub(super) fn new(reader: R, most: u64) -> Self {
        let most = usize::try_from(most).unwrap_or(usize::MAX);
        Self { reader, chunk: vec![0; CHUNK].into(), text: vec![], searched: 0, most }
    }

    /// Takes all lines that are there, and reads on until there is one. Empty ones are left out.
    ///
    /// # Errors
    ///
    /// Those of the reader; [`io::ErrorKind::UnexpectedEof`]; [`io::ErrorKind::InvalidData`] of a line that
    /// is too long.
    pub(super) fn next(&mut self) -> io::Result<Vec<Vec<u8>>> {
        loop {
            let lines = self.at_hand();
            if !lines.is_empty() {
                return Ok(lines);
            }
            if self.text.len() > self.most {
                let fault = format!("a line is longer than max-bytes={}", self.most);
                return Err(io::Error::new(io::ErrorKind::InvalidData, fault));
            }
            let length = self.reader.read(&mut self.chunk)?;
            if length == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            self.text.extend_from_slice(&self.chunk[..length]);
        }
    }

    /// What no line has ended.
    pub(super) fn rest(&self) -> &[u8] {
        &self.text
    }

    fn at_hand(&mut self) -> Vec<Vec<u8>> {
        let new = &self.text[self.searched..];
        let Some(end) = new.iter().rposition(|byte| *byte == b'\n') else {
            self.searched = self.text.len();
            return vec![];
        };
        let rest = self.text.split_off(self.searched + end + 1);
        let whole = std::mem::replace(&mut self.text, rest);
        self.searched = self.text.len();
        let lines = whole.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
        lines.map(<[u8]>::to_vec).collect()
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Hands out parts, then an error once, then the rest.
    struct Parts(Vec<Vec<u8>>);

    impl Read for Parts {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            if self.0.is_empty() {
                return Ok(0);
            }
            let part = self.0.remove(0);
            if part.is_empty() {
                return Err(io::ErrorKind::TimedOut.into());
            }
            buffer[..part.len()].copy_from_slice(&part);
            Ok(part.len())
        }
    }

    fn parts(parts: &[&str]) -> Lines<Parts> {
        Lines::new(Parts(parts.iter().map(|part| part.as_bytes().into()).collect()), 10)
    }

    #[test]
    fn all_that_is_there_is_taken_at_once() {
        let mut lines = parts(&["a\nb\n\nc", "d\n", "e", "", "f\n", "g"]);
        let text = |lines: Vec<Vec<u8>>| lines.concat();
        assert_eq!(lines.next().unwrap(), [b"a", b"b"]);
        assert_eq!(text(lines.next().unwrap()), b"cd");
        assert_eq!(lines.next().unwrap_err().kind(), io::ErrorKind::TimedOut);
        assert_eq!(text(lines.next().unwrap()), b"ef");
        let torn = lines.next().unwrap_err();
        assert_eq!(torn.kind(), io::ErrorKind::UnexpectedEof, "half a line is none");
        assert_eq!(lines.rest(), b"g");
    }

    #[test]
    fn an_endless_line_ends() {
        let mut lines = Lines::new(io::repeat(b'x'), 1 << 20);
        let error = lines.next().unwrap_err().to_string();
        assert_eq!(error, "a line is longer than max-bytes=1048576");
        assert!(lines.text.len() <= (1 << 20) + CHUNK);
    }

    proptest! {
        #[test]
        fn it_does_not_matter_how_it_arrives(parts in prop::collection::vec("[ab\n]{1,5}", 0..20)) {
            let all = parts.concat();
            let parts = parts.into_iter().map(String::into_bytes).collect();
            let mut lines = Lines::new(Parts(parts), 1000);
            let mut found = vec![];
            while let Ok(more) = lines.next() {
                prop_assert!(!more.is_empty());
                found.extend(more);
            }
            let whole = all.rfind('\n').map_or("", |end| &all[..end]);
            let expected: Vec<_> = whole.split('\n').filter(|line| !line.is_empty()).collect();
            prop_assert_eq!(found, expected.iter().map(|line| line.as_bytes()).collect::<Vec<_>>());
        }
    }
}
