//! The hot calls: choose, look at the pick, finish. No allocation, no error object.

use std::ffi::c_void;
use std::mem::{align_of, size_of};
use std::ptr;
use std::time::Duration;

use super::cancel::peerage_cancel;
use super::chooser::{PEERAGE_DEFAULT_TIMEOUT, PEERAGE_FOREVER, peerage_chooser};
use super::peer::peerage_peer;
use super::status::{
    PEERAGE_ERR_CANCELLED, PEERAGE_ERR_FINISHED, PEERAGE_ERR_INVALID_ARGUMENT, PEERAGE_ERR_NO_PEER,
    PEERAGE_ERR_NOT_RUNNING, PEERAGE_ERR_NULL_POINTER, PEERAGE_ERR_REJECTED, PEERAGE_ERR_STOPPED,
    PEERAGE_ERR_TIMED_OUT, PEERAGE_ERR_UNSUPPORTED, peerage_status,
};
use super::types::{SizeFirst, peerage_str, read_sized};
use super::{PEERAGE_ERR_PANIC, checked, hold};
use crate::{ChooseError, ChooseErrorKind, Headers, Outcome, Pick, Request, Wait};

/// The peer answered.
pub const PEERAGE_SUCCESS: i32 = 0;
/// The peer failed.
pub const PEERAGE_FAILURE: i32 = 1;
/// The peer refused because it has too much to do.
pub const PEERAGE_OVERLOADED: i32 = 2;
/// The caller gave up, which says nothing about the peer.
pub const PEERAGE_CANCELLED: i32 = 3;
/// The request was never sent.
pub const PEERAGE_NOT_SENT: i32 = 4;
/// The pick was given up without an outcome.
pub const PEERAGE_ABANDONED: i32 = 5;

/// A header of a request.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct peerage_header {
    /// Its name, in any case.
    pub name: peerage_str,
    /// Its value.
    pub value: peerage_str,
}

/// What is known of a request; all borrowed for the call, all optional.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct peerage_request {
    /// The size of this struct.
    pub size: usize,
    /// What hash rings place, and the peer's name for `direct`.
    pub shard_key: peerage_str,
    /// The traffic group the request belongs to.
    pub routing_key: peerage_str,
    /// The service that stands in for the one called.
    pub routing_delegate: peerage_str,
    /// The headers; `NULL` if there are none.
    pub headers: *const peerage_header,
    /// How many.
    pub headers_len: usize,
}

/// A peer that was chosen for a request, until peerage_pick_finish. Lives in the caller's memory,
/// may be moved, and must not be copied and finished twice. All zeros is a finished one.
#[repr(C)]
pub struct peerage_pick {
    /// Not for you.
    pub opaque: [u64; 4],
}

// SAFETY: `repr(C)`, size first, all fields may be zero.
unsafe impl SizeFirst for peerage_request {}

/// Tells a pick from memory that never was one.
const LIVE: u64 = 0x7065_6572_7069_636b;

#[repr(C)]
struct Live {
    mark: u64,
    pick: Pick,
    peer: *const peerage_peer,
}

const _: () = assert!(size_of::<Live>() <= 32 && align_of::<Live>() <= 8);

impl peerage_request {
    pub(super) fn lend(request: &Request<'_>) -> Self {
        Self {
            size: size_of::<Self>(),
            shard_key: peerage_str::lend(request.shard_key()),
            routing_key: peerage_str::lend(request.routing_key()),
            routing_delegate: peerage_str::lend(request.routing_delegate()),
            headers: ptr::null(),
            headers_len: 0,
        }
    }
}

/// Headers whose texts have been checked.
struct Lent<'a>(&'a [peerage_header]);

impl Headers for Lent<'_> {
    fn get(&self, name: &str) -> Option<&str> {
        // SAFETY: borrowed for the call, which `self` does not outlive.
        let text = |text: peerage_str| unsafe { text.text() }.unwrap_or_default();
        let found = self.0.iter().find(|header| text(header.name).eq_ignore_ascii_case(name));
        found.map(|header| text(header.value))
    }
}

