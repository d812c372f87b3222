//! Feeds the decoder of `ffi-tests/fuzz`, which turns bytes into calls of the C ABI and aborts when
//! the library does not keep what its header promises.

#![no_main]

// For its C symbols.
use peerage as _;

unsafe extern "C" {
    fn calls(data: *const u8, len: usize);
}

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    // SAFETY: the bytes live for the call.
    unsafe { calls(data.as_ptr(), data.len()) };
});
