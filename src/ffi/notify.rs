//! Waiting without a thread: one call when it is worth trying again.

use std::ffi::c_void;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use super::chooser::peerage_chooser;
use super::error::{Failure, peerage_error, reported};
use super::request::{peerage_request, with_request};
use super::status::{
    PEERAGE_ERR_NOT_FOUND, PEERAGE_ERR_NULL_POINTER, PEERAGE_ERR_UNSUPPORTED, PEERAGE_OK,
    peerage_status,
};
use super::types::{Context, peerage_drop_fn};
use super::{checked, hold};
use crate::PeerList;
use crate::wait::NoticeId;

/// Called once: with `PEERAGE_OK` when it is worth trying again, with `PEERAGE_ERR_STOPPED` when
/// the chooser has stopped, with `PEERAGE_ERR_QUEUE_FULL`, from inside the call that asked, when as many
/// wait as may (the option `max-waiting`): then give the request up. It may call any function, and ask
/// for the next notice.
pub type peerage_ready_fn =
    Option<unsafe extern "C-unwind" fn(ctx: *mut c_void, status: peerage_status)>;

/// Whether a notice's number may still be written to memory of the caller's, which `ready` may free.
///
/// ```text
///  UNSAID ──the thread that asked──▶ SAYING ──▶ SAID
///     └──────── ready is called ────────────────▶ CALLED: the number stays 0
/// ```
struct Number(AtomicU8);

const UNSAID: u8 = 0;
const SAYING: u8 = 1;
const SAID: u8 = 2;
const CALLED: u8 = 3;

impl Number {
    /// Runs `write` unless `ready` has been called.
    fn say(&self, write: impl FnOnce()) {
        // Relaxed: what matters is that one of the two threads is first.
        if self.0.compare_exchange(UNSAID, SAYING, Ordering::Relaxed, Ordering::Relaxed).is_ok() {
            write();
            // Release pairs with `before_call`: the write is over when `ready` begins.
            self.0.store(SAID, Ordering::Release);
        }
    }

    /// Nothing is written from now on.
    fn before_call(&self) {
        // The other thread is between two stores: this is not for long.
        while let Err(SAYING) =
            self.0.compare_exchange(UNSAID, CALLED, Ordering::Acquire, Ordering::Acquire)
        {
            std::thread::yield_now();
        }
    }
}

/// Calls `ready` once, when peerage_chooser_try_choose is worth trying: at once if a peer can be
/// chosen for `request` now, otherwise when one becomes available or the chooser starts or stops.
///
/// It takes no peer with it. `id` (may be `NULL`) gets a number for
/// peerage_chooser_notify_cancel, or 0 if `ready` has been called already, or is about to be: it is
/// not written after `ready` has begun, which may free it.
///
/// Notices of a chooser are not given one inside another: one that comes due on a thread that is in a
/// `ready` of the chooser is given when that has returned, before the call that gave the first one
/// returns.
///
/// Ownership: consumes `ctx`, also on failure: `drop` (may be `NULL`) is called once, after `ready` or instead of it
/// Threads: any
/// Blocks: never; with a policy of one's own until it has returned from another thread's call
/// Calls back: ready, drop; the policy's choose, and finished if it finds a peer; with `direct` retain and release; with `eject=` the policy's available and unavailable, other ready notices, the log
/// Errors: NULL_POINTER (`chooser`, `ready`), INVALID_ARGUMENT, INVALID_UTF8 (a header's name, an identifier to avoid or prefer)
/// Since: 0.1
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn peerage_chooser_notify_ready(
    chooser: *const peerage_chooser,
    request: *const peerage_request,
    ready: peerage_ready_fn,
    ctx: *mut c_void,
    drop: peerage_drop_fn,
    id: *mut u64,
) -> peerage_status {
    checked(|| {
        let context = Context { ctx, drop };
        let ready = ready.ok_or(PEERAGE_ERR_NULL_POINTER)?;
        // SAFETY: pointers as the header demands.
        let chooser = unsafe { hold(chooser) }?;
        let number = Arc::new(Number(AtomicU8::new(UNSAID)));
        let given = Arc::clone(&number);
        let notice = Box::new(move |reason| {
            let context = context;
            given.before_call();
            let status = match reason {
                crate::Ready::TryAgain => PEERAGE_OK,
                crate::Ready::QueueFull => super::status::PEERAGE_ERR_QUEUE_FULL,
                crate::Ready::Stopped => super::status::PEERAGE_ERR_STOPPED,
            };
            // SAFETY: the user's own pair.
            unsafe { ready(context.ctx, status) };
        });
        let ask = |request: &crate::Request<'_>| {
            chooser.check(request)?;
            if !id.is_null() {
                // SAFETY: pointers as the header demands. Nothing has been called yet.
                unsafe { id.write(0) };
            }
            Ok(chooser.chooser().notify_ready(request, notice))
        };
        // SAFETY: as above.
        let entered = unsafe { with_request(request, ask) }?;
        if let (Some(NoticeId(entered)), false) = (entered, id.is_null()) {
            // SAFETY: as above, and not freed by `ready`, which has not begun.
            number.say(|| unsafe { id.write(entered + 1) });
        }
        Ok(())
    })
}

