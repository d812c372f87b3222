//! A server that can be killed and revived.
//!
//! It listens on a loopback port, has a thread per connection and one worker: requests that arrive
//! while another is being served wait for it, so a server that gets more than it can do answers
//! later, as real ones do. The work itself is a sleep of random length.

use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use parking_lot::Mutex;
use peerage::policy::Rng;

use crate::acceptor::{Acceptor, Life};
use crate::wire;

pub(crate) struct Server {
    name: String,
    address: SocketAddr,
    service_time: Duration,
    executed: Arc<AtomicU64>,
    acceptor: Option<Acceptor>,
}

/// What the connections of a server share between its start and its death.
struct Work {
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
        let mut server = Self { name, address, service_time, executed, acceptor: None };
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
        self.acceptor = None;
    }

    /// Starts it again on the port it had.
    pub(crate) fn revive(&mut self) -> io::Result<()> {
        self.run(TcpListener::bind(self.address)?)
    }

    fn run(&mut self, listener: TcpListener) -> io::Result<()> {
        let work = Work {
            worker: Mutex::default(),
            service_time: self.service_time,
            executed: Arc::clone(&self.executed),
            rng: Rng::unseeded(),
        };
        let serve = move |stream: &TcpStream, life: &Life| work.serve(stream, life);
        self.acceptor = Some(Acceptor::start(&self.name, listener, serve)?);
        Ok(())
    }
}

impl Work {
    fn serve(&self, mut stream: &TcpStream, life: &Life) -> io::Result<()> {
        stream.set_nodelay(true)?;
        let mut key = vec![];
        loop {
            let number = wire::read_frame(&mut stream, &mut key)?;
            {
                let _working = self.worker.lock();
                if life.has_ended() {
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
}
