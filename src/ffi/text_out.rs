//! Texts that are written into memory of the caller's.

use std::ffi::c_char;
use std::fmt::{self, Display, Write};
use std::ptr;

use super::PEERAGE_ERR_PANIC;
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
    // SAFETY: by contract of the caller.
    unsafe { write_shown(&text, buf, buf_len, needed) }
}

/// The same of what shows itself, piece by piece: no text is made in between.
///
/// # Safety
///
/// As for [`write_text`].
pub(super) unsafe fn write_shown(
    shown: &dyn Display,
    buf: *mut c_char,
    buf_len: usize,
    needed: *mut usize,
) -> Result<(), peerage_status> {
    if buf.is_null() && buf_len > 0 {
        return Err(PEERAGE_ERR_NULL_POINTER);
    }
    let mut cut = Cut { buf, room: buf_len.saturating_sub(1), written: 0, whole: 0 };
    write!(cut, "{shown}").map_err(|_| PEERAGE_ERR_PANIC)?;
    if buf_len > 0 {
        // SAFETY: `room` + 1 bytes fit, of which `room` at most are written.
        unsafe { buf.add(cut.written).write(0) };
    }
    if !needed.is_null() {
        // SAFETY: by contract of the caller.
        unsafe { needed.write(cut.whole) };
    }
    Ok(())
}

/// Memory that has room for so many bytes, and takes no more.
struct Cut {
    buf: *mut c_char,
    room: usize,
    written: usize,
    /// How long the text is so far, with what did not fit.
    whole: usize,
}

impl Write for Cut {
    fn write_str(&mut self, piece: &str) -> fmt::Result {
        // After the first piece that did not fit none does.
        if self.written == self.whole {
            let fits = boundary_below(piece, self.room - self.written);
            if fits > 0 {
                // SAFETY: so many bytes fit behind those that are written.
                unsafe {
                    let to = self.buf.add(self.written);
                    ptr::copy_nonoverlapping(piece.as_ptr().cast(), to, fits);
                }
                self.written += fits;
            }
        }
        self.whole += piece.len();
        Ok(())
    }
}

/// How many bytes of `text`, at most `limit`, are whole characters. (`floor_char_boundary` of the
/// standard library is younger than the oldest compiler that this crate supports.)
fn boundary_below(text: &str, limit: usize) -> usize {
    if text.len() <= limit {
        return text.len();
    }
    let within = 0..=limit;
    within.rev().find(|&byte| text.is_char_boundary(byte)).unwrap_or(0)
}
