//! Servers that a test asks the program to look at.

use std::io::{Read, Write};
use std::net::{TcpListener, UdpSocket};
use std::sync::{Arc, Mutex};
use std::thread;

/// A port that is free, and on which nothing listens.
pub(crate) fn closed() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().to_string()
}

/// Something that accepts connections, until it is dropped.
pub(crate) fn open() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    (listener, address)
}

/// What a server answers; a test may change it.
pub(crate) type Answer<T> = Arc<Mutex<T>>;

/// A name server that has these addresses for any name. Returns where it is.
pub(crate) fn names(addresses: &Answer<Vec<[u8; 4]>>) -> String {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    let address = socket.local_addr().unwrap().to_string();
    let addresses = Arc::clone(addresses);
    thread::spawn(move || {
        let mut question = [0; 512];
        while let Ok((length, from)) = socket.recv_from(&mut question) {
            let answer = answer(&question[..length], &addresses.lock().unwrap());
            let _ = socket.send_to(&answer, from);
        }
    });
    address
}

/// RFC 1035, section 4: a header, the question again, and a record for each address.
fn answer(question: &[u8], addresses: &[[u8; 4]]) -> Vec<u8> {
    let end = 12 + question[12..].iter().position(|byte| *byte == 0).unwrap() + 5;
    let is_a = question[end - 4..end - 2] == [0, 1];
    let addresses = if is_a { addresses } else { &[] };
    let mut answer = vec![question[0], question[1], 0x81, 0x80, 0, 1, 0, addresses.len() as u8];
    answer.extend([0; 4]);
    answer.extend(&question[12..end]);
    for address in addresses {
        // The name of the question, A, IN, one second to live, four bytes.
        answer.extend([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 1, 0, 4]);
        answer.extend(address);
    }
    answer
}

/// A server of HTTP that has this text at any path. Returns where it is.
pub(crate) fn pages(text: &Answer<String>) -> String {
    let (listener, address) = open();
    let text = Arc::clone(text);
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut request = [0; 4096];
            let _ = stream.read(&mut request);
            let text = text.lock().unwrap().clone();
            let length = text.len();
            let head = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nConnection: close\r\n";
            let _ = write!(stream, "{head}Content-Length: {length}\r\n\r\n{text}");
        }
    });
    address
}
