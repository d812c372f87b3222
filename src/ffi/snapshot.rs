//! What a chooser looks like peer by peer, for status pages.

use super::chooser::peerage_chooser;
use super::introspect::{PEERAGE_STATE_IDLE, number_of, peerage_state};
use super::snapshot_peer::{Row, peerage_snapshot_peer};
use super::status::{PEERAGE_ERR_NOT_FOUND, PEERAGE_ERR_NULL_POINTER, peerage_status};
use super::types::write_sized;
use super::{checked, guarded, hold};
use crate::State;

/// A chooser at one moment, in the order of the identifiers.
pub struct peerage_snapshot {
    state: State,
    peers: Vec<Row>,
}

/// Writes a snapshot of the chooser's peers to `out`.
///
/// Ownership: `out` is the caller's, for peerage_snapshot_free
/// Threads: any
/// Blocks: never
/// Calls back: drop of the data of a peer that is being released and that nothing else keeps
/// Errors: NULL_POINTER
/// Since: 0.1
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn peerage_chooser_snapshot(
    chooser: *const peerage_chooser,
    out: *mut *mut peerage_snapshot,
) -> peerage_status {
    checked(|| {
        // SAFETY: pointers as the header demands.
        let chooser = unsafe { hold(chooser) }?;
        if out.is_null() {
            return Err(PEERAGE_ERR_NULL_POINTER);
        }
        let peers = chooser.kind.peers_now().into_iter().map(Row::new).collect();
        let snapshot = peerage_snapshot { state: chooser.kind.state(), peers };
        // SAFETY: as above.
        unsafe { out.write(Box::into_raw(Box::new(snapshot))) };
        Ok(())
    })
}

/// Returns how many peers a snapshot has.
///
/// Ownership: borrows `snapshot`
/// Threads: any
/// Blocks: never
/// Calls back: none
/// Errors: none; 0 for `NULL`
/// Since: 0.1
#[unsafe(no_mangle)]
pub unsafe extern "C" fn peerage_snapshot_len(snapshot: *const peerage_snapshot) -> usize {
    // SAFETY: `NULL` or a live snapshot.
    unsafe { snapshot.as_ref() }.map_or(0, |snapshot| snapshot.peers.len())
}

/// Returns the state that the chooser was in, one of `PEERAGE_STATE_*`.
///
/// Ownership: borrows `snapshot`
/// Threads: any
/// Blocks: never
/// Calls back: none
/// Errors: none; `PEERAGE_STATE_IDLE` for `NULL`
/// Since: 0.1
#[unsafe(no_mangle)]
pub unsafe extern "C" fn peerage_snapshot_state(
    snapshot: *const peerage_snapshot,
) -> peerage_state {
    // SAFETY: `NULL` or a live snapshot.
    let snapshot = unsafe { snapshot.as_ref() };
    snapshot.map_or(PEERAGE_STATE_IDLE, |snapshot| number_of(snapshot.state))
}

/// Writes the peer at `index` of a snapshot to `out`: as many bytes as `size` says, so that the
/// struct can grow.
///
/// Ownership: the texts and the peer are borrowed from `snapshot`
/// Threads: any
/// Blocks: never
/// Calls back: none
/// Errors: NULL_POINTER, NOT_FOUND (`index` is beyond the last), INVALID_ARGUMENT (`size` is 0 or absurd)
/// Since: 0.1
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn peerage_snapshot_get(
    snapshot: *const peerage_snapshot,
    index: usize,
    out: *mut peerage_snapshot_peer,
    size: usize,
) -> peerage_status {
    checked(|| {
        // SAFETY: pointers as the header demands.
        let snapshot = unsafe { snapshot.as_ref() }.ok_or(PEERAGE_ERR_NULL_POINTER)?;
        let peer = snapshot.peers.get(index).ok_or(PEERAGE_ERR_NOT_FOUND)?.lend();
        // SAFETY: as above.
        unsafe { write_sized(out, size, &peer) }
    })
}

/// Frees a snapshot. `NULL` does nothing.
///
/// Ownership: consumes `snapshot`
/// Threads: any
/// Blocks: never
/// Calls back: drop of the data of a peer that was released and that nothing else keeps
/// Errors: none
/// Since: 0.1
#[unsafe(no_mangle)]
pub unsafe extern "C" fn peerage_snapshot_free(snapshot: *mut peerage_snapshot) {
    if !snapshot.is_null() {
        // SAFETY: made by `peerage_chooser_snapshot`, and freed once.
        guarded((), || drop(unsafe { Box::from_raw(snapshot) }));
    }
}
