//! A server that can be killed and revived.
//!
//! It listens on a loopback port, has a thread per connection and one worker: requests that arrive
//! while another is being served wait for it, so a server that gets more than it can do answers
//! later, as real ones do. The work itself is a sleep of random length.

use std::collections::HashMap;
use std::io;
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use parking_lot::Mutex;
use peerage::policy::Rng;

use crate::wire;

pub(crate) struct Server {
    name: String,
    address: SocketAddr,
    service_time: Duration,
    executed: Arc<AtomicU64>,
    life: Option<(Arc<Life>, JoinHandle<()>)>,
}

/// What the threads of a server share between its start and its death.
struct Life {
    ended: AtomicBool,
    /// Entered by the acceptor, and shut down by it when the server is killed.
    connections: Mutex<HashMap<u64, Arc<TcpStream>>>,
    worker: Mutex<()>,
    service_time: Duration,
    executed: Arc<AtomicU64>,
    rng: Rng,
}

impl Server {
    /// Starts a server on a free port. `service_time` is the mean; single requests take from half
    /// of it to one and a half.
    pub(crate) fn start(name: String, service_time: Duration) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let address = listener.local_addr()?;
        let executed = Arc::default();
        let mut server = Self { name, address, service_time, executed, life: None };
        server.run(listener)?;
        Ok(server)
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn address(&self) -> String {
        self.address.to_string()
    }

    pub(crate) fn port(&self) -> u16 {
        self.address.port()
    }

    /// The mean.
    pub(crate) fn service_time(&self) -> Duration {
        self.service_time
    }

    /// How many requests it has executed, in all its lives.
    pub(crate) fn executed(&self) -> u64 {
        self.executed.load(Ordering::Relaxed)
    }

    /// Closes the listener and shuts every connection down, whatever is being served.
    pub(crate) fn kill(&mut self) {
        let Some((life, acceptor)) = self.life.take() else { return };
        life.ended.store(true, Ordering::Release);
        // `accept` cannot be interrupted, but it returns for one more connection. If this one is
        // refused for a full backlog, others are there to wake it.
        drop(TcpStream::connect(self.address));
        drop(acceptor.join());
    }

    /// Starts it again on the port it had.
    pub(crate) fn revive(&mut self) -> io::Result<()> {
        self.run(TcpListener::bind(self.address)?)
    }

    fn run(&mut self, listener: TcpListener) -> io::Result<()> {
        let life = Arc::new(Life {
            ended: AtomicBool::new(false),
            connections: Mutex::default(),
            worker: Mutex::default(),
            service_time: self.service_time,
            executed: Arc::clone(&self.executed),
            rng: Rng::unseeded(),
        });
        let shared = Arc::clone(&life);
        let acceptor = thread::Builder::new()
            .name(format!("{} accept", self.name))
            .spawn(move || shared.accept(listener))?;
        self.life = Some((life, acceptor));
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}

impl Life {
    /// Ends when all threads of the connections have.
    fn accept(&self, listener: TcpListener) {
        thread::scope(|scope| {
            for number in 0.. {
                let accepted = listener.accept();
                if self.has_ended() {
                    break;
                }
                // Out of file descriptors or the like: the client will notice, and come back.
                let Ok((stream, _)) = accepted else {
                    thread::sleep(Duration::from_millis(10));
                    continue;
                };
                let stream = Arc::new(stream);
                self.connections.lock().insert(number, Arc::clone(&stream));
                let serve = move || {
                    // The end of a connection, expected or not, is an error of the read.
                    let _: io::Result<()> = self.serve(&stream);
                    self.connections.lock().remove(&number);
                };
                if thread::Builder::new().spawn_scoped(scope, serve).is_err() {
                    self.connections.lock().remove(&number);
                }
            }
            drop(listener);
            for connection in self.connections.lock().values() {
                let _ = connection.shutdown(Shutdown::Both);
            }
        });
    }

    fn serve(&self, mut stream: &TcpStream) -> io::Result<()> {
        stream.set_nodelay(true)?;
        let mut key = vec![];
        loop {
            let number = wire::read_frame(&mut stream, &mut key)?;
            {
                let _working = self.worker.lock();
                if self.has_ended() {
                    return Ok(());
                }
                thread::sleep(self.draw());
                self.executed.fetch_add(1, Ordering::Relaxed);
            }
            wire::write_frame(&mut stream, number, &[])?;
        }
    }

    fn draw(&self) -> Duration {
        self.service_time / 2 + self.service_time * self.rng.below(1001) as u32 / 1000
    }

    fn has_ended(&self) -> bool {
        self.ended.load(Ordering::Acquire)
    }
}
