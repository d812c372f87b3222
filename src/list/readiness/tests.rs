//! Both kinds of descriptor, on every system that has them.

use std::os::fd::{AsRawFd, RawFd};

fn is_readable(fd: RawFd) -> bool {
    let mut watched = libc::pollfd { fd, events: libc::POLLIN, revents: 0 };
    // SAFETY: one entry, which is `watched`.
    let found = unsafe { libc::poll(&raw mut watched, 1, 0) };
    assert!(found == 0 || watched.revents == libc::POLLIN, "{found}, {}", watched.revents);
    found == 1
}

fn has_flags(fd: RawFd) {
    // SAFETY: no pointers.
    let (of_fd, of_file) =
        unsafe { (libc::fcntl(fd, libc::F_GETFD), libc::fcntl(fd, libc::F_GETFL)) };
    assert_eq!(of_fd & libc::FD_CLOEXEC, libc::FD_CLOEXEC, "a program that is run has it not");
    assert_eq!(of_file & libc::O_NONBLOCK, libc::O_NONBLOCK, "it never blocks");
}

/// The types of the kinds are alike in shape and share no trait.
macro_rules! shows_a_level {
    ($name:ident, $signal:ty) => {
        #[test]
        #[cfg_attr(miri, ignore = "it has no poll")]
        fn $name() {
            let signal = <$signal>::new().expect("a descriptor");
            let fd = signal.readable.as_raw_fd();
            has_flags(fd);
            assert!(!is_readable(fd));
            for _ in 0..3 {
                signal.set(true);
                assert!(is_readable(fd) && is_readable(fd), "it stays until it is reset");
                signal.set(false);
                assert!(!is_readable(fd));
            }
            // It was not readable, so there is nothing to take: that does not block.
            signal.set(false);
            assert!(!is_readable(fd));
            signal.set(true);
            assert!(is_readable(fd));
        }
    };
}

#[cfg(any(target_os = "linux", target_os = "android"))]
shows_a_level!(an_eventfd_shows_a_level, super::eventfd::Signal);
shows_a_level!(a_pipe_shows_a_level, super::pipe::Signal);
