//! What is known of a request. Everything is borrowed for the call, and nothing is copied.

use std::ffi::c_void;
use std::ptr;

use super::checked;
use super::status::{PEERAGE_ERR_NOT_FOUND, PEERAGE_ERR_NULL_POINTER, peerage_status};
use super::types::{SizeFirst, items, peerage_str, read_sized};
use crate::{Headers, Request};

/// A header of a request.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct peerage_header {
    /// Its name, in any case: text.
    pub name: peerage_str,
    /// Its value: any bytes.
    pub value: peerage_str,
}

/// What is known of a request; all borrowed for the call, all optional. Keys and header values are
/// bytes as they are, identifiers and header names are text.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct peerage_request {
    /// The size of this struct.
    pub size: usize,
    /// What hash rings place: any bytes. For `direct` the peer's name: text, of which an empty one,
    /// what is not UTF-8 and what holds a NUL are an `INVALID_ARGUMENT`.
    pub shard_key: peerage_str,
    /// The traffic group the request belongs to: any bytes.
    pub routing_key: peerage_str,
    /// The service that stands in for the one called: any bytes.
    pub routing_delegate: peerage_str,
    /// The headers; `NULL` if there are none. A policy finds those of its request with
    /// peerage_request_header only.
    pub headers: *const peerage_header,
    /// How many.
    pub headers_len: usize,
    /// Identifiers of peers not to choose if another is available, such as those that an earlier
    /// attempt has tried; `NULL` if there are none. `direct` does not look at them.
    pub avoid: *const peerage_str,
    /// How many. More than 16 cost the call an allocation.
    pub avoid_len: usize,
    /// `NULL` in a request of your own. In one that a policy is given it stands for the caller's
    /// headers, also in a copy that is passed on while the policy's callback runs.
    pub lent: *const c_void,
    /// The identifier of the peer that the request would have best, such as the one that has its
    /// session; empty: none. It is chosen if it is in the list, available, not to be avoided and not
    /// above a bound; else the policy chooses as usual. `direct` does not look at it.
    pub prefer: peerage_str,
}

// SAFETY: `repr(C)`, size first, all fields may be zero.
unsafe impl SizeFirst for peerage_request {}

/// Up to this many peers to avoid are kept on the stack.
const FEW: usize = 16;

/// Runs `call` with the request as a policy in C sees it.
pub(super) fn lend<T>(request: &Request<'_>, call: impl FnOnce(&peerage_request) -> T) -> T {
    let mut given = peerage_request {
        size: size_of::<peerage_request>(),
        shard_key: peerage_str::lend_bytes(request.shard_key()),
        routing_key: peerage_str::lend_bytes(request.routing_key()),
        routing_delegate: peerage_str::lend_bytes(request.routing_delegate()),
        headers: ptr::null(),
        headers_len: 0,
        avoid: ptr::null(),
        avoid_len: 0,
        lent: ptr::from_ref(request).cast(),
        prefer: peerage_str::lend(request.preferred().unwrap_or_default()),
    };
    let avoided = request.avoid();
    if avoided.is_empty() {
        return call(&given);
    }
    let (mut few, mut many) = ([peerage_str::EMPTY; FEW], vec![]);
    let texts = scratch(&mut few, &mut many, avoided.len(), peerage_str::EMPTY);
    for (text, name) in texts.iter_mut().zip(avoided) {
        *text = peerage_str::lend(name);
    }
    (given.avoid, given.avoid_len) = (texts.as_ptr(), texts.len());
    call(&given)
}

/// Room for `len` items: on the stack if they are few.
fn scratch<'a, T: Clone>(
    few: &'a mut [T; FEW],
    many: &'a mut Vec<T>,
    len: usize,
    empty: T,
) -> &'a mut [T] {
    match few.get_mut(..len) {
        Some(few) => few,
        None => {
            many.resize(len, empty);
            many
        }
    }
}

/// The headers of a request that a policy was given.
struct Passed<'a>(&'a Request<'a>);

impl Headers for Passed<'_> {
    fn get(&self, name: &str) -> Option<&[u8]> {
        self.0.header(name)
    }
}

/// Headers whose names and pointers have been checked.
struct Lent<'a>(&'a [peerage_header]);