/// Takes a notice back: its `ready` will not be called.
///
/// Ownership: borrows `chooser`
/// Threads: any
/// Blocks: never
/// Calls back: drop of the notice; another ready notice, if the number is of one that was called already
/// Errors: NULL_POINTER, NOT_FOUND (it was called, or is about to be)
/// Since: 0.1
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn peerage_chooser_notify_cancel(
    chooser: *const peerage_chooser,
    id: u64,
) -> peerage_status {
    checked(|| {
        // SAFETY: `NULL` or a live handle.
        let chooser = unsafe { hold(chooser) }?;
        let id = id.checked_sub(1).ok_or(PEERAGE_ERR_NOT_FOUND)?;
        let cancelled = chooser.chooser().cancel_notice(NoticeId(id));
        if cancelled { Ok(()) } else { Err(PEERAGE_ERR_NOT_FOUND) }
    })
}

/// Writes to `out` a descriptor that is readable while a peer can be chosen, and for good when the
/// chooser has stopped: for epoll, poll, and event loops that are built on them. It is made by the
/// first call, an eventfd on Linux and the end of a pipe elsewhere, and is the same from then on.
///
/// It says that a peer is available, not that it will do for every request: one that is avoided, at
/// its capacity, or not the one that a key names. For those there is peerage_chooser_notify_ready.
/// Only look at it: do not read, write or close it. Watch it while there are requests to send, and not
/// while there are none, as it stays readable.
///
/// Ownership: borrowed from `chooser`, until the last reference is given back
/// Threads: any
/// Blocks: never
/// Calls back: none
/// Errors: NULL_POINTER, UNSUPPORTED (by `direct`, and on Windows), REJECTED (the system has none to give)
/// Since: 0.1
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn peerage_chooser_ready_fd(
    chooser: *const peerage_chooser,
    out: *mut i32,
    err: *mut *mut peerage_error,
) -> peerage_status {
    // SAFETY: pointers as the header demands.
    unsafe {
        reported(err, || {
            let chooser = hold(chooser)?;
            if out.is_null() {
                return Err(Failure::of(PEERAGE_ERR_NULL_POINTER, "out"));
            }
            let list = chooser.list().ok_or_else(|| {
                let what =
                    "direct has no peers but those that it is asked for, and so no descriptor";
                Failure::new(PEERAGE_ERR_UNSUPPORTED, what)
            })?;
            out.write(fd_of(list)?);
            Ok(())
        })
    }
}

#[cfg(unix)]
fn fd_of(list: &PeerList) -> Result<i32, Failure> {
    use super::status::PEERAGE_ERR_REJECTED;
    use std::os::fd::AsRawFd;
    match list.ready_fd() {
        Ok(fd) => Ok(fd.as_raw_fd()),
        Err(error) => Err(Failure::new(PEERAGE_ERR_REJECTED, error)),
    }
}

#[cfg(not(unix))]
fn fd_of(_: &PeerList) -> Result<i32, Failure> {
    Err(Failure::new(PEERAGE_ERR_UNSUPPORTED, "no descriptor can be polled on this system"))
}
