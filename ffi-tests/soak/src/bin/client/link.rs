//! A connection, and what is said on it.

use std::collections::HashMap;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// How long a connection or an answer may take.
const LIMIT: Duration = Duration::from_millis(80);

/// How a request went.
pub(crate) enum Answer {
    /// It was answered by a server with so many requests in flight.
    Well(u32),
    /// It was refused.
    Busy,
    /// The server has failed.
    Error,
    /// There is no connection, or no answer in time.
    Lost,
}

/// The connections of one thread, by server. One on which anything goes wrong is closed.
#[derive(Default)]
pub(crate) struct Links(HashMap<String, TcpStream>);

impl Links {
    /// Sends a request and waits for the answer.
    pub(crate) fn ask(&mut self, server: &str, client: u32) -> Answer {
        let Some(mut link) = self.take(server) else { return Answer::Lost };
        let Some(line) = exchange(&mut link, client) else { return Answer::Lost };
        self.0.insert(server.to_owned(), link);
        match line.trim_end().split_once(' ') {
            Some(("ok", in_flight)) => Answer::Well(in_flight.parse().expect("a number")),
            None if line == "busy\n" => Answer::Busy,
            _ => Answer::Error,
        }
    }

    /// Sends a request, and closes the connection without waiting.
    pub(crate) fn give_up(&mut self, server: &str, client: u32) {
        if let Some(mut link) = self.take(server) {
            let _ = link.write_all(format!("{client}\n").as_bytes());
        }
    }

    fn take(&mut self, server: &str) -> Option<TcpStream> {
        self.0.remove(server).or_else(|| {
            let link = TcpStream::connect_timeout(&server.parse().ok()?, LIMIT).ok()?;
            link.set_nodelay(true).ok()?;
            link.set_read_timeout(Some(LIMIT)).ok()?;
            link.set_write_timeout(Some(LIMIT)).ok()?;
            Some(link)
        })
    }
}

/// The answer with its line end.
fn exchange(link: &mut TcpStream, client: u32) -> Option<String> {
    link.write_all(format!("{client}\n").as_bytes()).ok()?;
    let mut line = [0; 32];
    let mut has = 0;
    while !line[..has].ends_with(b"\n") {
        match link.read(&mut line[has..]).ok()? {
            0 => return None,
            more => has += more,
        }
    }
    String::from_utf8(line[..has].to_vec()).ok()
}
