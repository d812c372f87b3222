//! A transport that needs no code: its peers are those that answer its probes.
//!
//! The library's own transport stands behind it, and each of its peers behind one that C knows, which
//! has that one's status, and data that the program may attach.

use std::ffi::{c_char, c_void};
use std::sync::Arc;

use super::error::{Failure, peerage_error, reported};
use super::status::{PEERAGE_ERR_NULL_POINTER, peerage_status};
use super::transport::{Callbacks, peerage_transport, peerage_transport_ops};
use super::types::{peerage_str, write_text};
use super::{checked, hold};

#[cfg(feature = "probing")]
use self::with_feature::{describe, doubt, make};
#[cfg(not(feature = "probing"))]
use self::without_feature::{describe, doubt, make};

#[cfg(feature = "probing")]
mod with_feature {
    use std::sync::Arc;

    use super::super::error::Failure;
    use super::super::followed::{Followed, Known};
    use super::super::peer::{Hooks, peerage_peer};
    use super::super::status::PEERAGE_ERR_UNSUPPORTED;
    use super::super::transport::{Callbacks, Maker, peerage_transport};
    use crate::transports::{ProbeOptions, Probing};
    use crate::{
        Identifier, Outcome, StatusReporter, Subscriber, Transport, TransportError, identify,
    };

    struct Probes {
        probing: Arc<Probing>,
        /// What the program does with the peers beside that.
        callbacks: Option<Callbacks>,
    }

    /// Passes on that a peer's status has changed.
    struct Relay(StatusReporter);

    impl Subscriber for Relay {
        fn notify_status_changed(&self, _: &dyn Identifier) {
            self.0.notify();
        }
    }

    impl Maker for Probes {
        fn retain(&self, peer: &peerage_peer) -> Result<(), TransportError> {
            let subscriber: Arc<dyn Subscriber> = Arc::new(Relay(peer.reporter.clone()));
            let id = identify(peer.identifier());
            let probed = self.probing.retain_peer(&id, Arc::clone(&subscriber))?;
            // It is empty: a peer is retained once.
            peer.known.set(Known::Followed(Followed { peer: probed, subscriber }));
            let Some(callbacks) = &self.callbacks else { return Ok(()) };
            callbacks.retain(peer).inspect_err(|_| drop(self.unprobe(peer)))
        }

        fn release(&self, peer: &peerage_peer) -> Result<(), TransportError> {
            if let Some(callbacks) = &self.callbacks {
                callbacks.release(peer);
            }
            self.unprobe(peer)
        }

        fn probing(&self) -> Option<&Probing> {
            Some(&self.probing)
        }
    }

    impl Probes {
        fn unprobe(&self, peer: &peerage_peer) -> Result<(), TransportError> {
            let Some(followed) = peer.followed() else { return Ok(()) };
            self.probing.release_peer(&identify(peer.identifier()), &followed.subscriber)
        }
    }

    impl Hooks for Probes {
        fn any(&self) -> bool {
            self.probing.options().doubt_failures || self.callbacks.as_ref().is_some_and(Hooks::any)
        }

        fn ends(&self) -> bool {
            let doubts = self.probing.options().doubt_failures;
            doubts || self.callbacks.as_ref().is_some_and(Hooks::ends)
        }

        fn started(&self, peer: &peerage_peer) {
            if let Some(callbacks) = &self.callbacks {
                callbacks.started(peer);
            }
        }

        fn finished(&self, peer: &peerage_peer, outcome: Outcome) {
            if let Some(callbacks) = &self.callbacks {
                callbacks.finished(peer, outcome);
            }
            if let Some(followed) = peer.followed().filter(|it| it.peer.watches_requests()) {
                followed.peer.end_request(outcome);
            }
        }
    }

    pub(super) fn make(
        options: &str,
        callbacks: Option<Callbacks>,
    ) -> Result<peerage_transport, Failure> {
        let probing = Probing::new(options.parse::<ProbeOptions>()?);
        Ok(peerage_transport::new(Arc::new(Probes { probing, callbacks })))
    }

    fn probes(transport: &peerage_transport) -> Result<&Probing, Failure> {
        transport.probing().ok_or_else(|| {
            let what = "this transport does not probe: it is one of callbacks";
            Failure::new(PEERAGE_ERR_UNSUPPORTED, what)
        })
    }

    pub(super) fn doubt(transport: &peerage_transport, id: &str) -> Result<(), Failure> {
        probes(transport)?.doubt(id);
        Ok(())
    }

    pub(super) fn describe(transport: &peerage_transport) -> Result<String, Failure> {
        let lines = probes(transport)?.introspect();
        Ok(lines.iter().map(|status| format!("{status}\n")).collect())
    }
}

#[cfg(not(feature = "probing"))]
mod without_feature {
    use super::super::status::PEERAGE_ERR_UNSUPPORTED;
    use super::{Callbacks, Failure, peerage_transport};

    fn missing<T>() -> Result<T, Failure> {
        let what = "this build has no probes: it was made without the feature \"probing\"";
        Err(Failure::new(PEERAGE_ERR_UNSUPPORTED, what))
    }

    pub(super) fn make(_: &str, _: Option<Callbacks>) -> Result<peerage_transport, Failure> {
        missing()
    }

