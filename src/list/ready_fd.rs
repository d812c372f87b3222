//! The descriptor of a list, as programs ask for it.

use std::io;
use std::os::fd::BorrowedFd;

use super::peer_list::PeerList;
use crate::policy::Policy;

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
        shared.readiness.fd(|| {
            // A thread that has found no descriptor has made its change under one of these mutexes,
            // or the gate's, before this thread had it, so it is seen now; one that has them later
            // finds the descriptor.
            drop(shared.membership.lock());
            shared.roster.while_still(|| ());
            shared.show_readiness();
        })
    }
}
