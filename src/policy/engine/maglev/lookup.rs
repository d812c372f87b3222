//! What a choice asks.

use super::books::Books;
use crate::policy::choice::{Choice, Nothing};
use crate::policy::engine::keyed::{Eligible, Keyed};
use crate::policy::engine::room::Room;
use crate::roster::Roster;
use crate::slot::{Key, Pinned};

/// The members of a list in a table.
pub(crate) type MaglevIndex = Keyed<Books>;

impl MaglevIndex {
    pub(crate) fn new() -> Self {
        Self::of(Books::default())
    }

    /// Pins the peer to which a key with this hash belongs, of those that can be chosen and are not in
    /// `except`.
    #[inline]
    pub(crate) fn look_up<'r>(&self, roster: &'r Roster, hash: u32, except: &[Key]) -> Choice<'r> {
        if !self.serves(roster) || roster.available() == 0 {
            return Err(Nothing::Unavailable);
        }
        let who = Eligible { roster, except };
        let found = self.table.read(|table| table.look_up(hash, |seats| who.pin(seats)));
        found.map_or_else(|| self.look_up_still(roster, hash, except), Ok)
    }

    /// The same of those that have room. `None`: none was found.
    pub(crate) fn look_up_below<'r>(
        &self,
        roster: &'r Roster,
        hash: u32,
        except: &[Key],
        room: Room,
    ) -> Option<Pinned<'r>> {
        if !self.serves(roster) {
            return None;
        }
        let who = Eligible { roster, except };
        self.table.read(|table| table.look_up(hash, |seats| who.pin_below(seats, room)))
    }

    /// The same where nothing moves: going through the places takes time, and a peer may have come up
    /// behind it and the last one gone down before.
    #[cold]
    #[inline(never)]
    fn look_up_still<'r>(&self, roster: &'r Roster, hash: u32, except: &[Key]) -> Choice<'r> {
        let who = Eligible { roster, except };
        roster.while_still(|| {
            let found = self.table.read(|table| table.look_up(hash, |seats| who.pin(seats)));
            found.ok_or(Nothing::Excluded)
        })
    }
}
