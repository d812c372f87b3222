//! What is shown, and when it changes.

use std::io;
use std::os::fd::{AsFd, BorrowedFd};
use std::sync::OnceLock;

use super::Signal;
use crate::list::peer_list::PeerList;
use crate::policy::Policy;
use crate::sync::Mutex;

/// What a list shows to event loops.
pub(in crate::list) struct Readiness {
    shown: OnceLock<Shown>,
    /// Held while the descriptor is made, so that it is made once.
    making: Mutex<()>,
}

struct Shown {
    signal: Signal,
    /// Whether the descriptor is readable.
    level: Mutex<bool>,
}

impl Readiness {
    pub(in crate::list) fn new() -> Self {
        Self { shown: OnceLock::new(), making: Mutex::new(()) }
    }

    /// Shows what `is_ready` sees, if a program looks at the descriptor. It is asked under the mutex
    /// of the level.
    #[inline]
    pub(in crate::list) fn show(&self, is_ready: impl FnOnce() -> bool) {
        if let Some(shown) = self.shown.get() {
            shown.show(is_ready);
        }
    }
}

impl Shown {
    #[cold]
    #[inline(never)]
    fn show(&self, is_ready: impl FnOnce() -> bool) {
        let mut level = self.level.lock();
        let ready = is_ready();
        if ready != *level {
            self.signal.set(ready);
            *level = ready;
        }
    }
}

impl<P: Policy> PeerList<P> {
    /// A descriptor that is readable while a peer can be chosen, and for good when the list has
    /// stopped: for `epoll`, `poll`, and what is built on them. Made by the first call.
    ///
    /// It says that a peer is available, not that it will do for every request: one that is avoided,
    /// at its capacity, or not the one that a key names. For those there are
    /// [notices](crate::Chooser::notify_ready). Only look at it: do not read, write or close it.
    ///
    /// Blocks never; calls nothing back.
    ///
    /// ```
    /// use std::os::fd::AsRawFd;
    /// use peerage::policy::RoundRobin;
    /// use peerage::transports::Always;
    /// use peerage::{Lifecycle, List, ListOptions, ListUpdates, PeerList};
    ///
    /// let list = PeerList::new(RoundRobin::new(), Always::new(), ListOptions::new());
    /// let fd = list.ready_fd()?.as_raw_fd();
    /// let readable = || {
    ///     let mut poll = libc::pollfd { fd, events: libc::POLLIN, revents: 0 };
    ///     unsafe { libc::poll(&mut poll, 1, 0) == 1 }
    /// };
    /// list.start()?;
    /// assert!(!readable());
    /// list.update(ListUpdates::adding(["10.0.0.1:80"]))?;
    /// assert!(readable());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The system has no descriptor to give.
    pub fn ready_fd(&self) -> io::Result<BorrowedFd<'_>> {
        let shared = &self.core.shared;
        let readiness = &shared.readiness;
        if readiness.shown.get().is_none() {
            let _making = readiness.making.lock();
            if readiness.shown.get().is_none() {
                let shown = Shown { signal: Signal::new()?, level: Mutex::new(false) };
                // Made once: the mutex is held.
                let _ = readiness.shown.set(shown);
            }
        }
        // What has changed before the descriptor was there. A thread that has found none has made its
        // change under one of these mutexes, or the gate's, before this thread had it, so it is seen
        // now; one that has them later finds the descriptor.
        drop(shared.membership.lock());
        shared.roster.while_still(|| ());
        shared.show_readiness();
        let shown = readiness.shown.get().expect("it has been made");
        Ok(shown.signal.readable.as_fd())
    }
}
