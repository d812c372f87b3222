//! One probe at a time, against sockets of loopback.

use std::net::TcpListener;

use mio::{Events, Poll};

use super::*;

/// Plays one attempt to its end.
fn probe(address: SocketAddr, question: Option<Question<'_>>) -> Finding {
    let (mut poll, mut events) = (Poll::new().unwrap(), Events::with_capacity(8));
    let attempt = Attempt::begin(poll.registry(), Token(1), address, question.is_some());
    let mut attempt = match attempt {
        Ok(attempt) => attempt,
        Err(finding) => return finding,
    };
    loop {
        poll.poll(&mut events, Some(Duration::from_secs(10))).unwrap();
        assert!(!events.is_empty(), "{attempt:?}");
        if let Some(finding) = attempt.go_on(question) {
            return finding;
        }
    }
}

#[test]
fn a_port_with_a_server_is_connected_to_and_one_without_is_not() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    assert_eq!(probe(address, None), Finding::Good(Good::Connected));
    drop(listener);
    let Finding::Unreachable(text) = probe(address, None) else { panic!("a server") };
    assert!(text.starts_with("cannot connect: "), "{text}");
}

#[test]
fn a_connection_to_itself_is_none() {
    // Two ends that are one: what a connect to a port without a server comes to when the system
    // draws that port for the near end.
    let socket = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = socket.local_addr().unwrap();
    drop(socket);
    let Some(stream) = connected_to_itself(address) else { return };
    let attempt = Attempt { stream, phase: Phase::Connecting };
    let error = attempt.connected().unwrap_err();
    assert!(error.contains("to itself"), "{error}");
}

/// A socket that is bound to `address` and connected to it.
#[cfg(target_os = "linux")]
fn connected_to_itself(address: SocketAddr) -> Option<TcpStream> {
    use std::os::fd::FromRawFd;
    let port = address.port().to_be();
    let name = libc::sockaddr_in {
        sin_family: libc::AF_INET as libc::sa_family_t,
        sin_port: port,
        sin_addr: libc::in_addr { s_addr: u32::from_ne_bytes([127, 0, 0, 1]) },
        sin_zero: [0; 8],
    };
    let (name, size) = ((&raw const name).cast(), size_of_val(&name) as libc::socklen_t);
    // SAFETY: plain calls; `name` is read for its size, and the descriptor has one owner.
    let stream = unsafe {
        let socket = libc::socket(libc::AF_INET, libc::SOCK_STREAM, 0);
        assert_eq!(libc::bind(socket, name, size), 0);
        assert_eq!(libc::connect(socket, name, size), 0);
        std::net::TcpStream::from_raw_fd(socket)
    };
    stream.set_nonblocking(true).unwrap();
    Some(TcpStream::from_std(stream))
}

#[cfg(not(target_os = "linux"))]
fn connected_to_itself(_: SocketAddr) -> Option<TcpStream> {
    None
}
