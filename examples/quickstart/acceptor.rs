//! The life of a server: it accepts, has a thread for each connection, and can be killed.

use std::collections::HashMap;
use std::io;
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use parking_lot::Mutex;

/// Accepts connections until it is dropped, which closes the listener, shuts every connection down
/// and waits for their threads.
pub(crate) struct Acceptor {
    address: SocketAddr,
    life: Arc<Life>,
    thread: Option<JoinHandle<()>>,
}

/// What the threads share.
#[derive(Default)]
pub(crate) struct Life {
    ended: AtomicBool,
    /// Entered by the acceptor, and shut down by it when it is dropped.
    connections: Mutex<HashMap<u64, Arc<TcpStream>>>,
}

impl Acceptor {
    /// Runs `serve` for every connection, in a thread of its own.
    pub(crate) fn start(
        name: &str,
        listener: TcpListener,
        serve: impl Fn(&TcpStream, &Life) -> io::Result<()> + Send + Sync + 'static,
    ) -> io::Result<Self> {
        let address = listener.local_addr()?;
        let life = Arc::<Life>::default();
        let shared = Arc::clone(&life);
        let thread = thread::Builder::new()
            .name(format!("{name} accept"))
            .spawn(move || shared.accept(listener, serve))?;
        Ok(Self { address, life, thread: Some(thread) })
    }
}

impl Drop for Acceptor {
    fn drop(&mut self) {
        // Release: pairs with the acquire of `has_ended`.
        self.life.ended.store(true, Ordering::Release);
        // `accept` cannot be interrupted, but it returns for one more connection. If this one is
        // refused for a full backlog, others are there to wake it.
        drop(TcpStream::connect(self.address));
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}

impl Life {
    /// Whether the server has been killed.
    pub(crate) fn has_ended(&self) -> bool {
        self.ended.load(Ordering::Acquire)
    }

    /// Ends when all threads of the connections have.
    fn accept(
        &self,
        listener: TcpListener,
        serve: impl Fn(&TcpStream, &Self) -> io::Result<()> + Sync,
    ) {
        let serve = &serve;
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
                let connection = move || {
                    // The end of a connection, expected or not, is an error of the read.
                    let _: io::Result<()> = serve(&stream, self);
                    self.connections.lock().remove(&number);
                };
                if thread::Builder::new().spawn_scoped(scope, connection).is_err() {
                    self.connections.lock().remove(&number);
                }
            }
            drop(listener);
            for connection in self.connections.lock().values() {
                let _ = connection.shutdown(Shutdown::Both);
            }
        });
    }
}
