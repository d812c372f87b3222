//! A server on loopback that does with each request what the test says.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

/// What becomes of a request.
#[derive(Debug, Clone)]
pub(crate) enum Do {
    /// Status and body.
    Answer(u16, &'static str),
    /// The head as it is, blank line and all.
    Raw(&'static str),
    /// Reads the request, and closes the connection.
    Close,
    /// Reads the request, and says nothing.
    Hang,
}

#[derive(Clone)]
pub(crate) struct Server {
    pub(crate) address: String,
    state: Arc<State>,
}

struct State {
    what: Mutex<Do>,
    heads: Mutex<Vec<String>>,
    connections: AtomicUsize,
}

pub(crate) fn server(what: Do) -> Server {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let (heads, connections) = (Mutex::default(), AtomicUsize::new(0));
    let state = Arc::new(State { what: Mutex::new(what), heads, connections });
    let shared = Arc::clone(&state);
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            shared.connections.fetch_add(1, Ordering::SeqCst);
            let state = Arc::clone(&shared);
            thread::spawn(move || state.serve(&stream));
        }
    });
    Server { address, state }
}

/// An address at which nothing listens.
pub(crate) fn nowhere() -> String {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string()
}

impl Server {
    pub(crate) fn set(&self, what: Do) {
        *self.state.what.lock().unwrap() = what;
    }

    /// The requests so far, heads and bodies.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.state.heads.lock().unwrap().clone()
    }

    pub(crate) fn connections(&self) -> usize {
        self.state.connections.load(Ordering::SeqCst)
    }
}

impl State {
    fn serve(&self, mut stream: &TcpStream) {
        let mut reader = BufReader::new(stream.try_clone().unwrap());
        while let Some(request) = read(&mut reader) {
            self.heads.lock().unwrap().push(request);
            let what = self.what.lock().unwrap().clone();
            let answer = match what {
                Do::Answer(status, body) => {
                    format!("HTTP/1.1 {status} -\r\nContent-Length: {}\r\n\r\n{body}", body.len())
                }
                Do::Raw(answer) => answer.to_owned(),
                Do::Close => return,
                Do::Hang => {
                    // Until the client has given up.
                    let _ = stream.read(&mut [0]);
                    return;
                }
            };
            if stream.write_all(answer.as_bytes()).is_err() {
                return;
            }
        }
    }
}

fn read(from: &mut impl BufRead) -> Option<String> {
    let (mut request, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        if from.read_line(&mut line).ok()? == 0 {
            return None;
        }
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
        request += &line;
        if line == "\r\n" {
            break;
        }
    }
    let mut body = vec![0; length];
    from.read_exact(&mut body).ok()?;
    Some(request + &String::from_utf8(body).unwrap())
}
