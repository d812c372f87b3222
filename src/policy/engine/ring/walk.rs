//! The way of a lookup along the points.

use super::layers::{Both, Layers, Start};
use crate::policy::engine::keyed::{Eligible, Seats};
use crate::policy::engine::room::Room;
use crate::slot::Pinned;

/// The largest offset of a lookup: what was skipped is remembered on the stack.
pub(crate) const MAX_OFFSET: usize = 255;

impl<'r> Eligible<'r, '_> {
    /// Pins a peer of the place that comes `offset` places after the first from `start`.
    #[inline]
    pub(super) fn look(self, layers: &Layers, start: Start, offset: usize) -> Option<Pinned<'r>> {
        let Layers { main, overlay: None } = layers else {
            return self.look_in_both(layers, start, offset);
        };
        let position = main.position(start);
        // The owner of the key is available, nearly always: that needs no walk.
        let owner = if offset == 0 { main.owner(position) } else { None };
        if let Some(pinned) = owner.and_then(|owner| self.pin(owner)) {
            return Some(pinned);
        }
        self.walk(main.walk(position), offset)
    }

    #[inline(never)]
    fn look_in_both(self, layers: &Layers, start: Start, offset: usize) -> Option<Pinned<'r>> {
        let both = Both { main: &layers.main, overlay: layers.overlay.as_ref()? };
        self.walk(both.walk(start), offset)
    }

    #[inline(never)]
    fn walk<'l>(
        self,
        mut places: impl Iterator<Item = (u32, &'l Seats)>,
        offset: usize,
    ) -> Option<Pinned<'r>> {
        if offset == 0 {
            return places.find_map(|(_, seats)| self.pin(seats));
        }
        let mut skipped = [0; MAX_OFFSET];
        let mut count = 0;
        for (number, seats) in places {
            if skipped[..count].contains(&number) || !self.can(seats) {
                continue;
            }
            if count < offset {
                skipped[count] = number;
                count += 1;
            } else if let Some(pinned) = self.pin(seats) {
                return Some(pinned);
            }
        }
        None
    }

    /// The same, if the peer has room.
    #[inline(always)]
    pub(super) fn look_below(
        self,
        layers: &Layers,
        start: Start,
        offset: usize,
        room: Room,
    ) -> Option<Pinned<'r>> {
        match &layers.overlay {
            None => {
                let main = &layers.main;
                self.owner_below(main.walk(main.position(start)), offset, room)
            }
            Some(overlay) => {
                let both = Both { main: &layers.main, overlay };
                self.owner_below(both.walk(start), offset, room)
            }
        }
    }

    /// Pins a peer of the place that `walk` would take, if it has room.
    #[inline(always)]
    fn owner_below<'l>(
        self,
        places: impl Iterator<Item = (u32, &'l Seats)>,
        offset: usize,
        room: Room,
    ) -> Option<Pinned<'r>> {
        let seats = if offset == 0 {
            places.map(|(_, seats)| seats).find(|seats| self.can(seats))?
        } else {
            self.place_after(places, offset)?
        };
        self.pin_below(seats, room)
    }

    /// The place that comes `offset` places after the first, of those with an available peer.
    #[inline(never)]
    fn place_after<'l>(
        self,
        places: impl Iterator<Item = (u32, &'l Seats)>,
        offset: usize,
    ) -> Option<&'l Seats> {
        let mut met = [0; MAX_OFFSET];
        let mut count = 0;
        for (number, seats) in places {
            if met[..count].contains(&number) || !self.can(seats) {
                continue;
            }
            if count == offset {
                return Some(seats);
            }
            met[count] = number;
            count += 1;
        }
        None
    }
}
