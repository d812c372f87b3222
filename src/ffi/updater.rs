//! An updater: feeds a chooser with the peers that a source knows.

use std::sync::{Arc, Weak};

use super::chooser::peerage_chooser;
use super::error::{Failure, peerage_error, reported};
use super::status::{
    PEERAGE_ERR_NOT_FOUND, PEERAGE_ERR_NULL_POINTER, PEERAGE_ERR_UNSUPPORTED, peerage_status,
};
use super::types::{Text, peerage_str};
use super::{add_ref, checked, hold, un_ref};
use crate::error::UpdateError;
use crate::events::Event;
use crate::sources::SourceUri;
use crate::updaters::{SourceCounts, Watching};
use crate::{ChooserStatus, Identifier, Lifecycle, List, ListUpdates, SourceStatus};

/// Feeds a chooser with the peers that a source knows, in a thread of its own while it runs.
pub struct peerage_updater {
    pub(super) watching: Watching,
    pub(super) uri: Text,
}

/// An updater of a chooser, as that knows it: it does not keep it.
pub(super) struct Feeding {
    updater: Weak<peerage_updater>,
    /// To look at the source: the last reference to an updater stops it, and may call back.
    counts: Weak<SourceCounts>,
}

impl peerage_chooser {
    /// Notes an updater, until that is gone.
    fn fed_by(&self, updater: &Arc<peerage_updater>) {
        let counts = Arc::downgrade(updater.watching.counts());
        let mut feeding = self.feeding.lock();
        feeding.retain(|one| one.counts.strong_count() > 0);
        feeding.push(Feeding { updater: Arc::downgrade(updater), counts });
    }

    /// How the sources of its updaters have been, in the order in which those were made.
    pub(super) fn sources(&self) -> Vec<SourceStatus> {
        let counts: Vec<_> =
            self.feeding.lock().iter().filter_map(|one| one.counts.upgrade()).collect();
        counts.iter().map(|counts| counts.status()).collect()
    }

    /// What it looks like, with the source of the updater that was made last.
    pub(super) fn introspect(&self) -> ChooserStatus {
        ChooserStatus { source: self.sources().pop(), ..self.chooser().introspect() }
    }
}

impl List for peerage_chooser {
    fn update(&self, updates: ListUpdates) -> Result<(), UpdateError> {
        self.kind.update(updates)
    }

    fn replace(&self, peers: Vec<Arc<dyn Identifier>>) -> Result<(), UpdateError> {
        self.kind.replace(peers)
    }

    fn tell(&self, event: &Event<'_>) {
        self.kind.tell(event);
    }
}

impl Drop for peerage_updater {
    fn drop(&mut self) {
        // The chooser has told its log of what failed.
        let _ = self.watching.stop();
    }
}

/// Makes an updater that is not started, and writes a handle with one reference to `out`.
///
/// `uri` is `scheme:rest[#key=value[,key=value]...]`, such as `dns:users.internal:8080` or
/// `file:/etc/users.peers#allow-empty`; peerage_catalogue_scheme has the schemes and their keys. The
/// source is asked nothing yet. While the updater runs nothing else should add peers to the chooser or
/// remove them: each answer of the source is the whole set.
///
/// Ownership: takes a reference to the chooser, which thus lives as long; `uri` is borrowed for the call; `out` is the caller's, for peerage_updater_unref
/// Threads: any
/// Blocks: never
/// Calls back: none
/// Errors: NULL_POINTER, INVALID_UTF8, INVALID_ARGUMENT (the URI: the error says which part, and what would be right), UNSUPPORTED (the build has no such source, and the error names the feature; a chooser `direct`, which takes no updates)
/// Since: 0.1
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn peerage_updater_new(
    chooser: *const peerage_chooser,
    uri: peerage_str,
    out: *mut *const peerage_updater,
    err: *mut *mut peerage_error,
) -> peerage_status {
    // SAFETY: pointers as the header demands.
    unsafe {
        reported(err, || {
            let chooser = hold(chooser).map_err(|status| Failure::of(status, "chooser"))?;
            let uri = uri.text().map_err(|status| Failure::of(status, "uri"))?;
            if out.is_null() {
                return Err(Failure::of(PEERAGE_ERR_NULL_POINTER, "out"));
            }
            if chooser.list().is_none() {
                let what = "direct takes no updates: its peers come from its requests";
                return Err(Failure::new(PEERAGE_ERR_UNSUPPORTED, what));
            }
            let uri: SourceUri = uri.parse()?;
            let fed = Arc::clone(&chooser);
            let watching = Watching::from_uri(chooser, &uri)?;
            let uri = Text::new(&watching.status().source);
            let updater = Arc::new(peerage_updater { watching, uri });
            fed.fed_by(&updater);
            out.write(Arc::into_raw(updater));
            Ok(())
        })
    }
}

