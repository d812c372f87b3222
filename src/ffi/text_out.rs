//! Texts that are written into memory of the caller's.

use std::ffi::c_char;
use std::ptr;

use super::status::{PEERAGE_ERR_NULL_POINTER, peerage_status};

/// Writes a text, cut to `buf_len` bytes with its terminator, and how long the whole of it is.
///
/// # Safety
///
/// `buf` points to `buf_len` bytes, or is `NULL`; `needed` to a number, or is `NULL`.
pub(super) unsafe fn write_text(
    text: &str,
    buf: *mut c_char,
    buf_len: usize,
    needed: *mut usize,
) -> Result<(), peerage_status> {
    if buf.is_null() && buf_len > 0 {
        return Err(PEERAGE_ERR_NULL_POINTER);
    }
    if buf_len > 0 {
        let cut = boundary_below(text, buf_len - 1);
        // SAFETY: `cut` + 1 bytes fit.
        unsafe {
            ptr::copy_nonoverlapping(text.as_ptr().cast(), buf, cut);
            buf.add(cut).write(0);
        }
    }
    if !needed.is_null() {
        // SAFETY: by contract of the caller.
        unsafe { needed.write(text.len()) };
    }
    Ok(())
}

/// How many bytes of `text`, at most `limit`, are whole characters. (`floor_char_boundary` of the
/// standard library is younger than the oldest compiler that this crate supports.)
fn boundary_below(text: &str, limit: usize) -> usize {
    let within = 0..=limit.min(text.len());
    within.rev().find(|&byte| text.is_char_boundary(byte)).unwrap_or(0)
}
