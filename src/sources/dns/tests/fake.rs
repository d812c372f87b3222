//! A server that says what a test has it say, by UDP and TCP on one port.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use super::message::Said;
use super::query::Query;

/// The messages that a question is answered with, one after the other.
pub(super) type Answers = Vec<Vec<u8>>;
type Handler = dyn Fn(&Query) -> Answers + Send + Sync;

pub(super) struct Fake {
    address: SocketAddr,
    asked: Arc<AtomicUsize>,
    ended: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
}

impl Fake {
    pub(super) fn new(handler: impl Fn(&Query) -> Answers + Send + Sync + 'static) -> Self {
        let (datagrams, streams) = both();
        let address = datagrams.local_addr().unwrap();
        let (handler, asked): (Arc<Handler>, _) = (Arc::new(handler), Arc::default());
        let ended = Arc::new(AtomicBool::new(false));
        datagrams.set_read_timeout(Some(Duration::from_millis(20))).unwrap();
        let udp = {
            let (handler, asked) = (Arc::clone(&handler), Arc::clone(&asked));
            let ended = Arc::clone(&ended);
            thread::spawn(move || {
                let mut buffer = [0; 4096];
                while !ended.load(Ordering::Acquire) {
                    let Ok((length, from)) = datagrams.recv_from(&mut buffer) else { continue };
                    AtomicUsize::fetch_add(&asked, 1, Ordering::AcqRel);
                    for answer in handler(&Query::new(&buffer[..length], from, false)) {
                        let _ = datagrams.send_to(&answer, from);
                    }
                }
            })
        };
        let tcp = {
            let ended = Arc::clone(&ended);
            thread::spawn(move || {
                for stream in streams.incoming() {
                    if ended.load(Ordering::Acquire) {
                        return;
                    }
                    let _ = stream.map(|stream| serve(stream, &*handler, &ended));
                }
            })
        };
        Self { address, asked, ended, threads: vec![udp, tcp] }
    }

    /// One that answers each question with one message.
    pub(super) fn saying(say: impl Fn(&Query) -> Said + Send + Sync + 'static) -> Self {
        Self::new(move |query| vec![say(query).bytes()])
    }

    /// One that answers nothing.
    pub(super) fn silent() -> Self {
        Self::new(|_| vec![])
    }

    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    /// How many datagrams it was sent.
    pub(super) fn asked(&self) -> usize {
        self.asked.load(Ordering::Acquire)
    }

    /// Waits until it has been sent this number of datagrams, the last of which may still be on their way.
    pub(super) fn was_asked(&self, times: usize) {
        let begun = Instant::now();
        while self.asked() < times {
            assert!(begun.elapsed() < Duration::from_secs(10), "asked {} times", self.asked());
            thread::sleep(Duration::from_millis(1));
        }
        assert_eq!(self.asked(), times);
    }
}

impl Drop for Fake {
    fn drop(&mut self) {
        self.ended.store(true, Ordering::Release);
        drop(TcpStream::connect(self.address));
        for thread in self.threads.drain(..) {
            let _ = thread.join();
        }
    }
}

/// Sockets of both kinds on one port, which may be taken for one of them.
fn both() -> (UdpSocket, TcpListener) {
    loop {
        let datagrams = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        if let Ok(streams) = TcpListener::bind(datagrams.local_addr().unwrap()) {
            return (datagrams, streams);
        }
    }
}

/// Answers one question; what its answer lacks is waited for until the client or the test ends.
fn serve(mut stream: TcpStream, handler: &Handler, ended: &AtomicBool) {
    let from = stream.peer_addr().unwrap();
    let mut length = [0; 2];
    stream.read_exact(&mut length).unwrap();
    let mut bytes = vec![0; u16::from_be_bytes(length).into()];
    stream.read_exact(&mut bytes).unwrap();
    let answers = handler(&Query::new(&bytes, from, true));
    for answer in &answers {
        let _ = stream.write_all(&(answer.len() as u16).to_be_bytes());
        let _ = stream.write_all(answer);
    }
    if answers.is_empty() {
        stream.set_read_timeout(Some(Duration::from_millis(20))).unwrap();
        while !ended.load(Ordering::Acquire) && !matches!(stream.read(&mut length), Ok(0)) {}
    }
}