/// Writes the updater of a chooser to `out`, with a reference to it: of those that anything has, the one that
/// was made last, whether or not it runs.
///
/// Ownership: `out` is the caller's, for peerage_updater_unref
/// Threads: any
/// Blocks: never
/// Calls back: none
/// Errors: NULL_POINTER, NOT_FOUND (none was made, or all are gone)
/// Since: 0.1
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn peerage_chooser_updater(
    chooser: *const peerage_chooser,
    out: *mut *const peerage_updater,
) -> peerage_status {
    checked(|| {
        // SAFETY: pointers as the header demands.
        let chooser = unsafe { hold(chooser) }?;
        if out.is_null() {
            return Err(PEERAGE_ERR_NULL_POINTER);
        }
        let last = |feeding: &[Feeding]| feeding.iter().rev().find_map(|one| one.updater.upgrade());
        let updater = last(&chooser.feeding.lock()).ok_or(PEERAGE_ERR_NOT_FOUND)?;
        // SAFETY: as above.
        unsafe { out.write(Arc::into_raw(updater)) };
        Ok(())
    })
}

/// Takes one more reference and returns `updater`.
///
/// Ownership: the new reference is the caller's
/// Threads: any
/// Blocks: never
/// Calls back: none
/// Errors: none; `NULL` gives `NULL`
/// Since: 0.1
#[unsafe(no_mangle)]
pub unsafe extern "C" fn peerage_updater_ref(
    updater: *const peerage_updater,
) -> *const peerage_updater {
    // SAFETY: `NULL` or a live handle.
    unsafe { add_ref(updater) }
}

/// Gives one reference back. The last one stops the updater, as peerage_updater_stop does, and lets go
/// of the chooser; its thread, if a source keeps it, does so when that returns.
///
/// Ownership: consumes one reference
/// Threads: any
/// Blocks: the last one as peerage_updater_stop
/// Calls back: release, drop, the policy's unavailable, ready notices, the log
/// Errors: none; `NULL` does nothing
/// Since: 0.1
#[unsafe(no_mangle)]
pub unsafe extern "C" fn peerage_updater_unref(updater: *const peerage_updater) {
    // SAFETY: `NULL` or a live handle of the caller's.
    unsafe { un_ref(updater) };
}

/// Begins to ask the source, and to feed the chooser with what it answers. `static` answers before this
/// returns, the others later: choices wait until there are peers. Idempotent; not after a stop.
///
/// When the source fails, or answers with no peers, those that there are stay, and it is asked again
/// after longer and longer pauses: peerage_updater_status counts, and the chooser's log tells of it.
///
/// Ownership: borrows `updater`
/// Threads: any; until it is stopped, what feeding calls back is called on the updater's thread
/// Blocks: while another thread starts it, unless that one waits for this one
/// Calls back: as peerage_chooser_update
/// Errors: NULL_POINTER, STOPPED, REJECTED (there is no thread to be had, and it may be tried again)
/// Since: 0.1
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn peerage_updater_start(
    updater: *const peerage_updater,
    err: *mut *mut peerage_error,
) -> peerage_status {
    // SAFETY: pointers as the header demands.
    unsafe { reported(err, || Ok(hold(updater)?.watching.start()?)) }
}

/// Asks the source no more, and takes its peers out of the chooser. To keep them until the end, stop
/// the chooser first. Idempotent.
///
/// Ownership: borrows `updater`
/// Threads: any
/// Blocks: for 50 ms at most, if the callbacks return; while another thread stops it, unless that one waits for this one
/// Calls back: release, the policy's unavailable, ready notices, the log
/// Errors: NULL_POINTER, PANIC
/// Since: 0.1
#[unsafe(no_mangle)]
pub unsafe extern "C" fn peerage_updater_stop(
    updater: *const peerage_updater,
    err: *mut *mut peerage_error,
) -> peerage_status {
    // SAFETY: pointers as the header demands.
    unsafe { reported(err, || Ok(hold(updater)?.watching.stop()?)) }
}

/// Ends the pause that the source is in, so that it is asked again at once. Does nothing if it is being
/// asked now, or the updater does not run. It does not wait for the answer.
///
/// Ownership: borrows `updater`
/// Threads: any
/// Blocks: never
/// Calls back: none
/// Errors: NULL_POINTER
/// Since: 0.1
#[unsafe(no_mangle)]
pub unsafe extern "C" fn peerage_updater_refresh(
    updater: *const peerage_updater,
) -> peerage_status {
    checked(|| {
        // SAFETY: `NULL` or a live handle.
        unsafe { hold(updater) }?.watching.refresh();
        Ok(())
    })
}
