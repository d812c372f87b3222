//! Questions at once, from one server after the other.
//!
//! Each question has a socket of its own: its port is one more number that an answer must match, and
//! two questions at once from one port are known to lose one of the answers behind some translators of
//! addresses. All are sent before the first answer is waited for, so that the time of one is the time of
//! all.

use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};
use std::time::{Duration, Instant};

use super::failure::{Failure, Unanswered};
use super::question::{Asked, Question, Reply};
use super::records::Records;
use super::servers::Setup;
use super::slice::{SLICE, is_slice};
use super::stream;
use crate::sources::Stop;

/// How many questions are open at once.
const AT_ONCE: usize = 32;
/// Longer than any datagram that servers are asked to send.
const BUFFER: usize = 4096;

/// What became of a question.
pub(super) type Told = Result<Records, Unanswered>;

/// How the questions of one lookup are asked.
pub(super) struct Exchange<'a> {
    pub(super) setup: &'a Setup,
    /// How many lookups there were before.
    pub(super) turn: usize,
    pub(super) stop: &'a Stop,
}

impl Exchange<'_> {
    /// Asks all of them, and says what became of each, in their order. `None`: it is stopped.
    pub(super) fn ask(&self, questions: &[Question]) -> Option<Vec<Told>> {
        let servers = self.setup.order(self.turn);
        let mut all = vec![];
        for some in questions.chunks(AT_ONCE) {
            let mut told: Vec<Told> = some.iter().map(|_| Err(Unanswered::default())).collect();
            for _ in 0..self.setup.attempts {
                for server in &servers {
                    self.ask_one(*server, some, &mut told);
                    if self.stop.is_stopped() {
                        return None;
                    }
                }
            }
            all.append(&mut told);
        }
        Some(all)
    }

    /// Asks one server what is still open.
    fn ask_one(&self, server: SocketAddr, questions: &[Question], told: &mut [Told]) {
        let timeout = self.setup.timeout;
        let mut sent = vec![];
        for (question, told) in questions.iter().zip(told) {
            let Err(unanswered) = &*told else { continue };
            if !unanswered.is_nothing() && unanswered.may_ask(server) {
                sent.push((Sent::send(server, question), told));
            }
        }
        let deadline = Instant::now() + timeout;
        for (sent, told) in sent {
            let records = sent
                .map_err(|error| Failure::of_socket(&error))
                .and_then(|sent| sent.wait(server, timeout, deadline, self.stop));
            match records {
                Ok(records) => *told = Ok(records),
                Err(failure) => {
                    if let Err(unanswered) = told {
                        unanswered.note(server, failure);
                    }
                }
            }
            if self.stop.is_stopped() {
                return;
            }
        }
    }
}

/// A question on its way.
struct Sent {
    socket: UdpSocket,
    asked: Asked,
}

impl Sent {
    fn send(server: SocketAddr, question: &Question) -> io::Result<Self> {
        let any = match server {
            SocketAddr::V4(_) => SocketAddr::from((Ipv4Addr::UNSPECIFIED, 0)),
            SocketAddr::V6(_) => SocketAddr::from((Ipv6Addr::UNSPECIFIED, 0)),
        };
        let socket = UdpSocket::bind(any)?;
        // From now on the system drops what comes from elsewhere, and says that nothing listens.
        socket.connect(server)?;
        let asked = question.asked(true);
        socket.send(&asked.bytes)?;
        Ok(Self { socket, asked })
    }

    fn wait(
        mut self,
        server: SocketAddr,
        timeout: Duration,
        deadline: Instant,
        stop: &Stop,
    ) -> Result<Records, Failure> {
        let of_socket = |error: io::Error| Failure::of_socket(&error);
        let mut buffer = [0; BUFFER];
        loop {
            // What has come while another question was waited for is read even after its time.
            let left = deadline.saturating_duration_since(Instant::now());
            let slice = left.clamp(Duration::from_millis(1), SLICE);
            self.socket.set_read_timeout(Some(slice)).map_err(of_socket)?;
            match self.socket.recv(&mut buffer) {
                Ok(length) => match self.asked.reply(&buffer[..length]) {
                    Reply::Records(records) => return Ok(records),
                    Reply::Failure(failure) => return Err(failure),
                    Reply::Truncated => return stream::ask(server, &self.asked, timeout, stop),
                    Reply::Plainer => {
                        self.asked = self.asked.question.asked(false);
                        self.socket.send(&self.asked.bytes).map_err(of_socket)?;
                    }
                    Reply::Stray => {}
                },
                Err(error) if is_slice(&error) => {}
                Err(error) => return Err(of_socket(error)),
            }
            if stop.is_stopped() || left.is_zero() {
                return Err(Failure::Silent(timeout));
            }
        }
    }
}
