//! What crosses the boundary by value.

use std::ffi::c_void;
use std::time::Duration;
use std::{slice, str};

use super::status::{
    PEERAGE_ERR_INVALID_ARGUMENT, PEERAGE_ERR_INVALID_UTF8, PEERAGE_ERR_NULL_POINTER,
    peerage_status,
};
use crate::settings::Label;

pub(super) use super::sized::{SizeFirst, read_array, read_prefix, read_sized, write_sized};
pub(super) use super::text_out::{write_shown, write_text};

/// Text: `len` bytes of UTF-8 at `ptr`. Text that the library gives out is NUL-terminated too.
/// As an input, `ptr` may be `NULL` when `len` is 0.
///
/// The keys of a request and the values of its headers are of this type too, but are any bytes, NUL
/// among them; a policy is given them as the caller has them.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct peerage_str {
    /// The first byte.
    pub ptr: *const std::ffi::c_char,
    /// How many bytes, the terminator not counted.
    pub len: usize,
}

/// How a request ended: one of `PEERAGE_OUTCOME_*`.
pub type peerage_outcome = i32;

/// The peer answered.
pub const PEERAGE_OUTCOME_SUCCESS: peerage_outcome = 0;
/// The peer failed. It is chosen on, until its transport reports that it is not available.
pub const PEERAGE_OUTCOME_FAILURE: peerage_outcome = 1;
/// The peer refused because it has too much to do.
pub const PEERAGE_OUTCOME_OVERLOADED: peerage_outcome = 2;
/// The caller gave up, which says nothing about the peer.
pub const PEERAGE_OUTCOME_CANCELLED: peerage_outcome = 3;
/// The request was never sent.
pub const PEERAGE_OUTCOME_NOT_SENT: peerage_outcome = 4;
/// The pick was given up without an outcome.
pub const PEERAGE_OUTCOME_ABANDONED: peerage_outcome = 5;

/// How long a request took is not said, or not known.
pub const PEERAGE_LATENCY_UNKNOWN: i64 = -1_i64;

/// A duration in nanoseconds, or the longest that there is a number for.
pub(super) fn nanoseconds(duration: Duration) -> i64 {
    duration.as_nanos().try_into().unwrap_or(i64::MAX)
}

/// The last call for a context pointer: it will not be used any more.
pub type peerage_drop_fn = Option<unsafe extern "C-unwind" fn(ctx: *mut c_void)>;

impl peerage_str {
    /// The empty text, which can be read: it has its terminator.
    pub(super) const EMPTY: Self = Self { ptr: c"".as_ptr(), len: 0 };

    pub(super) fn lend(text: &str) -> Self {
        Self::lend_bytes(text.as_bytes())
    }

    pub(super) fn lend_bytes(bytes: &[u8]) -> Self {
        if bytes.is_empty() {
            // The address of no bytes may be any number.
            return Self::EMPTY;
        }
        Self { ptr: bytes.as_ptr().cast(), len: bytes.len() }
    }

    /// Bytes that end in a terminator, which is not counted. It may be read through the address, so the
    /// address is that of all of them.
    pub(super) fn lend_before_terminator(bytes: &[u8]) -> Self {
        Self { ptr: bytes.as_ptr().cast(), len: bytes.len() - 1 }
    }

    /// A static text, with its terminator.
    pub(super) fn label(label: Label) -> Self {
        let text = label.as_c_str();
        Self { ptr: text.as_ptr(), len: text.count_bytes() }
    }

    /// # Safety
    ///
    /// `ptr` points to `len` bytes that live for `'a`, or is `NULL`.
    #[inline]
    pub(super) unsafe fn bytes<'a>(self) -> Result<&'a [u8], peerage_status> {
        // One comparison for both ends: 0 wraps to the largest number.
        if self.len.wrapping_sub(1) >= isize::MAX as usize {
            return if self.len == 0 { Ok(&[]) } else { Err(PEERAGE_ERR_INVALID_ARGUMENT) };
        }
        if self.ptr.is_null() {
            return Err(PEERAGE_ERR_NULL_POINTER);
        }
        // SAFETY: by contract of the caller.
        Ok(unsafe { slice::from_raw_parts(self.ptr.cast::<u8>(), self.len) })
    }

    /// # Safety
    ///
    /// As for [`bytes`](Self::bytes).
    #[inline]
    pub(super) unsafe fn text<'a>(self) -> Result<&'a str, peerage_status> {
        // SAFETY: by contract of the caller.
        let bytes = unsafe { self.bytes() }?;
        if bytes.is_ascii() {
            // SAFETY: ASCII is UTF-8.
            return Ok(unsafe { str::from_utf8_unchecked(bytes) });
        }
        str::from_utf8(bytes).map_err(|_| PEERAGE_ERR_INVALID_UTF8)
    }

    /// A text that C may be given back: it has no NUL, at which C would take it to end.
    ///
    /// # Safety
    ///
    /// As for [`bytes`](Self::bytes).
    pub(super) unsafe fn name<'a>(self) -> Result<&'a str, peerage_status> {
        // SAFETY: by contract of the caller.
        let text = unsafe { self.text() }?;
        if text.contains('\0') { Err(PEERAGE_ERR_INVALID_ARGUMENT) } else { Ok(text) }
    }
}

/// The items of an array of C's.
///
/// # Safety
///
/// `NULL` or `len` items that live for `'a`.
#[inline]
pub(super) unsafe fn items<'a, T>(ptr: *const T, len: usize) -> Result<&'a [T], peerage_status> {
    match (ptr.is_null(), len) {
        (_, 0) => Ok(&[]),
        (true, _) => Err(PEERAGE_ERR_NULL_POINTER),
        (false, len) if len > most(size_of::<T>()) => Err(PEERAGE_ERR_INVALID_ARGUMENT),
        // SAFETY: by contract of the caller.
        (false, len) => Ok(unsafe { slice::from_raw_parts(ptr, len) }),
    }
}

/// How many items of this size there can be: more than 2³¹ are a mistake, and so are more than fit
/// into memory.
pub(super) const fn most(size: usize) -> usize {
    let fit = isize::MAX as usize / size;
    if fit >> 31 == 0 { fit } else { 1 << 31 }
}

/// Text for C: with a terminator that is not counted.
#[derive(Debug, Clone)]
pub(super) struct Text(Box<str>);

impl Text {
    pub(super) fn new(text: &str) -> Self {
        Self([text, "\0"].concat().into())
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0[..self.0.len() - 1]
    }

    pub(super) fn lend(&self) -> peerage_str {
        peerage_str::lend_before_terminator(self.0.as_bytes())
    }
}

/// A context pointer of the user's, and its last call.
pub(super) struct Context {
    pub(super) ctx: *mut c_void,
    pub(super) drop: peerage_drop_fn,
}

// SAFETY: the header demands that a context may be used from any thread.
unsafe impl Send for Context {}
// SAFETY: as above.
unsafe impl Sync for Context {}

impl Drop for Context {
    fn drop(&mut self) {
        if let Some(last) = self.drop {
            // SAFETY: the user's own pair of function and pointer; called once.
            let _ = crate::panics::catch("drop", || unsafe { last(self.ctx) });
        }
    }
}
