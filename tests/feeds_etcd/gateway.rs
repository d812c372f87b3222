//! A gateway that says what a test has it say.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};

/// What it was asked.
#[derive(Debug, Clone)]
pub(crate) struct Question {
    pub(crate) path: String,
    pub(crate) token: Option<String>,
    pub(crate) body: Value,
    /// How many questions came before.
    pub(crate) number: usize,
}

impl Question {
    /// Whether a watch is to begin.
    pub(crate) fn is_watch(&self) -> bool {
        self.path == "/v3/watch"
    }

    /// Whether it asks if there is anything new.
    pub(crate) fn is_check(&self) -> bool {
        self.body.get("min_mod_revision").is_some()
    }
}

/// What it does.
pub(crate) enum Reply {
    Status(u16, String),
    /// Sends this, as it is, and closes.
    Raw(Vec<u8>),
    /// Sends these lines, and nothing more, until the other end closes.
    Stream(Vec<String>),
    /// Sends these lines, and ends.
    Ends(Vec<String>),
    /// Sends a line without an end.
    Endless,
    /// Nothing, until the other end closes.
    Silence,
}

pub(crate) struct Gateway {
    pub(crate) port: u16,
    asked: Arc<Mutex<Vec<Question>>>,
    open: Arc<Mutex<Vec<TcpStream>>>,
}

impl Gateway {
    /// Answers each question as `reply` says. Its threads end with the test.
    pub(crate) fn new(reply: impl Fn(&Question) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let (asked, open) = (Arc::<Mutex<Vec<_>>>::default(), Arc::<Mutex<Vec<_>>>::default());
        let gateway = Self { port, asked: Arc::clone(&asked), open: Arc::clone(&open) };
        let reply = Arc::new(reply);
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                open.lock().unwrap().extend(stream.try_clone());
                let (asked, reply) = (Arc::clone(&asked), Arc::clone(&reply));
                thread::spawn(move || answer(&stream, &asked, &*reply));
            }
        });
        gateway
    }

    /// The URI of the keys below `u/`.
    pub(crate) fn uri(&self, options: &str) -> String {
        format!("etcd:127.0.0.1:{}/u/#backoff=1ms,max-backoff=20ms{options}", self.port)
    }

    pub(crate) fn asked(&self) -> Vec<Question> {
        self.asked.lock().unwrap().clone()
    }

    /// Closes all connections.
    pub(crate) fn cut(&self) {
        for stream in self.open.lock().unwrap().drain(..) {
            let _ = stream.shutdown(Shutdown::Both);
        }
    }
}

fn answer(
    stream: &TcpStream,
    asked: &Mutex<Vec<Question>>,
    reply: &dyn Fn(&Question) -> Reply,
) -> Option<()> {
    let mut reader = BufReader::new(stream.try_clone().ok()?);
    let (path, token, length) = head(&mut reader)?;
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    let body = serde_json::from_slice(&body).ok()?;
    let question = {
        let mut asked = asked.lock().unwrap();
        let question = Question { path, token, body, number: asked.len() };
        asked.push(question.clone());
        question
    };
    send(stream, reply(&question)).ok()?;
    stream.shutdown(Shutdown::Both).ok()
}

/// Path, token and length of what follows.
fn head(reader: &mut impl BufRead) -> Option<(String, Option<String>, usize)> {
    let mut lines = reader.lines().map_while(Result::ok);
    let path = lines.next()?.split(' ').nth(1)?.to_owned();
    let (mut token, mut length) = (None, 0);
    for line in lines.take_while(|line| !line.is_empty()) {
        let (name, value) = line.split_once(": ")?;
        match name {
            "authorization" => token = Some(value.to_owned()),
            "content-length" => length = value.parse().ok()?,
            _ => {}
        }
    }
    Some((path, token, length))
}

fn send(mut stream: &TcpStream, reply: Reply) -> io::Result<()> {
    let until_closed = |mut stream: &TcpStream| {
        let _ = stream.read(&mut [0]);
        Ok(())
    };
    let mut lines = |lines: Vec<String>| {
        let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
        write!(stream, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")?;
        if text.is_empty() { Ok(()) } else { write!(stream, "{:x}\r\n{text}\r\n", text.len()) }
    };
    match reply {
        Reply::Status(status, text) => {
            write!(stream, "HTTP/1.1 {status} Said\r\nContent-Length: {}\r\n", text.len())?;
            write!(stream, "Connection: close\r\n\r\n{text}")
        }
        Reply::Raw(bytes) => stream.write_all(&bytes),
        Reply::Stream(text) => lines(text).and_then(|()| until_closed(stream)),
        Reply::Ends(text) => lines(text).and_then(|()| stream.write_all(b"0\r\n\r\n")),
        Reply::Endless => {
            write!(stream, "HTTP/1.1 200 OK\r\n\r\n")?;
            loop {
                stream.write_all(&[b'x'; 4096])?;
            }
        }
        Reply::Silence => until_closed(stream),
    }
}

fn base64(text: &str) -> String {
    BASE64_STANDARD.encode(text)
}

fn pair((key, value): (&str, &str), revision: u64) -> Value {
    json!({"key": base64(key), "value": base64(value), "mod_revision": revision.to_string()})
}

/// The answer of a range: these keys, all of them changed at `revision`.
pub(crate) fn whole(revision: u64, pairs: &[(&str, &str)]) -> Reply {
    let kvs: Vec<_> = pairs.iter().map(|said| pair(*said, revision)).collect();
    let header = json!({"revision": revision.to_string()});
    let count = kvs.len().to_string();
    Reply::Status(200, json!({"header": header, "kvs": kvs, "count": count}).to_string())
}

/// The answer of a range that asks for what is new: of `count` keys nothing.
pub(crate) fn nothing_new(count: usize) -> Reply {
    let answer = json!({"header": {"revision": "90"}, "count": count.to_string()});
    Reply::Status(200, answer.to_string())
}

pub(crate) fn created() -> String {
    json!({"result": {"created": true}}).to_string()
}

/// The message that a key has been put.
pub(crate) fn put(key: &str, value: &str, revision: u64) -> String {
    json!({"result": {"events": [{"kv": pair((key, value), revision)}]}}).to_string()
}

/// The message that a key has been deleted.
pub(crate) fn deleted(key: &str, revision: u64) -> String {
    let kv = json!({"key": base64(key), "mod_revision": revision.to_string()});
    json!({"result": {"events": [{"type": "DELETE", "kv": kv}]}}).to_string()
}