impl Headers for Lent<'_> {
    fn get(&self, name: &str) -> Option<&[u8]> {
        // SAFETY: borrowed for the call, which `self` does not outlive.
        let bytes = |given: peerage_str| unsafe { given.bytes() }.unwrap_or_default();
        let name = name.as_bytes();
        let found = self.0.iter().find(|header| bytes(header.name).eq_ignore_ascii_case(name));
        found.map(|header| bytes(header.value))
    }
}

/// Runs `call` with the request.
///
/// # Safety
///
/// `given` is `NULL` or a request whose pointers are valid for the call.
#[inline(always)]
pub(super) unsafe fn with_request<T>(
    given: *const peerage_request,
    call: impl FnOnce(&Request<'_>) -> Result<T, peerage_status>,
) -> Result<T, peerage_status> {
    if given.is_null() {
        return call(&Request::new());
    }
    // SAFETY: by contract of the caller.
    unsafe {
        if (*given).size == size_of::<peerage_request>() {
            return with_given(&*given, call);
        }
        with_given(&read_sized(given)?, call)
    }
}

#[inline]
unsafe fn with_given<T>(
    given: &peerage_request,
    call: impl FnOnce(&Request<'_>) -> Result<T, peerage_status>,
) -> Result<T, peerage_status> {
    // SAFETY: by contract of the caller.
    unsafe {
        let headers = items(given.headers, given.headers_len)?;
        let lent = Lent(headers);
        let headers = match headers {
            [] => None,
            headers => {
                for header in headers {
                    header.name.text()?;
                    header.value.bytes()?;
                }
                Some(&lent as &dyn Headers)
            }
        };
        let request = Request::of(
            given.shard_key.bytes()?,
            given.routing_key.bytes()?,
            given.routing_delegate.bytes()?,
            headers,
        );
        // One comparison for all that few requests have.
        let more = given.avoid_len | given.lent.addr() | given.prefer.len;
        if more == 0 { call(&request) } else { with_more(given, request, call) }
    }
}

#[cold]
#[inline(never)]
unsafe fn with_more<T>(
    given: &peerage_request,
    request: Request<'_>,
    call: impl FnOnce(&Request<'_>) -> Result<T, peerage_status>,
) -> Result<T, peerage_status> {
    // SAFETY: not `NULL` only in what `lend` made, whose request lives as long as the policy's
    // callback, in which the header allows this call.
    let passed = unsafe { given.lent.cast::<Request<'_>>().as_ref() }.map(Passed);
    let request = match &passed {
        Some(passed) if given.headers_len == 0 => request.with_headers(passed),
        _ => request,
    };
    // SAFETY: by contract of the caller.
    let texts = unsafe { items(given.avoid, given.avoid_len) }?;
    let (mut few, mut many) = ([""; FEW], vec![]);
    let avoid = scratch(&mut few, &mut many, texts.len(), "");
    for (text, given) in avoid.iter_mut().zip(texts) {
        // SAFETY: by contract of the caller.
        *text = unsafe { given.text() }?;
    }
    // SAFETY: by contract of the caller.
    let preferred = unsafe { given.prefer.text() }?;
    call(&request.with_avoid(avoid).with_preferred(preferred))
}

/// Looks a header of a request up, and writes its value to `out`: any bytes, which need not end in
/// NUL. `name` is in any case. For the request that a policy is given, and for one of your own.
///
/// Ownership: the value is borrowed from the request, and so only until the policy's callback returns
/// Threads: any; of a policy's request, that of the callback
/// Blocks: never
/// Calls back: none
/// Errors: NULL_POINTER, INVALID_UTF8 (a name), INVALID_ARGUMENT (a size), NOT_FOUND (there is no such header)
/// Since: 0.1
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn peerage_request_header(
    request: *const peerage_request,
    name: peerage_str,
    out: *mut peerage_str,
) -> peerage_status {
    checked(|| {
        if request.is_null() || out.is_null() {
            return Err(PEERAGE_ERR_NULL_POINTER);
        }
        // SAFETY: pointers as the header demands.
        unsafe {
            let name = name.text()?;
            let value = with_request(request, |request| {
                let value = request.header(name).ok_or(PEERAGE_ERR_NOT_FOUND)?;
                Ok(peerage_str::lend_bytes(value))
            })?;
            out.write(value);
        }
        Ok(())
    })
}
