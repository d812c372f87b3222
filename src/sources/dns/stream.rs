//! A question by TCP: a message behind its length (RFC 1035, 4.2.2).

use std::io::{self, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use super::failure::Failure;
use super::question::{Asked, Reply};
use super::records::Records;
use super::slice::{SLICE, is_slice};
use crate::sources::Stop;

/// Asks `server`. Stopped, it returns any failure.
pub(super) fn ask(
    server: SocketAddr,
    asked: &Asked,
    timeout: Duration,
    stop: &Stop,
) -> Result<Records, Failure> {
    let deadline = Instant::now() + timeout;
    let bytes =
        exchange(server, asked, deadline, timeout, stop).map_err(|error| match error.kind() {
            ErrorKind::TimedOut | ErrorKind::WouldBlock => Failure::Silent(timeout),
            ErrorKind::UnexpectedEof => Failure::Malformed,
            _ => Failure::of_socket(&error),
        })?;
    match asked.reply(&bytes) {
        Reply::Records(records) => Ok(records),
        Reply::Failure(failure) => Err(failure),
        Reply::Truncated => Err(Failure::Truncated),
        Reply::Stray | Reply::Plainer => Err(Failure::Malformed),
    }
}

fn exchange(
    server: SocketAddr,
    asked: &Asked,
    deadline: Instant,
    timeout: Duration,
    stop: &Stop,
) -> io::Result<Vec<u8>> {
    let mut stream = TcpStream::connect_timeout(&server, timeout)?;
    stream.set_write_timeout(Some(timeout))?;
    stream.set_read_timeout(Some(SLICE))?;
    // In one piece: some servers answer only what comes in one.
    let length = asked.bytes.len() as u16;
    stream.write_all(&[&length.to_be_bytes(), &*asked.bytes].concat())?;
    let mut length = [0; 2];
    read(&mut stream, &mut length, deadline, stop)?;
    let mut bytes = vec![0; u16::from_be_bytes(length).into()];
    read(&mut stream, &mut bytes, deadline, stop)?;
    Ok(bytes)
}

/// Fills `buffer`, in slices between which it may be stopped.
fn read(
    stream: &mut TcpStream,
    buffer: &mut [u8],
    deadline: Instant,
    stop: &Stop,
) -> io::Result<()> {
    let mut filled = 0;
    while filled < buffer.len() {
        if stop.is_stopped() || Instant::now() >= deadline {
            return Err(ErrorKind::TimedOut.into());
        }
        match stream.read(&mut buffer[filled..]) {
            Ok(0) => return Err(ErrorKind::UnexpectedEof.into()),
            Ok(read) => filled += read,
            Err(error) if is_slice(&error) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}
