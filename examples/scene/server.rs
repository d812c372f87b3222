//! A server of the scene: HTTP on a loopback port, two workers, and a part to play.

use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use parking_lot::{Condvar, Mutex};
use peerage::policy::Rng;
use peerage::transports::pool::is_quiet;

use crate::acceptor::{Acceptor, Life};
use crate::http;
use crate::part::{Part, Stage, WORKERS};

pub(crate) struct Server {
    pub(crate) part: Part,
    pub(crate) address: SocketAddr,
    work: Arc<Work>,
    acceptor: Option<Acceptor>,
}

struct Work {
    part: Part,
    stage: Arc<Stage>,
    /// When requests came: also those that fail or are given up.
    received: Mutex<Vec<Duration>>,
    free: Mutex<usize>,
    freed: Condvar,
    rng: Rng,
}

impl Server {
    pub(crate) fn start(part: Part, stage: Arc<Stage>) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let address = listener.local_addr()?;
        let (received, freed, rng) = Default::default();
        let free = Mutex::new(WORKERS);
        let work = Arc::new(Work { part, stage, received, free, freed, rng });
        let mut server = Self { part, address, work, acceptor: None };
        server.run(listener)?;
        Ok(server)
    }

    /// Closes the listener and shuts every connection down.
    pub(crate) fn kill(&mut self) {
        self.acceptor = None;
    }

    /// Starts it again on the port it had.
    pub(crate) fn revive(&mut self) -> io::Result<()> {
        self.run(TcpListener::bind(self.address)?)
    }

    /// When requests came to it, in this order.
    pub(crate) fn received(&self) -> Vec<Duration> {
        self.work.received.lock().clone()
    }

    fn run(&mut self, listener: TcpListener) -> io::Result<()> {
        let work = Arc::clone(&self.work);
        let serve = move |stream: &TcpStream, life: &Life| work.serve(stream, life);
        self.acceptor = Some(Acceptor::start(&self.address.to_string(), listener, serve)?);
        Ok(())
    }
}

impl Work {
    fn serve(&self, mut stream: &TcpStream, life: &Life) -> io::Result<()> {
        stream.set_nodelay(true)?;
        while http::read_request(&mut stream)?.is_some() {
            self.received.lock().push(self.stage.now());
            let status = if self.stage.fails(self.part) {
                503
            } else {
                self.begin();
                // What was given up while it waited is not worked on: its client has closed.
                let wanted = !life.has_ended() && is_quiet(stream);
                if wanted {
                    thread::sleep(self.draw());
                }
                self.end();
                if !wanted {
                    return Ok(());
                }
                200
            };
            http::write_answer(&mut stream, status)?;
        }
        Ok(())
    }

    /// Waits for a worker.
    fn begin(&self) {
        let mut free = self.free.lock();
        self.freed.wait_while(&mut free, |free| *free == 0);
        *free -= 1;
    }

    fn end(&self) {
        *self.free.lock() += 1;
        self.freed.notify_one();
    }

    /// From half of the mean to one and a half.
    fn draw(&self) -> Duration {
        let mean = self.part.service();
        mean / 2 + mean * self.rng.below(1001) as u32 / 1000
    }
}
