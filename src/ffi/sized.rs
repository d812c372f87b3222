//! The rule by which structs grow: each begins with its size.
//!
//! A program and a library of different ages meet. What is shorter reads as if zeros followed; what
//! is longer is accepted if the part that this library does not know is zero.

use std::mem::MaybeUninit;
use std::{ptr, slice};

use super::error::Failure;
use super::status::{PEERAGE_ERR_INVALID_ARGUMENT, PEERAGE_ERR_NULL_POINTER, peerage_status};
use super::types::most;

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

/// Reads an array of such structs, of which each may be older or newer than this library's: all are
/// as long as the first says. `what` names the array in the text of a failure.
///
/// # Safety
///
/// `given` is `NULL` or points to `len` structs of as many bytes as the first field of each says.
pub(super) unsafe fn read_array<T: SizeFirst>(
    what: &str,
    given: *const T,
    len: usize,
) -> Result<Vec<T>, Failure> {
    if len == 0 {
        return Ok(vec![]);
    }
    if given.is_null() {
        return Err(Failure::of(PEERAGE_ERR_NULL_POINTER, what));
    }
    // SAFETY: at least one is there, and its first field is a `size_t`.
    let stride = unsafe { given.cast::<usize>().read() };
    let wrong = |what: String| Failure::new(PEERAGE_ERR_INVALID_ARGUMENT, what);
    if stride < size_of::<usize>() || stride > 4096 || stride % align_of::<T>() != 0 {
        return Err(wrong(format!(
            "{what}[0].size is {stride}: it must be that of the struct, {} in this library",
            size_of::<T>()
        )));
    }
    if len > most(stride) {
        return Err(Failure::of(PEERAGE_ERR_INVALID_ARGUMENT, &format!("{len} items of {what}")));
    }
    let read = |n: usize| {
        // SAFETY: within the `len` structs, as long as those before it were of this size.
        let item = unsafe { given.byte_add(n * stride) };
        // SAFETY: as above.
        let size = unsafe { item.cast::<usize>().read() };
        if size != stride {
            return Err(wrong(format!(
                "{what}[{n}].size is {size}, and that of {what}[0] is {stride}: all must be the same"
            )));
        }
        // SAFETY: `size` bytes are there, by contract of the caller.
        unsafe { read_sized(item) }
            .map_err(|status| Failure::of(status, &format!("{what}[{n}].size")))
    };
    (0..len).map(read).collect()
}

/// Writes a struct to memory of another length: as many bytes as fit, and zeros after it.
///
/// # Safety
///
/// `out` is `NULL`, or `size` bytes can be written there. `T` is `repr(C)` and has no padding.
pub(super) unsafe fn write_sized<T: Copy>(
    out: *mut T,
    size: usize,
    value: &T,
) -> Result<(), peerage_status> {
    if out.is_null() {
        return Err(PEERAGE_ERR_NULL_POINTER);
    }
    if size == 0 || size > 4096 {
        return Err(PEERAGE_ERR_INVALID_ARGUMENT);
    }
    let (from, to) = (ptr::from_ref(value).cast::<u8>(), out.cast::<u8>());
    // SAFETY: `size` bytes can be written, by contract of the caller.
    unsafe {
        ptr::write_bytes(to, 0, size);
        ptr::copy_nonoverlapping(from, to, size.min(size_of::<T>()));
    }
    Ok(())
}
