//! An HTTP server for one client at a time, which is what Prometheus is.

use std::io::{self, BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use peerage::{Chooser, MetricsFormat, MetricsOptions, metrics_text};

/// How long a client may take.
const PATIENCE: Duration = Duration::from_secs(5);
/// How many bytes of a request are read.
const LONGEST: u64 = 16 * 1024;

/// Answers for ever.
pub(crate) fn serve(listener: &TcpListener, choosers: &[Arc<dyn Chooser>]) {
    for client in listener.incoming() {
        if let Err(error) = client.and_then(|client| answer(&client, choosers)) {
            eprintln!("a client was not answered: {error}");
        }
    }
}

fn answer(mut client: &TcpStream, choosers: &[Arc<dyn Chooser>]) -> io::Result<()> {
    client.set_read_timeout(Some(PATIENCE))?;
    client.set_write_timeout(Some(PATIENCE))?;
    let mut lines = BufReader::new(io::Read::take(client, LONGEST)).lines();
    let first = lines.next().transpose()?.unwrap_or_default();
    let mut accept = String::new();
    for line in lines {
        let line = line?;
        match line.split_once(':') {
            Some((key, value)) if key.eq_ignore_ascii_case("accept") => accept = value.to_owned(),
            Some(_) => {}
            None => break,
        }
    }
    let target = first.split(' ').nth(1).unwrap_or_default();
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    if path != "/metrics" {
        return client.write_all(
            b"HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
        );
    }
    let asks = |word: &str| query.split('&').any(|part| part.split('=').next() == Some(word));
    // A client that takes both gets OpenMetrics, unless it asks for the other.
    let format = match MetricsFormat::accepted(&accept) {
        MetricsFormat::OpenMetrics if asks("plain") => MetricsFormat::Prometheus,
        format => format,
    };
    let options = MetricsOptions::new().with_format(format).with_peers(asks("peers"));
    let text = metrics_text(choosers.iter().map(|chooser| &**chooser), options);
    let (kind, length) = (format.content_type(), text.len());
    write!(
        client,
        "HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{text}"
    )
}
