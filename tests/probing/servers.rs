//! Servers that go down and come back, and answer what a test has them answer.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU16, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// What a server does with a connection.
#[derive(Debug, Clone)]
pub(crate) enum Answer {
    /// Closes it.
    Close,
    /// Says nothing.
    Silence,
    /// This, once a request has come; then it closes it.
    Text(String),
    /// This, a byte every few milliseconds.
    Trickle(String),
}

impl Answer {
    pub(crate) fn status(status: u16) -> Self {
        Self::Text(format!("HTTP/1.1 {status} Reason\r\nContent-Length: 2\r\n\r\nhi"))
    }
}

/// One server, at an address that it keeps.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    shared: Arc<Shared>,
    running: Mutex<Option<JoinHandle<()>>>,
}

struct Shared {
    answer: Mutex<Answer>,
    /// What was asked, in order.
    asked: Mutex<Vec<String>>,
    /// What it has answered to them.
    answered: Mutex<Vec<String>>,
    is_down: AtomicBool,
}

/// An address of this machine that no other server of this process has, so that its port can be taken
/// again. Linux has many of them, and connections come from another one.
fn own_address() -> Ipv4Addr {
    static NEXT: AtomicU16 = AtomicU16::new(1);
    let [high, low] = NEXT.fetch_add(1, Ordering::Relaxed).to_be_bytes();
    if cfg!(target_os = "linux") { Ipv4Addr::new(127, 77, high, low) } else { Ipv4Addr::LOCALHOST }
}

impl Server {
    pub(crate) fn up(answer: Answer) -> Self {
        let listener = TcpListener::bind((own_address(), 0)).expect("an address");
        Self::with(listener, answer)
    }

    pub(crate) fn with(listener: TcpListener, answer: Answer) -> Self {
        let shared = Arc::new(Shared {
            answer: Mutex::new(answer),
            asked: Mutex::default(),
            answered: Mutex::default(),
            is_down: AtomicBool::new(false),
        });
        let address = listener.local_addr().expect("an address");
        let server = Self { address, shared, running: Mutex::default() };
        server.serve(listener);
        server
    }

    /// One whose port nothing listens at.
    pub(crate) fn down() -> Self {
        let server = Self::up(Answer::Close);
        server.go_down();
        server
    }

    pub(crate) fn name(&self) -> String {
        self.address.to_string()
    }

    pub(crate) fn answer(&self, answer: Answer) {
        *self.shared.answer.lock().unwrap() = answer;
    }

    /// What it was asked: an empty text for a connection that it did not read from.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.shared.asked.lock().unwrap().clone()
    }

    /// The answers to that.
    pub(crate) fn answered(&self) -> Vec<String> {
        self.shared.answered.lock().unwrap().clone()
    }

    pub(crate) fn count(&self) -> usize {
        self.shared.asked.lock().unwrap().len()
    }

    pub(crate) fn go_down(&self) {
        let Some(running) = self.running.lock().unwrap().take() else { return };
        self.shared.is_down.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(self.address);
        running.join().unwrap();
    }

    pub(crate) fn come_back(&self) {
        self.shared.is_down.store(false, Ordering::SeqCst);
        self.serve(TcpListener::bind(self.address).expect("its address again"));
    }

    fn serve(&self, listener: TcpListener) {
        let shared = Arc::clone(&self.shared);
        let run = move || {
            let mut open = vec![];
            for stream in listener.incoming() {
                if shared.is_down.load(Ordering::SeqCst) {
                    return;
                }
                let answer = shared.answer.lock().unwrap().clone();
                open.extend(stream.ok().and_then(|stream| shared.serve(stream, &answer)));
            }
        };
        *self.running.lock().unwrap() = Some(thread::spawn(run));
    }
}

impl Shared {
    /// Returns what is to stay open.
    fn serve(&self, mut stream: TcpStream, answer: &Answer) -> Option<TcpStream> {
        let text = match answer {
            Answer::Close | Answer::Silence => {
                self.asked.lock().unwrap().push(String::new());
                return Some(stream).filter(|_| matches!(answer, Answer::Silence));
            }
            Answer::Text(text) | Answer::Trickle(text) => text.clone(),
        };
        stream.set_read_timeout(Some(Duration::from_secs(5))).ok()?;
        let (mut asked, mut byte) = (vec![], [0]);
        while !asked.ends_with(b"\r\n\r\n") && stream.read(&mut byte).is_ok_and(|read| read == 1) {
            asked.push(byte[0]);
        }
        self.asked.lock().unwrap().push(String::from_utf8_lossy(&asked).into());
        self.answered.lock().unwrap().push(text.clone());
        if let Answer::Trickle(_) = answer {
            thread::spawn(move || {
                for byte in text.bytes() {
                    if stream.write_all(&[byte]).is_err() {
                        return;
                    }
                    thread::sleep(Duration::from_millis(20));
                }
            });
        } else {
            let _ = stream.write_all(text.as_bytes());
        }
        None
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.go_down();
    }
}
