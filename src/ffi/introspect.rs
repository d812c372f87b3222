//! What a chooser looks like, for metrics and status pages.

use std::ffi::c_char;
use std::mem::size_of;
use std::ptr;

use super::chooser::peerage_chooser;
use super::status::{
    PEERAGE_ERR_INVALID_ARGUMENT, PEERAGE_ERR_NOT_FOUND, PEERAGE_ERR_NULL_POINTER, peerage_status,
};
use super::types::{Text, peerage_str};
use super::{checked, hold};
use crate::ChooserStatus;

/// Counts of a chooser at one moment.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct peerage_stats {
    /// Peers it has retained.
    pub peers: usize,
    /// Those of them that can be chosen.
    pub available: usize,
    /// Requests in flight, all peers together.
    pub pending: u64,
    /// Callers that wait for a peer, ready notices included.
    pub waiting: usize,
    /// 1 if it is running, else 0.
    pub running: i32,
    /// 0.
    pub reserved: i32,
}

/// A peer of a snapshot.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct peerage_peer_info {
    /// Its identifier.
    pub id: peerage_str,
    /// Its status.
    pub status: i32,
    /// Its requests in flight from this chooser.
    pub pending: u32,
}

/// A chooser at one moment, in the order of the identifiers.
pub struct peerage_snapshot {
    status: ChooserStatus,
    ids: Vec<Text>,
}

/// Writes counts to `out`: as many bytes as `size` says, so that the struct can grow.
///
/// Ownership: writes `out` on success
/// Threads: any
/// Blocks: never
/// Calls back: none
/// Errors: NULL_POINTER, INVALID_ARGUMENT (`size` is 0 or absurd)
/// Since: 0.1
#[unsafe(no_mangle)]
pub unsafe extern "C" fn peerage_chooser_stats(
    chooser: *const peerage_chooser,
    out: *mut peerage_stats,
    size: usize,
) -> peerage_status {
    checked(|| {
        // SAFETY: pointers as the header demands.
        let chooser = unsafe { hold(chooser) }?;
        if out.is_null() {
            return Err(PEERAGE_ERR_NULL_POINTER);
        }
        if size == 0 || size > 4096 {
            return Err(PEERAGE_ERR_INVALID_ARGUMENT);
        }
        let stats = chooser.chooser().stats();
        let stats = peerage_stats {
            peers: stats.peers,
            available: stats.available,
            pending: stats.pending,
            waiting: stats.waiting,
            running: chooser.chooser().is_running().into(),
            reserved: 0,
        };
        let known = size.min(size_of::<peerage_stats>());
        let (from, to) = (ptr::from_ref(&stats).cast::<u8>(), out.cast::<u8>());
        // SAFETY: `size` bytes can be written, by contract of the caller.
        unsafe {
            ptr::write_bytes(to, 0, size);
            ptr::copy_nonoverlapping(from, to, known);
        }
        Ok(())
    })
}

/// Writes a snapshot of the chooser's peers to `out`.
///
/// Ownership: `out` is the caller's, for peerage_snapshot_free
/// Threads: any
/// Blocks: never
/// Calls back: none
/// Errors: NULL_POINTER
/// Since: 0.1
#[unsafe(no_mangle)]
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
        let status = chooser.chooser().introspect();
        let ids = status.peers.iter().map(|peer| Text::new(&peer.identifier)).collect();
        // SAFETY: as above.
        unsafe { out.write(Box::into_raw(Box::new(peerage_snapshot { status, ids }))) };
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
    unsafe { snapshot.as_ref() }.map_or(0, |snapshot| snapshot.ids.len())
}

/// Writes the peer at `index` of a snapshot to `out`.
///
/// Ownership: the text is borrowed from `snapshot`
/// Threads: any
/// Blocks: never
/// Calls back: none
/// Errors: NULL_POINTER, NOT_FOUND (`index` is beyond the last)
/// Since: 0.1
#[unsafe(no_mangle)]
pub unsafe extern "C" fn peerage_snapshot_get(
    snapshot: *const peerage_snapshot,
    index: usize,
    out: *mut peerage_peer_info,
) -> peerage_status {
    checked(|| {
        // SAFETY: pointers as the header demands.
        let snapshot = unsafe { snapshot.as_ref() }.ok_or(PEERAGE_ERR_NULL_POINTER)?;
        if out.is_null() {
            return Err(PEERAGE_ERR_NULL_POINTER);
        }
        let peer = snapshot.status.peers.get(index).ok_or(PEERAGE_ERR_NOT_FOUND)?;
        let info = peerage_peer_info {
            id: snapshot.ids[index].lend(),
            status: peer.status.connection_status as i32,
            pending: peer.status.pending_request_count,
        };
        // SAFETY: as above.
        unsafe { out.write(info) };
        Ok(())
    })
}

/// Frees a snapshot. `NULL` does nothing.
///
/// Ownership: consumes `snapshot`
/// Threads: any
/// Blocks: never
/// Calls back: none
/// Errors: none
/// Since: 0.1
#[unsafe(no_mangle)]
pub unsafe extern "C" fn peerage_snapshot_free(snapshot: *mut peerage_snapshot) {
    if !snapshot.is_null() {
        // SAFETY: made by `peerage_chooser_snapshot`, and freed once.
        drop(unsafe { Box::from_raw(snapshot) });
    }
}

/// Writes a description for people, several lines, to `buf`, cut to `buf_len` bytes and always
/// NUL-terminated.
///
/// `needed` (may be `NULL`) gets the length of the whole text, the terminator not counted. `buf`
/// may be `NULL` when `buf_len` is 0.
///
/// Ownership: writes `buf` and `needed` on success
/// Threads: any
/// Blocks: never
/// Calls back: none
/// Errors: NULL_POINTER
/// Since: 0.1
#[unsafe(no_mangle)]
pub unsafe extern "C" fn peerage_chooser_describe(
    chooser: *const peerage_chooser,
    buf: *mut c_char,
    buf_len: usize,
    needed: *mut usize,
) -> peerage_status {
    checked(|| {
        // SAFETY: pointers as the header demands.
        let chooser = unsafe { hold(chooser) }?;
        if buf.is_null() && buf_len > 0 {
            return Err(PEERAGE_ERR_NULL_POINTER);
        }
        let text = chooser.chooser().introspect().to_string();
        if buf_len > 0 {
            let cut = boundary_below(&text, buf_len - 1);
            // SAFETY: `cut` + 1 bytes fit.
            unsafe {
                ptr::copy_nonoverlapping(text.as_ptr().cast(), buf, cut);
                buf.add(cut).write(0);
            }
        }
        if !needed.is_null() {
            // SAFETY: as above.
            unsafe { needed.write(text.len()) };
        }
        Ok(())
    })
}

/// How many bytes of `text`, at most `limit`, are whole characters. (`floor_char_boundary` of the
/// standard library is younger than the oldest compiler that this crate supports.)
fn boundary_below(text: &str, limit: usize) -> usize {
    let within = 0..=limit.min(text.len());
    within.rev().find(|&byte| text.is_char_boundary(byte)).unwrap_or(0)
}
