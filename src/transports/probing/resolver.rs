//! Addresses of names, on threads of their own, as the system's resolver blocks.
//!
//! A few threads, so that one name whose server is silent does not hold up the others. They are made
//! when there is a question and end when there is none. The system offers no way to end a question: a
//! thread may outlive its transport by as long as the system waits for a name server.

use std::collections::VecDeque;
use std::net::ToSocketAddrs;
use std::sync::Arc;

use super::attempt::Finding;
use super::mail::Order;
use super::peer::ProbeMail;
use crate::sync::Mutex;
use crate::transports::lack::is_of_this_process;

/// How many names are asked for at once.
const THREADS: usize = 4;

struct Question {
    key: usize,
    host: Box<str>,
    port: u16,
}

/// The questions of one prober.
#[derive(Default)]
pub(super) struct Resolver(Arc<Mutex<Queue>>);

#[derive(Default)]
struct Queue {
    questions: VecDeque<Question>,
    threads: usize,
}

impl Resolver {
    /// Asks for the addresses of `host`. The answer comes by mail; if no thread can be had, it is an
    /// error at once.
    pub(super) fn ask(
        &self,
        mail: &Arc<ProbeMail>,
        key: usize,
        host: &str,
        port: u16,
    ) -> Result<(), Finding> {
        let mut queue = self.0.lock();
        queue.questions.push_back(Question { key, host: host.into(), port });
        if queue.threads == THREADS {
            return Ok(());
        }
        queue.threads += 1;
        drop(queue);
        let (shared, post) = (Arc::clone(&self.0), Arc::clone(mail));
        let spawned = mail.spawn("peerage names", move || work(&shared, &post));
        let Err(error) = spawned else { return Ok(()) };
        let mut queue = self.0.lock();
        queue.threads -= 1;
        if queue.threads > 0 {
            return Ok(()); // one of them will ask
        }
        queue.questions.clear();
        Err(Finding::Nothing(format!("no thread to resolve the name: {error}")))
    }
}

impl Drop for Resolver {
    fn drop(&mut self) {
        self.0.lock().questions.clear();
    }
}

fn work(queue: &Mutex<Queue>, mail: &ProbeMail) {
    loop {
        let question = {
            let mut queue = queue.lock();
            let question = queue.questions.pop_front();
            if question.is_none() {
                queue.threads -= 1;
            }
            question
        };
        let Some(Question { key, host, port }) = question else { return };
        let resolved = (&*host, port).to_socket_addrs().map_err(|error| {
            let text = format!("cannot resolve the name: {error}");
            if is_of_this_process(&error) { Finding::Nothing(text) } else { Finding::Bad(text) }
        });
        let addresses = resolved.and_then(|addresses| {
            let addresses: Vec<_> = addresses.collect();
            let none = || Finding::Bad("cannot resolve the name: it has no addresses".into());
            if addresses.is_empty() { Err(none()) } else { Ok(addresses) }
        });
        mail.post(Order::Resolved(key, addresses));
    }
}
