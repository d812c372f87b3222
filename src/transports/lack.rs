//! What a failed connection does not say of its peer.

use std::io;

/// Whether it is this process or machine that lacks something: descriptors, memory, buffers.
///
/// Not when there is no free port for another connection to the peer: requests then cannot be sent to
/// it either.
pub(super) fn is_of_this_process(error: &io::Error) -> bool {
    #[cfg(unix)]
    let ours = [libc::EMFILE, libc::ENFILE, libc::ENOBUFS, libc::ENOMEM, libc::EAGAIN];
    // WSAEMFILE, WSAENOBUFS.
    #[cfg(not(unix))]
    let ours = [10_024, 10_055];
    error.kind() == io::ErrorKind::OutOfMemory
        || error.raw_os_error().is_some_and(|code| ours.contains(&code))
}
