//! A transport: made of C functions, or one of the library's that probes (`probing.rs`). Choosers that
//! share it share its peers: the C side hears of a peer when the first of them retains it and when the
//! last lets it go.
//!
//! A peer is shared once `retain` has accepted it, not before: a chooser that asks for the same peer
//! meanwhile must not be given one that is then refused, and cannot wait for the answer, because it
//! may ask from inside that very `retain`. So it asks the C side for a peer of its own. Whichever is
//! accepted second is released at once.

use std::ffi::c_void;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::error::{Failure, peerage_error, reported};
use super::peer::{Hooks, peerage_peer};
use super::status::{PEERAGE_ERR_NULL_POINTER, peerage_status};
use super::types::{
    Context, SizeFirst, peerage_drop_fn, peerage_outcome, peerage_str, read_prefix,
};
use super::{add_ref, un_ref};
use crate::{Identifier, Outcome, Peer, Registry, Subscriber, Transport, TransportError};

/// The callbacks of a transport. No lock of the library is held while one runs, and each may call
/// any function. Set `size` to `sizeof(peerage_transport_ops)`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct peerage_transport_ops {
    /// The size of this struct.
    pub size: usize,
    /// Required: a peer is wanted. Return 0, or a positive number of your own to refuse. `peer` is
    /// borrowed until `release` returns: take a reference to keep it longer. A status may be pushed
    /// before this returns. Peers are told apart by `peer`, not by `id`: if two choosers that share
    /// the transport want the same peer at the same moment, this may be called for both, and one is
    /// released at once.
    pub retain: Option<
        unsafe extern "C-unwind" fn(
            ctx: *mut c_void,
            peer: *const peerage_peer,
            id: peerage_str,
        ) -> i32,
    >,
    /// Required: the peer is not wanted any more. Called once per `retain` that returned 0.
    pub release: Option<unsafe extern "C-unwind" fn(ctx: *mut c_void, peer: *const peerage_peer)>,
    /// Optional: a request was given to the peer.
    pub started: Option<unsafe extern "C-unwind" fn(ctx: *mut c_void, peer: *const peerage_peer)>,
    /// Optional: a request has ended.
    pub finished: Option<
        unsafe extern "C-unwind" fn(
            ctx: *mut c_void,
            peer: *const peerage_peer,
            outcome: peerage_outcome,
        ),
    >,
    /// Optional: the last call ever for `ctx`.
    pub drop: peerage_drop_fn,
}

// SAFETY: `repr(C)`, size first, all fields may be zero.
unsafe impl SizeFirst for peerage_transport_ops {}

pub(super) struct Callbacks {
    ops: peerage_transport_ops,
    context: Context,
}

impl Hooks for Callbacks {
    fn any(&self) -> bool {
        self.ops.started.is_some() || self.ops.finished.is_some()
    }

    fn ends(&self) -> bool {
        self.ops.finished.is_some()
    }

    fn started(&self, peer: &peerage_peer) {
        if let Some(started) = self.ops.started {
            // SAFETY: the user's own function; the peer is retained.
            unsafe { started(self.context.ctx, peer) };
        }
    }

    fn finished(&self, peer: &peerage_peer, outcome: Outcome) {
        if let Some(finished) = self.ops.finished {
            // SAFETY: as above.
            unsafe { finished(self.context.ctx, peer, outcome as i32) };
        }
    }
}

impl Callbacks {
    /// Takes the context over, also on failure. `lacks_out`: there is nowhere to write the handle to.
    ///
    /// # Safety
    ///
    /// `ops` is `NULL` or points to as many bytes as it says.
    pub(super) unsafe fn new(
        ops: *const peerage_transport_ops,
        ctx: *mut c_void,
        lacks_out: bool,
    ) -> Result<Self, Failure> {
        // SAFETY: by contract of the caller.
        let (ops, understood) = unsafe { read_prefix(ops) }?;
        let context = Context { ctx, drop: ops.drop };
        understood?;
        if ops.retain.is_none() || ops.release.is_none() || lacks_out {
            let what = "ops.retain, ops.release and out must not be NULL";
            return Err(Failure::new(PEERAGE_ERR_NULL_POINTER, what));
        }
        Ok(Self { ops, context })
    }

    pub(super) fn retain(&self, peer: &peerage_peer) -> Result<(), TransportError> {
        let Some(retain) = self.ops.retain else { return Ok(()) };
        let ctx = self.context.ctx;
        // SAFETY: the user's own function, with arguments as the header promises.
        let answer =
            crate::panics::catch("retain", || unsafe { retain(ctx, peer, peer.id.lend()) });
        match answer {
            Ok(0) => Ok(()),
            Ok(number) => Err(Box::new(Refused(number))),
            Err(panicked) => Err(panicked.into()),
        }
    }

    pub(super) fn release(&self, peer: &peerage_peer) {
        if let Some(release) = self.ops.release {
            // SAFETY: the user's own function; the peer lives until it returns.
            unsafe { release(self.context.ctx, peer) };
        }
    }
}

