//! Counts every allocation of the process, that of the shared library included: the functions here
//! stand in for those of the C library, which a program may do.

#![expect(unsafe_code, reason = "takes the place of the C library's functions")]

use std::ffi::c_void;
use std::sync::atomic::{AtomicUsize, Ordering};

static MADE: AtomicUsize = AtomicUsize::new(0);

/// How many allocations there have been.
pub(crate) fn made() -> usize {
    MADE.load(Ordering::Relaxed)
}

fn count() {
    MADE.fetch_add(1, Ordering::Relaxed);
}

// The names under which glibc keeps its own.
unsafe extern "C" {
    fn __libc_malloc(size: usize) -> *mut c_void;
    fn __libc_calloc(count: usize, size: usize) -> *mut c_void;
    fn __libc_realloc(block: *mut c_void, size: usize) -> *mut c_void;
    fn __libc_memalign(align: usize, size: usize) -> *mut c_void;
}

#[unsafe(no_mangle)]
unsafe extern "C" fn malloc(size: usize) -> *mut c_void {
    count();
    // SAFETY: the same function.
    unsafe { __libc_malloc(size) }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn calloc(items: usize, size: usize) -> *mut c_void {
    count();
    // SAFETY: the same function.
    unsafe { __libc_calloc(items, size) }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn realloc(block: *mut c_void, size: usize) -> *mut c_void {
    count();
    // SAFETY: the same function, and the block came from the same allocator.
    unsafe { __libc_realloc(block, size) }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn memalign(align: usize, size: usize) -> *mut c_void {
    count();
    // SAFETY: the same function.
    unsafe { __libc_memalign(align, size) }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn posix_memalign(out: *mut *mut c_void, align: usize, size: usize) -> i32 {
    const ENOMEM: i32 = 12;
    // SAFETY: as above.
    let block = unsafe { memalign(align, size) };
    if block.is_null() {
        return ENOMEM;
    }
    // SAFETY: the caller's own variable.
    unsafe { out.write(block) };
    0
}
