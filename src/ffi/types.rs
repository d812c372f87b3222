//! What crosses the boundary by value, and the rule by which structs grow.

use std::ffi::c_void;
use std::mem::{MaybeUninit, size_of};
use std::{ptr, slice, str};

use super::status::{
    PEERAGE_ERR_INVALID_ARGUMENT, PEERAGE_ERR_INVALID_UTF8, PEERAGE_ERR_NULL_POINTER,
    peerage_status,
};

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

/// The last call for a context pointer: it will not be used any more.
pub type peerage_drop_fn = Option<unsafe extern "C-unwind" fn(ctx: *mut c_void)>;

impl peerage_str {
    pub(super) const EMPTY: Self = Self { ptr: ptr::null(), len: 0 };

    pub(super) fn lend(text: &str) -> Self {
        Self::lend_bytes(text.as_bytes())
    }

    pub(super) fn lend_bytes(bytes: &[u8]) -> Self {
        Self { ptr: bytes.as_ptr().cast(), len: bytes.len() }
    }

    /// # Safety
    ///
    /// `ptr` points to `len` bytes that live for `'a`, or is `NULL`.
    #[inline]
    pub(super) unsafe fn bytes<'a>(self) -> Result<&'a [u8], peerage_status> {
        if self.len == 0 {
            return Ok(&[]);
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
}

/// Text for C: with a terminator that is not counted.
#[derive(Debug, Clone)]
pub(super) struct Text(Box<str>);

impl Text {
    pub(super) fn new(text: &str) -> Self {
        Self(format!("{text}\0").into())
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0[..self.0.len() - 1]
    }

    pub(super) fn lend(&self) -> peerage_str {
        peerage_str::lend(self.as_str())
    }
}

/// A struct whose first field is its size and of which all zeros is a value.
///
/// # Safety
///
/// Both are true of the type, which is `repr(C)`.
pub(super) unsafe trait SizeFirst: Copy {}

/// Reads a struct that may be older (shorter) or newer (longer) than this library's. `Ok` with an
/// error inside: the part that is known was read, and what follows it is not understood.
///
/// # Safety
///
/// `given` is `NULL` or points to as many bytes as its first field says.
pub(super) unsafe fn read_prefix<T: SizeFirst>(
    given: *const T,
) -> Result<(T, Result<(), peerage_status>), peerage_status> {
    if given.is_null() {
        return Err(PEERAGE_ERR_NULL_POINTER);
    }
    // SAFETY: the first field is a `size_t`.
    let size = unsafe { given.cast::<usize>().read() };
    if size < size_of::<usize>() || size > 4096 {
        return Err(PEERAGE_ERR_INVALID_ARGUMENT);
    }
    let known = size.min(size_of::<T>());
    // SAFETY: by contract, `size` bytes are there.
    let tail = unsafe { slice::from_raw_parts(given.cast::<u8>().add(known), size - known) };
    let unknown = tail.iter().any(|&byte| byte != 0);
    let understood = if unknown { Err(PEERAGE_ERR_INVALID_ARGUMENT) } else { Ok(()) };
    let mut value = MaybeUninit::<T>::zeroed();
    // SAFETY: `known` bytes are there on both sides, and all zeros is a `T`.
    unsafe {
        ptr::copy_nonoverlapping(given.cast::<u8>(), value.as_mut_ptr().cast::<u8>(), known);
        Ok((value.assume_init(), understood))
    }
}

/// The same for a struct that carries no context: all of it, or an error.
///
/// # Safety
///
/// As for [`read_prefix`].
pub(super) unsafe fn read_sized<T: SizeFirst>(given: *const T) -> Result<T, peerage_status> {
    // SAFETY: by contract of the caller.
    let (value, understood) = unsafe { read_prefix(given) }?;
    understood.map(|()| value)
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
