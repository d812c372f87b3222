//! The ring as a lookup reads it: a main table, and perhaps a small one over it.
//!
//! ```text
//!              0 ────────────────────── hash ──────────────────────▶ 2³²
//!  main        ·a···c·······b····a·····d···c·········b···d····a···b·
//!  overlay     ·········x··················x······x·················
//!                ▲ key  └─ the nearer one   └─ on one point: by name
//! ```
//!
//! A place is in one of the two, never in both. Places that join a large ring are put into the
//! overlay, so that the many points of the main table are neither copied nor read for a few more. A
//! lookup goes through both at once and always takes the nearer point; of two points with the same
//! hash, that of the lesser name, as one sorted table would have it. So it meets the places in
//! exactly the order of one table with all the points.
//!
//! Mostly there is no overlay: then a lookup is that of one table, after one branch.

use std::sync::Arc;

use super::layer::Layer;
use super::points::Point;
use crate::policy::engine::keyed::Seats;

/// The places of the ring.
#[derive(Debug, Clone, Default)]
pub(crate) struct Layers {
    pub(super) main: Layer,
    pub(super) overlay: Option<Layer>,
}

/// Where a lookup begins.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Start {
    /// At the first point at or after this hash.
    Hash(u32),
    /// At any point: one of 2³² even chances.
    Anywhere(u32),
}

/// Where a place is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spot {
    in_overlay: bool,
    number: usize,
}

impl Layers {
    /// How many places there are.
    pub(super) fn len(&self) -> usize {
        self.main.len() + self.overlay.as_ref().map_or(0, Layer::len)
    }

    /// Where the place called `name` is.
    pub(super) fn find(&self, name: &[u8]) -> Option<Spot> {
        if let Some(number) = self.main.find(name) {
            return Some(Spot { in_overlay: false, number });
        }
        let number = self.overlay.as_ref()?.find(name)?;
        Some(Spot { in_overlay: true, number })
    }

    fn layer_mut(&mut self, spot: Spot) -> &mut Layer {
        if spot.in_overlay {
            self.overlay.as_mut().expect("the spot is there")
        } else {
            &mut self.main
        }
    }

    pub(super) fn seats(&self, spot: Spot) -> &Seats {
        let layer = if spot.in_overlay {
            self.overlay.as_ref().expect("the spot is there")
        } else {
            &self.main
        };
        &layer.seats[spot.number]
    }

    /// Changes who sits in a place. Copies the seats of its layer, unless they are not shared.
    pub(super) fn set_seats(&mut self, spot: Spot, seats: Seats) {
        Arc::make_mut(&mut self.layer_mut(spot).seats)[spot.number] = seats;
    }
}

impl Layer {
    /// The position of the point at which a lookup begins, which may be the end.
    #[inline]
    pub(super) fn position(&self, start: Start) -> usize {
        match start {
            Start::Hash(hash) => self.points.first_from(hash),
            Start::Anywhere(bits) => crate::rng::scale(bits, self.points.len()),
        }
    }

    /// Who owns the point at `position`; at the end, the first one.
    #[inline]
    pub(super) fn owner(&self, position: usize) -> Option<&Seats> {
        let point = self.points.get(position).or_else(|| self.points.get(0))?;
        Some(&self.seats[point.place() as usize])
    }

    /// The places met clockwise from `position`, point by point: each comes once per point. Beyond
    /// the last point the walk goes on with the first.
    pub(super) fn walk(&self, position: usize) -> impl Iterator<Item = (u32, &Seats)> {
        let (before, after) = self.points.split_at(position);
        after.iter().chain(before).map(|point| (point.place(), &self.seats[point.place() as usize]))
    }
}

/// Two layers that are walked as one.
#[derive(Clone, Copy)]
pub(super) struct Both<'a> {
    pub(super) main: &'a Layer,
    pub(super) overlay: &'a Layer,
}

impl<'a> Both<'a> {
    /// The same walk as [`Layer::walk`], through the points of both layers. Places of the overlay
    /// are numbered after those of the main table.
    pub(super) fn walk(self, start: Start) -> impl Iterator<Item = (u32, &'a Seats)> {
        let (main, overlay) = (&self.main.points, &self.overlay.points);
        let (in_main, in_overlay) = match start {
            Start::Hash(hash) => (main.first_from(hash), overlay.first_from(hash)),
            Start::Anywhere(bits) => {
                self.split_of(crate::rng::scale(bits, main.len() + overlay.len()))
            }
        };
        let (main_before, main_after) = main.split_at(in_main);
        let (overlay_before, overlay_after) = overlay.split_at(in_overlay);
        // What comes before the start in either layer comes last in both: two merges, one after
        // the other, so that a collision at the very start is taken apart as in one table.
        let after = Merge { both: self, main: main_after, overlay: overlay_after };
        after.chain(Merge { both: self, main: main_before, overlay: overlay_before })
    }

    /// How many of the first `count` points of both are in each layer.
    fn split_of(self, count: usize) -> (usize, usize) {
        let (main, overlay) = (&self.main.points, &self.overlay.points);
        // The number of points of the overlay is searched for, between the bounds that the lengths
        // set. A point of the overlay is among the first ones unless the point of the main table
        // that would then be left out comes before it.
        let (mut least, mut most) = (count.saturating_sub(main.len()), count.min(overlay.len()));
        while least < most {
            let middle = (least + most) / 2;
            let left_out = main.get(count - middle - 1).expect("between the bounds");
            if self.precedes(left_out, overlay.get(middle).expect("between the bounds")) {
                most = middle;
            } else {
                least = middle + 1;
            }
        }
        (count - least, least)
    }

    /// Whether a point of the main table comes before one of the overlay.
    #[inline]
    fn precedes(self, main: Point, overlay: Point) -> bool {
        if main.hash() == overlay.hash() {
            // Numbers of different layers say nothing about the names.
            let name = &self.main.names[main.place() as usize];
            return *name < self.overlay.names[overlay.place() as usize];
        }
        main.hash() < overlay.hash()
    }
}

/// The points of a part of each layer, in one order.
struct Merge<'a> {
    both: Both<'a>,
    main: &'a [Point],
    overlay: &'a [Point],
}

impl<'a> Iterator for Merge<'a> {
    type Item = (u32, &'a Seats);

    fn next(&mut self) -> Option<Self::Item> {
        let from_main = match (self.main.first(), self.overlay.first()) {
            (Some(&main), Some(&overlay)) => self.both.precedes(main, overlay),
            (main, _) => main.is_some(),
        };
        let Both { main, overlay } = self.both;
        let (points, layer, base) = if from_main {
            (&mut self.main, main, 0)
        } else {
            (&mut self.overlay, overlay, main.len() as u32)
        };
        let (point, rest) = points.split_first()?;
        *points = rest;
        let number = point.place();
        Some((base + number, &layer.seats[number as usize]))
    }
}
