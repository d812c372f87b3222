//! The descriptor where the system has eventfd: one, with a counter behind it.

use std::io;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};

/// A descriptor that is readable or not.
pub(super) struct Signal {
    pub(super) readable: OwnedFd,
}

impl Signal {
    pub(super) fn new() -> io::Result<Self> {
        // SAFETY: no pointers.
        let fd = unsafe { libc::eventfd(0, libc::EFD_CLOEXEC | libc::EFD_NONBLOCK) };
        if fd < 0 {
            return Err(io::Error::last_os_error());
        }
        // SAFETY: it was just made, and belongs to no other object.
        Ok(Self { readable: unsafe { OwnedFd::from_raw_fd(fd) } })
    }

    /// Makes it readable, or not: the level has changed.
    pub(super) fn set(&self, readable: bool) {
        let (fd, mut number) = (self.readable.as_raw_fd(), 1_u64);
        let at = (&raw mut number).cast();
        // What can fail is a counter that is full, or empty: then the level is right already.
        if readable {
            // SAFETY: eight bytes to read from.
            let _ = unsafe { libc::write(fd, at, 8) };
        } else {
            // SAFETY: eight bytes to write to.
            let _ = unsafe { libc::read(fd, at, 8) };
        }
    }
}