/// What stands behind a transport: who makes its peers.
pub(super) trait Maker: Hooks {
    fn retain(&self, peer: &peerage_peer) -> Result<(), TransportError>;

    fn release(&self, peer: &peerage_peer) -> Result<(), TransportError>;

    /// The probes, if its peers are those that answer them.
    #[cfg(feature = "probing")]
    fn probing(&self) -> Option<&crate::transports::Probing> {
        None
    }
}

impl Maker for Callbacks {
    fn retain(&self, peer: &peerage_peer) -> Result<(), TransportError> {
        Self::retain(self, peer)
    }

    fn release(&self, peer: &peerage_peer) -> Result<(), TransportError> {
        Self::release(self, peer);
        Ok(())
    }
}

/// A transport: makes and shares peers.
pub struct peerage_transport {
    maker: Arc<dyn Maker>,
    /// The same one, as its peers know it.
    hooks: Arc<dyn Hooks>,
    peers: Registry<peerage_peer>,
}

impl peerage_transport {
    pub(super) fn new(maker: Arc<impl Maker + 'static>) -> Self {
        let hooks = Arc::clone(&maker) as Arc<dyn Hooks>;
        Self { maker, hooks, peers: Registry::new("peerage_transport") }
    }

    #[cfg(feature = "probing")]
    pub(super) fn probing(&self) -> Option<&crate::transports::Probing> {
        self.maker.probing()
    }

    pub(super) fn hooks(&self) -> &Arc<dyn Hooks> {
        &self.hooks
    }

    fn call_retain(&self, peer: &peerage_peer) -> Result<(), TransportError> {
        self.maker.retain(peer)
    }

    fn call_release(&self, peer: &peerage_peer) -> Result<(), TransportError> {
        peer.gone.store(true, Ordering::Release);
        self.maker.release(peer)
    }
}

#[derive(Debug, thiserror::Error)]
#[error("the transport refused it with {0}")]
struct Refused(i32);

impl Transport for peerage_transport {
    fn retain_peer(
        &self,
        id: &Arc<dyn Identifier>,
        subscriber: Arc<dyn Subscriber>,
    ) -> Result<Arc<dyn Peer>, TransportError> {
        let name = id.identifier();
        let hooks = Arc::clone(&self.hooks);
        let (peer, surplus) = self.peers.try_retain_as(&**id, subscriber, |reporter| {
            let peer = Arc::new(peerage_peer::new(name, &hooks, reporter));
            match self.call_retain(&peer) {
                Ok(()) => Ok(peer),
                Err(error) => {
                    peer.gone.store(true, Ordering::Release);
                    Err(error)
                }
            }
        })?;
        if let Some(surplus) = surplus {
            self.call_release(&surplus)?;
        }
        Ok(peer)
    }

    fn release_peer(
        &self,
        id: &Arc<dyn Identifier>,
        subscriber: &Arc<dyn Subscriber>,
    ) -> Result<(), TransportError> {
        let Some(peer) = self.peers.release(id.identifier(), subscriber)? else { return Ok(()) };
        self.call_release(&peer)
    }
}

/// Makes a transport of callbacks, and writes a handle with one reference to `out`.
///
/// Ownership: consumes `ctx`, also on failure (of `ops` without a `drop` nothing can be called); `out` is the caller's, for peerage_transport_unref
/// Threads: any
/// Blocks: never
/// Calls back: drop, on failure
/// Errors: NULL_POINTER (`ops`, `out`, `retain` or `release`), INVALID_ARGUMENT (`size`)
/// Since: 0.1
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn peerage_transport_new(
    ops: *const peerage_transport_ops,
    ctx: *mut c_void,
    out: *mut *const peerage_transport,
    err: *mut *mut peerage_error,
) -> peerage_status {
    // SAFETY: pointers as the header demands.
    unsafe {
        reported(err, || {
            let callbacks = Arc::new(Callbacks::new(ops, ctx, out.is_null())?);
            out.write(Arc::into_raw(Arc::new(peerage_transport::new(callbacks))));
            Ok(())
        })
    }
}

/// Takes one more reference and returns `transport`.
///
/// Ownership: the new reference is the caller's
/// Threads: any
/// Blocks: never
/// Calls back: none
/// Errors: none; `NULL` gives `NULL`
/// Since: 0.1
#[unsafe(no_mangle)]
pub unsafe extern "C" fn peerage_transport_ref(
    transport: *const peerage_transport,
) -> *const peerage_transport {
    // SAFETY: `NULL` or a live handle.
    unsafe { add_ref(transport) }
}

/// Gives one reference back. Choosers that use the transport keep it alive.
///
/// Ownership: consumes one reference
/// Threads: any
/// Blocks: never; the last one of a transport that probes until its thread has ended, 0.1 s at most
/// Calls back: drop
/// Errors: none; `NULL` does nothing
/// Since: 0.1
#[unsafe(no_mangle)]
pub unsafe extern "C" fn peerage_transport_unref(transport: *const peerage_transport) {
    // SAFETY: `NULL` or a live handle of the caller's.
    unsafe { un_ref(transport) };
}
