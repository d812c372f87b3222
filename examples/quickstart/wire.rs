//! The protocol: frames of a length, a request number and a body.
//!
//! ```text
//! | length: u32 | number: u64 | body: length - 8 bytes |      big endian
//! ```
//!
//! A request's body is its key; an answer repeats the number and has none. A server acts on whole
//! frames only, so a client whose write failed knows that its request was not executed.

use std::io::{self, Read, Write};

const NUMBER: usize = size_of::<u64>();
const LIMIT: usize = 64 * 1024;

/// Sends a frame with one write.
pub(crate) fn write_frame(to: &mut impl Write, number: u64, body: &[u8]) -> io::Result<()> {
    let length = u32::try_from(NUMBER + body.len()).map_err(io::Error::other)?;
    let mut frame = Vec::with_capacity(size_of::<u32>() + NUMBER + body.len());
    frame.extend_from_slice(&length.to_be_bytes());
    frame.extend_from_slice(&number.to_be_bytes());
    frame.extend_from_slice(body);
    to.write_all(&frame)
}

/// Receives a frame: its number, and its body in `body`.
pub(crate) fn read_frame(from: &mut impl Read, body: &mut Vec<u8>) -> io::Result<u64> {
    let mut length = [0; size_of::<u32>()];
    from.read_exact(&mut length)?;
    let length = u32::from_be_bytes(length) as usize;
    if !(NUMBER..=LIMIT).contains(&length) {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "a frame of impossible length"));
    }
    let mut number = [0; NUMBER];
    from.read_exact(&mut number)?;
    body.resize(length - NUMBER, 0);
    from.read_exact(body)?;
    Ok(u64::from_be_bytes(number))
}

/// Receives the answer to the request of this number.
pub(crate) fn read_answer(from: &mut impl Read, number: u64) -> io::Result<()> {
    if read_frame(from, &mut vec![])? == number {
        return Ok(());
    }
    Err(io::Error::new(io::ErrorKind::InvalidData, "the answer to another request"))
}
