//! What ends a program that goes on by itself: Ctrl-C, a time that is over, a reader that has gone.

use std::thread;
use std::time::{Duration, Instant};

use crate::fault::Fault;

/// How long the main thread has to end by itself after a signal.
const PATIENCE: Duration = Duration::from_secs(1);

/// How often it is looked whether the reader has gone.
const LOOK: Duration = Duration::from_millis(200);

/// Calls `then` at Ctrl-C, SIGTERM and SIGHUP, in a thread of its own.
///
/// The program ends soon in any case: the main thread may be writing to a pipe that is full.
pub(crate) fn at_signal(mut then: impl FnMut() + Send + 'static) -> Result<(), Fault> {
    let heard = move || {
        then();
        thread::sleep(PATIENCE);
        let _ = crossterm::terminal::disable_raw_mode();
        std::process::exit(0);
    };
    ctrlc::set_handler(heard)
        .map_err(|error| Fault::failed(format!("cannot hear signals: {error}")))
}

/// When it is over, if it ends by itself.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Until(Option<Instant>);

impl Until {
    /// After so long; `None`: never.
    pub(crate) fn after(time: Option<Duration>) -> Self {
        Self(time.and_then(|time| Instant::now().checked_add(time)))
    }

    /// How long it still goes on; at most `most`.
    pub(crate) fn left(self, most: Duration) -> Duration {
        let left = self.0.map(|end| end.saturating_duration_since(Instant::now()));
        left.map_or(most, |left| left.min(most))
    }

    pub(crate) fn is_over(self) -> bool {
        self.0.is_some_and(|end| end <= Instant::now())
    }
}

/// Ends the program soon after the reader of standard output has gone, by a thread of its own. Otherwise
/// one that seldom writes would hear of that only at its next line, and one in a terminal that is another
/// session's not at all: such a terminal sends no signal, and crossterm 0.29 reads on without end.
pub(crate) fn end_with_reader() {
    thread::spawn(|| {
        while !reader_has_gone() {
            thread::sleep(LOOK);
        }
        // Keys may come from another terminal than the one that has gone.
        let _ = crossterm::terminal::disable_raw_mode();
        std::process::exit(0);
    });
}

/// Returns whether the reader of standard output has gone: a pipe, a socket or a terminal that is closed at
/// its other end.
#[cfg(unix)]
pub(crate) fn reader_has_gone() -> bool {
    // Elsewhere a hang-up is told unasked; macOS tells nothing to those that ask for nothing.
    let asked = libc::POLLHUP;
    let mut polled = libc::pollfd { fd: libc::STDOUT_FILENO, events: asked, revents: 0 };
    // SAFETY: it is one `pollfd`, as the count says, and lives until the call has returned.
    let ready = unsafe { libc::poll(&raw mut polled, 1, 0) };
    ready > 0 && polled.revents & (libc::POLLERR | libc::POLLHUP) != 0
}

/// Returns whether the reader of standard output has gone: here that is only heard of when it is written to.
#[cfg(not(unix))]
pub(crate) fn reader_has_gone() -> bool {
    false
}