/// Runs `call` with the request.
///
/// # Safety
///
/// `given` is `NULL` or a request whose pointers are valid for the call.
pub(super) unsafe fn with_request<T>(
    given: *const peerage_request,
    call: impl FnOnce(&Request<'_>) -> Result<T, peerage_status>,
) -> Result<T, peerage_status> {
    if given.is_null() {
        return call(&Request::new());
    }
    // SAFETY: by contract of the caller.
    let (given, texts) = unsafe {
        let given = read_sized(given)?;
        let texts =
            (given.shard_key.text()?, given.routing_key.text()?, given.routing_delegate.text()?);
        (given, texts)
    };
    let headers = match (given.headers.is_null(), given.headers_len) {
        (_, 0) => &[][..],
        (true, _) => return Err(PEERAGE_ERR_NULL_POINTER),
        // SAFETY: as above.
        (false, len) => unsafe { std::slice::from_raw_parts(given.headers, len) },
    };
    for header in headers {
        // SAFETY: as above.
        unsafe { (header.name.text()?, header.value.text()?) };
    }
    let lent = Lent(headers);
    let request = Request::new()
        .with_shard_key(texts.0)
        .with_routing_key(texts.1)
        .with_routing_delegate(texts.2)
        .with_headers(&lent);
    call(&request)
}

// By value as `map_err` wants it.
#[allow(clippy::needless_pass_by_value, reason = "for map_err")]
fn status_of(error: ChooseError) -> peerage_status {
    match error.kind() {
        ChooseErrorKind::NoPeer | ChooseErrorKind::FailFast => PEERAGE_ERR_NO_PEER,
        ChooseErrorKind::TimedOut(_) => PEERAGE_ERR_TIMED_OUT,
        ChooseErrorKind::Cancelled => PEERAGE_ERR_CANCELLED,
        ChooseErrorKind::Stopped => PEERAGE_ERR_STOPPED,
        ChooseErrorKind::NotRunning(_) => PEERAGE_ERR_NOT_RUNNING,
        ChooseErrorKind::NotRetained => PEERAGE_ERR_REJECTED,
        ChooseErrorKind::PolicyPanicked => PEERAGE_ERR_PANIC,
        ChooseErrorKind::InvalidRequest(_) => PEERAGE_ERR_INVALID_ARGUMENT,
    }
}

/// # Safety
///
/// Pointers as the header demands.
unsafe fn choose(
    chooser: *const peerage_chooser,
    request: *const peerage_request,
    out: *mut peerage_pick,
    hold_on: bool,
    call: impl FnOnce(&peerage_chooser, &Request<'_>) -> Result<Pick, peerage_status>,
) -> peerage_status {
    checked(|| {
        // SAFETY: by contract of the caller.
        let shared = unsafe { chooser.as_ref() }.ok_or(PEERAGE_ERR_NULL_POINTER)?;
        if out.is_null() {
            return Err(PEERAGE_ERR_NULL_POINTER);
        }
        // SAFETY: as above.
        let _held = (hold_on || shared.calls_back).then(|| unsafe { hold(chooser) });
        // SAFETY: as above.
        let pick = unsafe { with_request(request, |request| call(shared, request)) }?;
        let peer = pick.downcast::<peerage_peer>().map(ptr::from_ref);
        let peer = peer.map_err(|_| PEERAGE_ERR_UNSUPPORTED)?;
        // SAFETY: as above; big enough, and aligned as `uint64_t` is.
        unsafe { out.cast::<Live>().write(Live { mark: LIVE, pick, peer }) };
        Ok(())
    })
}

/// Hands out a peer if there is one now. `request` may be `NULL`.
///
/// Ownership: writes `out` on success: finish it with peerage_pick_finish
/// Threads: any
/// Blocks: never
/// Calls back: the policy's choose, started; with `direct` retain and release
/// Errors: NULL_POINTER, NO_PEER, NOT_RUNNING, STOPPED, INVALID_ARGUMENT, INVALID_UTF8, REJECTED (with `direct`), PANIC
/// Since: 0.1
#[unsafe(no_mangle)]
pub unsafe extern "C" fn peerage_chooser_try_choose(
    chooser: *const peerage_chooser,
    request: *const peerage_request,
    out: *mut peerage_pick,
) -> i32 {
    // SAFETY: pointers as the header demands.
    unsafe {
        choose(chooser, request, out, false, |chooser, request| {
            chooser.chooser().try_choose(request).map_err(status_of)
        })
    }
}

/// Hands out a peer, and waits for one up to `timeout_ns`: `PEERAGE_FOREVER`,
/// `PEERAGE_DEFAULT_TIMEOUT`, or 0 to not wait. `request` and `cancel` may be `NULL`.
///
/// Ownership: writes `out` on success: finish it with peerage_pick_finish; borrows `cancel`
/// Threads: any
/// Blocks: until a peer can be chosen, the deadline, the cancel token or a stop
/// Calls back: the policy's choose, started; with `direct` retain and release; the log
/// Errors: NULL_POINTER, NO_PEER (fail-fast), TIMED_OUT, CANCELLED, STOPPED, NOT_RUNNING, INVALID_ARGUMENT, INVALID_UTF8, REJECTED (with `direct`), PANIC
/// Since: 0.1
#[unsafe(no_mangle)]
pub unsafe extern "C" fn peerage_chooser_choose(
    chooser: *const peerage_chooser,
    request: *const peerage_request,
    timeout_ns: i64,
    cancel: *const peerage_cancel,
    out: *mut peerage_pick,
) -> i32 {
    let wait = match timeout_ns {
        PEERAGE_DEFAULT_TIMEOUT => Wait::list_default(),
        PEERAGE_FOREVER => Wait::forever(),
        ns => match u64::try_from(ns) {
            Ok(ns) => Wait::timeout(Duration::from_nanos(ns)),
            Err(_) => return PEERAGE_ERR_INVALID_ARGUMENT,
        },
    };
    // SAFETY: pointers as the header demands.
    unsafe {
        choose(chooser, request, out, true, |chooser, request| {
            let wait = match cancel.as_ref() {
                Some(cancel) => wait.cancelled_by(&cancel.token),
                None => wait,
            };
            chooser.chooser().choose(request, wait).map_err(status_of)
        })
    }
}

/// # Safety
///
/// `NULL`, or memory of a pick, live or not.
unsafe fn peer_of<'a>(pick: *const peerage_pick) -> Option<&'a peerage_peer> {
    // SAFETY: by contract of the caller; a live pick keeps its peer.
    unsafe {
        let live = pick.as_ref()?.opaque[0] == LIVE;
        live.then(|| &*(*pick.cast::<Live>()).peer)
    }
}

/// Returns the peer that was chosen.
///
/// Ownership: borrowed until the pick is finished
/// Threads: any
/// Blocks: never
/// Calls back: none
/// Errors: none; `NULL` for a finished pick
/// Since: 0.1
#[unsafe(no_mangle)]
pub unsafe extern "C" fn peerage_pick_peer(pick: *const peerage_pick) -> *const peerage_peer {
    // SAFETY: pointers as the header demands.
    unsafe { peer_of(pick) }.map_or(ptr::null(), ptr::from_ref)
}

/// Returns the identifier of the peer that was chosen.
///
/// Ownership: borrowed until the pick is finished
/// Threads: any
/// Blocks: never
/// Calls back: none
/// Errors: none; empty for a finished pick
/// Since: 0.1
#[unsafe(no_mangle)]
pub unsafe extern "C" fn peerage_pick_id(pick: *const peerage_pick) -> peerage_str {
    // SAFETY: pointers as the header demands.
    unsafe { peer_of(pick) }.map_or(peerage_str::EMPTY, |peer| peer.id.lend())
}

/// Returns the pointer that the transport attached to the peer that was chosen.
///
/// Ownership: borrowed until the pick is finished, or another is attached
/// Threads: any
/// Blocks: never
/// Calls back: none
/// Errors: none; `NULL` for a finished pick
/// Since: 0.1
#[unsafe(no_mangle)]
pub unsafe extern "C" fn peerage_pick_data(pick: *const peerage_pick) -> *mut c_void {
    // SAFETY: pointers as the header demands.
    unsafe { peer_of(pick) }.map_or(ptr::null_mut(), peerage_peer::data)
}

/// Ends the request, once, and clears the pick. The chooser may be gone by now.
///
/// Ownership: consumes what `pick` held, not its memory
/// Threads: any, one at a time for one pick
/// Blocks: never
/// Calls back: finished, the policy's finished; release and drop when this was the last request of a removed peer
/// Errors: NULL_POINTER, INVALID_ARGUMENT (an unknown outcome: the pick is finished as abandoned), FINISHED (nothing changes)
/// Since: 0.1
#[unsafe(no_mangle)]
pub unsafe extern "C" fn peerage_pick_finish(pick: *mut peerage_pick, outcome: i32) -> i32 {
    checked(|| {
        // SAFETY: pointers as the header demands.
        let memory = unsafe { pick.as_mut() }.ok_or(PEERAGE_ERR_NULL_POINTER)?;
        if memory.opaque[0] != LIVE {
            return Err(PEERAGE_ERR_FINISHED);
        }
        // SAFETY: marked as live, and cleared before it can be read again.
        let live = unsafe { pick.cast::<Live>().read() };
        // SAFETY: as above.
        unsafe { pick.write(peerage_pick { opaque: [0; 4] }) };
        let (outcome, known) = match outcome {
            PEERAGE_SUCCESS => (Outcome::Success, true),
            PEERAGE_FAILURE => (Outcome::Failure, true),
            PEERAGE_OVERLOADED => (Outcome::Overloaded, true),
            PEERAGE_CANCELLED => (Outcome::Cancelled, true),
            PEERAGE_NOT_SENT => (Outcome::NotSent, true),
            PEERAGE_ABANDONED => (Outcome::Abandoned, true),
            _ => (Outcome::Abandoned, false),
        };
        live.pick.finish(outcome);
        if known { Ok(()) } else { Err(PEERAGE_ERR_INVALID_ARGUMENT) }
    })
}
