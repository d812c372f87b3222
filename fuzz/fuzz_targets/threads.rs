//! Feeds the decoder of `ffi-tests/fuzz_threads`, which turns bytes into calls of the C ABI that two or
//! three threads make at once, and aborts when what must hold in any order does not.

#![no_main]

// For its C symbols.
use peerage as _;

unsafe extern "C" {
    fn threaded_calls(data: *const u8, len: usize);
}

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    // SAFETY: the bytes live for the call.
    unsafe { threaded_calls(data.as_ptr(), data.len()) };
});
