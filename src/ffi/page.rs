//! A status page of choosers, and the same as JSON.

use std::ffi::c_char;

use super::chooser::peerage_chooser;
use super::error::{Failure, peerage_error, reported};
use super::status::peerage_status;
use super::types::{items, peerage_str, write_shown};
use super::{checked, hold};
use crate::page::Document;
use crate::{ChooserStatus, PageOptions};

/// Writes a status page of choosers, in the order given, to `buf`, cut to `buf_len` bytes and always
/// NUL-terminated: an HTML document of one file, in UTF-8, without a script. An HTTP server calls it
/// `text/html; charset=utf-8`. docs/status-page.md says what is on it.
///
/// Names and texts of errors may be anything: they are escaped. `options` is `key=value,...` with the keys
/// `title`, `refresh` (how often the browser asks again, such as `5s`) and `peers` (of how many peers of a
/// chooser there is a row, 1000); empty: the defaults. `needed` (may be `NULL`) gets the length of the
/// whole text, the terminator not counted. `buf` may be `NULL` when `buf_len` is 0.
///
/// Ownership: borrows `choosers` and `options`; writes `buf` and `needed` on success
/// Threads: any
/// Blocks: never
/// Calls back: as peerage_chooser_snapshot
/// Errors: NULL_POINTER (`choosers`, one of them, `buf`), INVALID_UTF8, INVALID_ARGUMENT (`options`: the error says which key, and what would be right)
/// Since: 0.1
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn peerage_status_html(
    choosers: *const *const peerage_chooser,
    choosers_len: usize,
    options: peerage_str,
    buf: *mut c_char,
    buf_len: usize,
    needed: *mut usize,
    err: *mut *mut peerage_error,
) -> peerage_status {
    // SAFETY: pointers as the header demands.
    unsafe {
        reported(err, || {
            let options = options.text().map_err(|status| Failure::of(status, "options"))?;
            let options: PageOptions = options.parse()?;
            let seen = look(choosers, choosers_len)?;
            Ok(write_shown(&Document::new(&seen, &options), buf, buf_len, needed)?)
        })
    }
}

/// Writes the same for programs to `buf`: as JSON, in UTF-8, without line ends, cut to `buf_len` bytes and
/// always NUL-terminated. An HTTP server calls it `application/json`. docs/status-page.md has the fields.
///
/// `needed` (may be `NULL`) gets the length of the whole text, the terminator not counted. `buf` may be
/// `NULL` when `buf_len` is 0.
///
/// Ownership: borrows `choosers`; writes `buf` and `needed` on success
/// Threads: any
/// Blocks: never
/// Calls back: as peerage_chooser_snapshot
/// Errors: NULL_POINTER (`choosers`, one of them, `buf`), UNSUPPORTED (the build has no feature `json`: peerage_has)
/// Since: 0.1
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn peerage_status_json(
    choosers: *const *const peerage_chooser,
    choosers_len: usize,
    buf: *mut c_char,
    buf_len: usize,
    needed: *mut usize,
) -> peerage_status {
    checked(|| {
        // SAFETY: pointers as the header demands.
        let seen = unsafe { look(choosers, choosers_len) }.map_err(|failure| failure.status())?;
        // SAFETY: as above.
        unsafe { write_shown(&json(&seen)?, buf, buf_len, needed) }
    })
}

#[cfg(feature = "json")]
fn json(seen: &[ChooserStatus]) -> Result<String, peerage_status> {
    Ok(crate::page::to_json(seen))
}

#[cfg(not(feature = "json"))]
fn json(_: &[ChooserStatus]) -> Result<String, peerage_status> {
    Err(super::status::PEERAGE_ERR_UNSUPPORTED)
}

/// # Safety
///
/// `choosers` points to so many, or is `NULL`; each is a live handle, or `NULL`.
unsafe fn look(
    choosers: *const *const peerage_chooser,
    len: usize,
) -> Result<Vec<ChooserStatus>, Failure> {
    // SAFETY: by contract of the caller.
    let choosers = unsafe { items(choosers, len) };
    let choosers = choosers.map_err(|status| Failure::of(status, "choosers"))?;
    let look = |(n, &chooser): (usize, &*const peerage_chooser)| {
        // SAFETY: as above.
        let chooser = unsafe { hold(chooser) };
        let chooser = chooser.map_err(|status| Failure::of(status, &format!("choosers[{n}]")))?;
        Ok(chooser.introspect())
    };
    choosers.iter().enumerate().map(look).collect()
}
