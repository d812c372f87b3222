//! A server of a test's own, on std's sockets: what it answers is up to the test, and need not be HTTP.

use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

type Answer = Arc<dyn Fn(&str, &mut TcpStream) -> io::Result<()> + Send + Sync>;

/// Ends with it.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    shared: Arc<Shared>,
}

struct Shared {
    requests: Mutex<Vec<String>>,
    answer: Mutex<Answer>,
    connections: AtomicUsize,
    over: AtomicBool,
}

impl Server {
    /// Answers each request, of which it is given the head, by what `answer` writes.
    pub(crate) fn new(
        answer: impl Fn(&str, &mut TcpStream) -> io::Result<()> + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Arc::new(Shared {
            requests: Mutex::default(),
            answer: Mutex::new(Arc::new(answer)),
            connections: AtomicUsize::new(0),
            over: AtomicBool::new(false),
        });
        let at_work = Arc::clone(&shared);
        thread::spawn(move || {
            for stream in listener.incoming() {
                if at_work.over.load(Ordering::Acquire) {
                    return;
                }
                let shared = Arc::clone(&at_work);
                let stream = stream.unwrap();
                shared.connections.fetch_add(1, Ordering::AcqRel);
                thread::spawn(move || {
                    let _ = shared.serve(stream);
                    shared.connections.fetch_sub(1, Ordering::AcqRel);
                });
            }
        });
        Self { address, shared }
    }

    /// One that always answers the same.
    pub(crate) fn saying(answer: impl Into<Vec<u8>>) -> Self {
        Self::new(says(answer))
    }

    /// Answers otherwise from now on.
    pub(crate) fn answers(
        &self,
        answer: impl Fn(&str, &mut TcpStream) -> io::Result<()> + Send + Sync + 'static,
    ) {
        *self.shared.answer.lock().unwrap() = Arc::new(answer);
    }

    /// The heads of the requests so far.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.shared.requests.lock().unwrap().clone()
    }

    /// How many clients are connected.
    pub(crate) fn connections(&self) -> usize {
        self.shared.connections.load(Ordering::Acquire)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.shared.over.store(true, Ordering::Release);
        let _ = TcpStream::connect(self.address);
    }
}

impl Shared {
    fn serve(&self, mut stream: TcpStream) -> io::Result<()> {
        loop {
            let mut head = vec![];
            while !head.ends_with(b"\r\n\r\n") {
                let mut byte = [0];
                stream.read_exact(&mut byte)?;
                head.push(byte[0]);
            }
            let head = String::from_utf8_lossy(&head).into_owned();
            self.requests.lock().unwrap().push(head.clone());
            let answer = Arc::clone(&self.answer.lock().unwrap());
            answer(&head, &mut stream)?;
        }
    }
}

/// Answers always the same, and keeps the connection.
pub(crate) fn says(
    answer: impl Into<Vec<u8>>,
) -> impl Fn(&str, &mut TcpStream) -> io::Result<()> + Send + Sync + 'static {
    let answer = answer.into();
    move |_, stream| stream.write_all(&answer)
}

/// Answers always the same, and ends the connection.
pub(crate) fn says_and_ends(
    answer: impl Into<Vec<u8>>,
) -> impl Fn(&str, &mut TcpStream) -> io::Result<()> + Send + Sync + 'static {
    let answer = answer.into();
    move |_, stream| {
        stream.write_all(&answer)?;
        stream.shutdown(Shutdown::Both)
    }
}

/// A page as it should be. `headers` are lines with their ends.
pub(crate) fn page(headers: &str, body: &str) -> String {
    format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n{headers}\r\n{body}", body.len())
}

/// What a request says under a header's name.
pub(crate) fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    let mut headers = head.lines().filter_map(|line| line.split_once(": "));
    headers.find(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value)
}
