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

#[cfg(test)]
mod tests {
    use super::*;

    /// What is written of so many pieces into `room` bytes and the terminator, and how long the whole is.
    fn written(pieces: &[&str], room: usize) -> (String, usize) {
        struct Pieces<'a>(&'a [&'a str]);
        impl Display for Pieces<'_> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.iter().try_for_each(|piece| f.write_str(piece))
            }
        }
        let mut memory = vec![b'x'; room + 2];
        let mut needed = 0;
        // SAFETY: the memory has one byte more.
        unsafe {
            write_shown(&Pieces(pieces), memory.as_mut_ptr().cast(), room + 1, &raw mut needed)
        }
        .expect("written");
        assert_eq!(memory[room + 1], b'x', "more than there is room for");
        let end = memory.iter().position(|&byte| byte == 0).expect("a terminator");
        (String::from_utf8(memory[..end].to_vec()).expect("whole characters"), needed)
    }

    #[test]
    fn a_text_in_pieces_is_cut_as_one_text() {
        let pieces = ["ab", "", "c\u{e9}", "\u{20ac}d", "e"];
        let whole = pieces.concat();
        for room in 0..=whole.len() + 1 {
            let cut = &whole[..boundary_below(&whole, room)];
            assert_eq!(written(&pieces, room), (cut.to_owned(), whole.len()), "{room}");
        }
    }

    #[test]
    fn no_memory_gets_the_length_alone() {
        let mut needed = 0;
        // SAFETY: no bytes.
        unsafe { write_shown(&"abc", ptr::null_mut(), 0, &raw mut needed) }.expect("written");
        assert_eq!(needed, 3);
        // SAFETY: nothing is written.
        let refused = unsafe { write_text("abc", ptr::null_mut(), 1, ptr::null_mut()) };
        assert_eq!(refused, Err(PEERAGE_ERR_NULL_POINTER));
    }
}
