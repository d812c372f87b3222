//! `direct`: the peer that the request names.

use std::sync::{Arc, OnceLock};

use super::choice::{AskAgain, Choice, Nothing, Watch};
use super::contract::{Policy, Seal};
use super::engine::{NameIndex, NotPinned};
use crate::outcome::Finish;
use crate::request::Request;
use crate::roster::{Entry, IndexRef, Roster};
use crate::settings::Label;
use crate::slot::{Key, Pinned};

/// The name it has in texts.
pub(super) const NAME: Label = Label::new(c"direct");

/// How many peers a chooser of it keeps that no request needs, unless it is told otherwise.
pub(crate) const KEEP: u32 = 64;

/// Picks the peer that the request's shard key names. See [`Direct`](crate::Direct), which makes a
/// list of it that grows by the names it is asked for.
#[derive(Debug)]
pub struct Direct {
    members: Arc<NameIndex>,
    /// Whether its list grows by the names it is asked for. Otherwise an updater may add a name at
    /// any time, so a request for one that is not in the list waits for that.
    grows: bool,
    /// Not in the index, which notices that wait in the gate keep alive.
    ask_again: OnceLock<AskAgain>,
}

impl Default for Direct {
    fn default() -> Self {
        Self::new()
    }
}

impl Direct {
    /// The policy.
    #[must_use]
    pub fn new() -> Self {
        Self { grows: false, ..Self::keeping(usize::MAX) }
    }

    /// The policy of a list that grows by the names it is asked for, and keeps so many when no
    /// caller needs them.
    pub(crate) fn keeping(keep: usize) -> Self {
        let members = Arc::new(NameIndex::new(keep));
        Self { members, grows: true, ask_again: OnceLock::new() }
    }

    pub(crate) fn members(&self) -> &Arc<NameIndex> {
        &self.members
    }

    /// Has the callers look again that wait for the peer called `name`.
    pub(crate) fn ask_again_for(&self, name: &str) {
        if let Some(ask_again) = self.ask_again.get() {
            ask_again.ask_again_for(name);
        }
    }
}

impl Policy for Direct {
    fn name(&self) -> &str {
        NAME.as_str()
    }

    fn choose<'r>(&'r self, roster: &'r Roster, request: &Request<'_>) -> Choice<'r> {
        let name = request.shard_key_text().ok_or(Nothing::NotTheNamed)?;
        self.members.pin(roster, name).map_err(|why| match why {
            NotPinned::Full => Nothing::AtCapacity,
            NotPinned::NotInList if self.grows => Nothing::NotInList,
            NotPinned::NotInList | NotPinned::NotAvailable => Nothing::NotTheNamed,
        })
    }

    fn choose_other<'r>(&'r self, _: &'r Roster, _: &Request<'_>, _: &[Key]) -> Choice<'r> {
        // The request names its peer: no other will do.
        Err(Nothing::Excluded)
    }

    fn choose_preferred<'r>(
        &'r self,
        _: &'r Roster,
        _: &Request<'_>,
        _: Entry<'r>,
    ) -> Option<Pinned<'r>> {
        // Nor would this one.
        None
    }

    fn index(&self) -> Option<IndexRef<'_>> {
        Some(IndexRef::new(&*self.members))
    }

    fn attached(&self, ask_again: AskAgain) {
        let _ = self.ask_again.set(ask_again);
    }

    fn watches(&self) -> Watch {
        if self.grows { Watch::NOTHING.with_finish() } else { Watch::NOTHING }
    }

    fn finished(&self, peer: Entry<'_>, _: Finish) {
        self.members.finished(peer);
    }

    #[inline]
    fn choose_at_once<'r>(
        &'r self,
        roster: &'r Roster,
        request: &Request<'_>,
        _: Seal,
    ) -> Option<Pinned<'r>> {
        self.choose(roster, request).ok()
    }

    fn may_panic(&self, _: Seal) -> bool {
        false
    }
}
