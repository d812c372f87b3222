//! What is known of a request. Everything is borrowed for the call, and nothing is copied.

use std::ptr;

use super::status::{PEERAGE_ERR_NULL_POINTER, peerage_status};
use super::types::{SizeFirst, peerage_str, read_sized};
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
    /// What hash rings place: any bytes. For `direct` the peer's name: text, of which an empty one
    /// and what is not UTF-8 are an `INVALID_ARGUMENT`.
    pub shard_key: peerage_str,
    /// The traffic group the request belongs to: any bytes.
    pub routing_key: peerage_str,
    /// The service that stands in for the one called: any bytes.
    pub routing_delegate: peerage_str,
    /// The headers; `NULL` if there are none.
    pub headers: *const peerage_header,
    /// How many.
    pub headers_len: usize,
    /// Identifiers of peers not to choose if another is available, such as those that an earlier
    /// attempt has tried; `NULL` if there are none. `direct` does not look at them.
    pub avoid: *const peerage_str,
    /// How many. More than 16 cost the call an allocation.
    pub avoid_len: usize,
}

// SAFETY: `repr(C)`, size first, all fields may be zero.
unsafe impl SizeFirst for peerage_request {}

/// So many peers to avoid need no memory of their own.
const FEW: usize = 16;

impl peerage_request {
    /// The request as a policy in C sees it.
    pub(super) fn lend(request: &Request<'_>) -> Self {
        Self {
            size: size_of::<Self>(),
            shard_key: peerage_str::lend_bytes(request.shard_key()),
            routing_key: peerage_str::lend_bytes(request.routing_key()),
            routing_delegate: peerage_str::lend_bytes(request.routing_delegate()),
            headers: ptr::null(),
            headers_len: 0,
            avoid: ptr::null(),
            avoid_len: 0,
        }
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

/// # Safety
///
/// `NULL` or `len` items that live for `'a`.
pub(super) unsafe fn items<'a, T>(ptr: *const T, len: usize) -> Result<&'a [T], peerage_status> {
    match (ptr.is_null(), len) {
        (_, 0) => Ok(&[]),
        (true, _) => Err(PEERAGE_ERR_NULL_POINTER),
        // SAFETY: by contract of the caller.
        (false, len) => Ok(unsafe { std::slice::from_raw_parts(ptr, len) }),
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
        if given.avoid_len == 0 { call(&request) } else { with_avoided(given, request, call) }
    }
}

#[cold]
#[inline(never)]
unsafe fn with_avoided<T>(
    given: &peerage_request,
    request: Request<'_>,
    call: impl FnOnce(&Request<'_>) -> Result<T, peerage_status>,
) -> Result<T, peerage_status> {
    // SAFETY: by contract of the caller.
    let avoid = unsafe { items(given.avoid, given.avoid_len) }?;
    let (mut few, mut many) = ([""; FEW], vec![]);
    let avoided = match few.get_mut(..avoid.len()) {
        Some(few) => few,
        None => {
            many.resize(avoid.len(), "");
            &mut many[..]
        }
    };
    for (text, given) in avoided.iter_mut().zip(avoid) {
        // SAFETY: by contract of the caller.
        *text = unsafe { given.text() }?;
    }
    call(&request.with_avoided(avoided))
}
