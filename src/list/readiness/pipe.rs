//! The descriptor where the system has no eventfd: the end of a pipe with one byte in it, or none.

use std::io;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};

/// A descriptor that is readable or not.
pub(super) struct Signal {
    pub(super) readable: OwnedFd,
    /// The other end of the pipe.
    writable: OwnedFd,
}

impl Signal {
    pub(super) fn new() -> io::Result<Self> {
        let mut ends = [0; 2];
        // SAFETY: room for two descriptors.
        if unsafe { libc::pipe(ends.as_mut_ptr()) } < 0 {
            return Err(io::Error::last_os_error());
        }
        // SAFETY: they were just made, and belong to no other object.
        let [readable, writable] = ends.map(|fd| unsafe { OwnedFd::from_raw_fd(fd) });
        let signal = Self { readable, writable };
        for fd in [&signal.readable, &signal.writable] {
            let fd = fd.as_raw_fd();
            // SAFETY: no pointers.
            let set = unsafe {
                libc::fcntl(fd, libc::F_SETFD, libc::FD_CLOEXEC) >= 0
                    && libc::fcntl(fd, libc::F_SETFL, libc::O_NONBLOCK) >= 0
            };
            if !set {
                return Err(io::Error::last_os_error());
            }
        }
        Ok(signal)
    }

    /// Makes it readable, or not: the level has changed.
    pub(super) fn set(&self, readable: bool) {
        let mut byte = 0_u8;
        let at = (&raw mut byte).cast();
        // What can fail is a pipe that is full, or empty: then the level is right already.
        if readable {
            // SAFETY: a byte to read from.
            let _ = unsafe { libc::write(self.writable.as_raw_fd(), at, 1) };
        } else {
            // SAFETY: a byte to write to.
            let _ = unsafe { libc::read(self.readable.as_raw_fd(), at, 1) };
        }
    }
}