    pub(super) fn doubt(_: &peerage_transport, _: &str) -> Result<(), Failure> {
        missing()
    }

    pub(super) fn describe(_: &peerage_transport) -> Result<String, Failure> {
        missing()
    }
}

/// Makes a transport that finds out by itself which peers are up, and writes a handle with one reference
/// to `out`. Its peers are called `HOST:PORT`; it keeps no connections.
///
/// `options` is `key=value[,key=value]...`, such as `check=http,path=/healthz,interval=1s`, or empty: it
/// connects by TCP every two seconds. peerage_catalogue_probe_option has the keys. A peer is available
/// from its first good probe on, and after `rise` of them; it is not after `fall` failed ones in a row,
/// but for the last that is available: probes alone never take that one out. So make one transport for
/// each service.
///
/// Ownership: `options` is borrowed for the call; `out` is the caller's, for peerage_transport_unref
/// Threads: any; the transport has a thread while it has peers, and up to four more while names are resolved
/// Blocks: never
/// Calls back: none
/// Errors: UNSUPPORTED (the build has no probes: peerage_has), NULL_POINTER, INVALID_ARGUMENT (an option, which the error names), INVALID_UTF8
/// Since: 0.1
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn peerage_transport_probing_new(
    options: peerage_str,
    out: *mut *const peerage_transport,
    err: *mut *mut peerage_error,
) -> peerage_status {
    // SAFETY: pointers as the header demands.
    unsafe {
        reported(err, || {
            let options = options.text().map_err(|status| Failure::of(status, "options"))?;
            if out.is_null() {
                return Err(Failure::of(PEERAGE_ERR_NULL_POINTER, "out"));
            }
            out.write(Arc::into_raw(Arc::new(make(options, None)?)));
            Ok(())
        })
    }
}

/// Makes such a transport, and has the program called as one of peerage_transport_new is: to attach data
/// to the peers, or to connect to those that are wanted. How they are the probes say: `retain` pushes no
/// status, and peerage_peer_set_status answers UNSUPPORTED.
///
/// Ownership: consumes `ctx`, also on failure (of `ops` without a `drop` nothing can be called); `options` is borrowed for the call; `out` is the caller's, for peerage_transport_unref
/// Threads: as for peerage_transport_probing_new; `drop` is called on the thread that probes, if that tells a chooser something while the last reference is given back
/// Blocks: never
/// Calls back: drop, on failure
/// Errors: as for peerage_transport_probing_new; NULL_POINTER (`ops`, `retain` or `release`), INVALID_ARGUMENT (`size`)
/// Since: 0.1
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn peerage_transport_probing_with(
    options: peerage_str,
    ops: *const peerage_transport_ops,
    ctx: *mut c_void,
    out: *mut *const peerage_transport,
    err: *mut *mut peerage_error,
) -> peerage_status {
    // SAFETY: pointers as the header demands.
    unsafe {
        reported(err, || {
            let callbacks = Callbacks::new(ops, ctx, out.is_null())?;
            let options = options.text().map_err(|status| Failure::of(status, "options"))?;
            out.write(Arc::into_raw(Arc::new(make(options, Some(callbacks))?)));
            Ok(())
        })
    }
}

/// Says that a request to a peer has failed: if it is up, it is probed now rather than when it is due.
/// Cheap enough for each request that fails, and a peer that the transport does not have is ignored.
/// With the option `doubt-failures` each pick that is finished with `PEERAGE_OUTCOME_FAILURE` says so.
///
/// Ownership: `id` is borrowed for the call
/// Threads: any
/// Blocks: never
/// Calls back: none
/// Errors: NULL_POINTER, INVALID_UTF8, INVALID_ARGUMENT (`id` has a NUL), UNSUPPORTED (a transport of callbacks)
/// Since: 0.1
#[unsafe(no_mangle)]
pub unsafe extern "C" fn peerage_transport_doubt(
    transport: *const peerage_transport,
    id: peerage_str,
) -> peerage_status {
    // SAFETY: pointers as the header demands.
    checked(|| unsafe {
        let transport = hold(transport)?;
        doubt(&transport, id.name()?).map_err(|failure| failure.status())
    })
}

/// Writes what a transport that probes thinks of its peers, for people, a line each in the order of
/// their names, to `buf`, cut to `buf_len` bytes and always NUL-terminated:
/// `10.0.0.1:80 is down for 3s: cannot connect: ...`.
///
/// `needed` (may be `NULL`) gets the length of the whole text, the terminator not counted. `buf`
/// may be `NULL` when `buf_len` is 0.
///
/// Ownership: writes `buf` and `needed` on success
/// Threads: any
/// Blocks: never
/// Calls back: none
/// Errors: NULL_POINTER, UNSUPPORTED (a transport of callbacks)
/// Since: 0.1
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn peerage_transport_describe(
    transport: *const peerage_transport,
    buf: *mut c_char,
    buf_len: usize,
    needed: *mut usize,
) -> peerage_status {
    // SAFETY: pointers as the header demands.
    checked(|| unsafe {
        let transport = hold(transport)?;
        let text = describe(&transport).map_err(|failure| failure.status())?;
        write_text(&text, buf, buf_len, needed)
    })
}
