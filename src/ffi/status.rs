//! Versions and statuses: numbers, never reused, in groups with room to grow.

use std::ffi::{CStr, c_char};

/// What a function answers: 0 is success, every error is negative. New numbers may appear.
pub type peerage_status = i32;

/// Done.
pub const PEERAGE_OK: peerage_status = 0;
/// A required pointer is NULL.
pub const PEERAGE_ERR_NULL_POINTER: peerage_status = -1;
/// An argument is out of its range.
pub const PEERAGE_ERR_INVALID_ARGUMENT: peerage_status = -2;
/// A text is not UTF-8.
pub const PEERAGE_ERR_INVALID_UTF8: peerage_status = -3;
/// This chooser cannot do that.
pub const PEERAGE_ERR_UNSUPPORTED: peerage_status = -4;
/// There is nothing with this number, or of this name.
pub const PEERAGE_ERR_NOT_FOUND: peerage_status = -5;
/// No peer can be chosen now.
pub const PEERAGE_ERR_NO_PEER: peerage_status = -20;
/// No peer could be chosen in time.
pub const PEERAGE_ERR_TIMED_OUT: peerage_status = -21;
/// The wait was cancelled.
pub const PEERAGE_ERR_CANCELLED: peerage_status = -22;
/// The chooser was stopped.
pub const PEERAGE_ERR_STOPPED: peerage_status = -23;
/// The chooser is not running.
pub const PEERAGE_ERR_NOT_RUNNING: peerage_status = -24;
/// As many callers wait as may: the option `max-waiting`.
pub const PEERAGE_ERR_QUEUE_FULL: peerage_status = -25;
/// The peer is in the list already.
pub const PEERAGE_ERR_ALREADY_IN_LIST: peerage_status = -40;
/// The peer is not in the list.
pub const PEERAGE_ERR_NOT_IN_LIST: peerage_status = -41;
/// The peer was released.
pub const PEERAGE_ERR_GONE: peerage_status = -42;
/// A callback refused, or a part of the chooser failed: the transport, or what feeds the chooser.
pub const PEERAGE_ERR_REJECTED: peerage_status = -43;
/// The pick is finished already, or was never made.
pub const PEERAGE_ERR_FINISHED: peerage_status = -60;
/// A fault inside the library or one of its callbacks.
pub const PEERAGE_ERR_PANIC: peerage_status = -90;

/// Returns the version of the library that runs: `major << 16 | minor << 8 | patch`.
///
/// Ownership: none
/// Threads: any
/// Blocks: never
/// Calls back: none
/// Errors: none
/// Since: 0.1
#[unsafe(no_mangle)]
pub extern "C" fn peerage_version() -> u32 {
    const fn number(text: &str) -> u32 {
        let (bytes, mut n, mut i) = (text.as_bytes(), 0, 0);
        while i < bytes.len() {
            n = n * 10 + (bytes[i] - b'0') as u32;
            i += 1;
        }
        n
    }
    const VERSION: u32 = (number(env!("CARGO_PKG_VERSION_MAJOR")) << 16)
        | (number(env!("CARGO_PKG_VERSION_MINOR")) << 8)
        | number(env!("CARGO_PKG_VERSION_PATCH"));
    VERSION
}

/// Returns the version of the library that runs, as text.
///
/// Ownership: static
/// Threads: any
/// Blocks: never
/// Calls back: none
/// Errors: none
/// Since: 0.1
#[unsafe(no_mangle)]
pub extern "C" fn peerage_version_string() -> *const c_char {
    concat!(env!("CARGO_PKG_VERSION"), "\0").as_ptr().cast()
}

fn texts(status: peerage_status) -> (&'static CStr, &'static CStr) {
    match status {
        PEERAGE_OK => (c"OK", c"done"),
        PEERAGE_ERR_NULL_POINTER => (c"NULL_POINTER", c"a required pointer is NULL"),
        PEERAGE_ERR_INVALID_ARGUMENT => (c"INVALID_ARGUMENT", c"an argument is out of its range"),
        PEERAGE_ERR_INVALID_UTF8 => (c"INVALID_UTF8", c"a text is not UTF-8"),
        PEERAGE_ERR_UNSUPPORTED => (c"UNSUPPORTED", c"this chooser cannot do that"),
        PEERAGE_ERR_NOT_FOUND => {
            (c"NOT_FOUND", c"there is nothing with this number, or of this name")
        }
        PEERAGE_ERR_NO_PEER => (c"NO_PEER", c"no peer can be chosen now"),
        PEERAGE_ERR_TIMED_OUT => (c"TIMED_OUT", c"no peer could be chosen in time"),
        PEERAGE_ERR_CANCELLED => (c"CANCELLED", c"the wait was cancelled"),
        PEERAGE_ERR_STOPPED => (c"STOPPED", c"the chooser was stopped"),
        PEERAGE_ERR_NOT_RUNNING => (c"NOT_RUNNING", c"the chooser is not running"),
        PEERAGE_ERR_QUEUE_FULL => (c"QUEUE_FULL", c"as many callers wait as may"),
        PEERAGE_ERR_ALREADY_IN_LIST => (c"ALREADY_IN_LIST", c"the peer is in the list already"),
        PEERAGE_ERR_NOT_IN_LIST => (c"NOT_IN_LIST", c"the peer is not in the list"),
        PEERAGE_ERR_GONE => (c"GONE", c"the peer was released"),
        PEERAGE_ERR_REJECTED => {
            (c"REJECTED", c"a callback refused, or a part of the chooser failed")
        }
        PEERAGE_ERR_FINISHED => (c"FINISHED", c"the pick is finished already, or was never made"),
        PEERAGE_ERR_PANIC => (c"PANIC", c"a fault inside the library or one of its callbacks"),
        _ => (c"UNKNOWN", c"not a status of this version"),
    }
}

/// Returns the name of a status, such as `TIMED_OUT`. Never `NULL`.
///
/// Ownership: static
/// Threads: any
/// Blocks: never
/// Calls back: none
/// Errors: none; an unknown number has a text too
/// Since: 0.1
#[unsafe(no_mangle)]
pub extern "C" fn peerage_status_name(status: peerage_status) -> *const c_char {
    texts(status).0.as_ptr()
}

/// Returns one line of English about a status. Never `NULL`.
///
/// Ownership: static
/// Threads: any
/// Blocks: never
/// Calls back: none
/// Errors: none; an unknown number has a text too
/// Since: 0.1
#[unsafe(no_mangle)]
pub extern "C" fn peerage_status_message(status: peerage_status) -> *const c_char {
    texts(status).1.as_ptr()
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn the_book_has_every_status() {
        let page = include_str!("../../docs/when-it-goes-wrong.md");
        let unknown = texts(i32::MIN);
        for status in i32::from(i16::MIN)..=0 {
            let (name, text) = texts(status);
            let [name, text] = [name, text].map(|text| text.to_str().expect("ASCII"));
            let row = format!("| `{text}` | {status}, {name} |");
            assert!(texts(status) == unknown || page.contains(&row), "no row {row}");
        }
    }
}
