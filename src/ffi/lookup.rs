//! From the name of a peer to the peer.

use std::sync::Arc;

use super::chooser::peerage_chooser;
use super::peer::peerage_peer;
use super::status::{PEERAGE_ERR_NOT_IN_LIST, PEERAGE_ERR_NULL_POINTER, peerage_status};
use super::types::peerage_str;
use super::{checked, hold};

/// Looks a peer up by its identifier, and writes a new reference to it to `out`: to read its data or
/// to report on it without a table of one's own.
///
/// It takes a lock that updates take too, so not for each request: a pick has its peer.
///
/// Ownership: `id` is borrowed for the call; `out` is the caller's, for peerage_peer_unref
/// Threads: any
/// Blocks: never
/// Calls back: none
/// Errors: NULL_POINTER, INVALID_UTF8, INVALID_ARGUMENT (`id` has a NUL), NOT_IN_LIST (it is not in the list, or the chooser does not run)
/// Since: 0.1
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn peerage_chooser_peer(
    chooser: *const peerage_chooser,
    id: peerage_str,
    out: *mut *const peerage_peer,
) -> peerage_status {
    checked(|| {
        // SAFETY: pointers as the header demands.
        let chooser = unsafe { hold(chooser) }?;
        if out.is_null() {
            return Err(PEERAGE_ERR_NULL_POINTER);
        }
        // SAFETY: as above.
        let id = unsafe { id.name() }?;
        let peer = chooser.kind.peer(id).and_then(peerage_peer::of);
        // SAFETY: as above.
        unsafe { out.write(Arc::into_raw(peer.ok_or(PEERAGE_ERR_NOT_IN_LIST)?)) };
        Ok(())
    })
}
