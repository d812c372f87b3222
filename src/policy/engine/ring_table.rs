//! The points of a hash ring, as one immutable table.
//!
//! A point is 8 bytes: its hash in the upper half, its member in the lower. Members are numbered in
//! the order of their names, so sorting the points as plain numbers puts members that share a point
//! in that order too: a collision is resolved the same way in every process, whatever came first.
//!
//! Hashes are spread evenly, so the upper bits of a hash tell about where it is in the table.
//! `starts` holds the first point of each range of hashes, about four points to a range: a lookup
//! reads one entry of it and then two or three points that lie next to each other, where a binary
//! search over 100,000 points reads 17 that do not. That costs one byte per point more.
//!
//! Status changes do not touch the table. A lookup walks past the points of members that have no
//! available peer, which gives the same answer as a table without those points.

use std::sync::Arc;

use crate::policy::hashring32::fingerprint32;
use crate::slot::SlotRef;

/// The points of all members.
#[derive(Debug, Default)]
pub(super) struct RingTable {
    points: Box<[u64]>,
    starts: Box<[u32]>,
    shift: u32,
    /// In the order of their names.
    members: Box<[Member]>,
}

/// A place on the ring.
#[derive(Debug, Clone)]
pub(super) struct Member {
    pub(super) name: Arc<str>,
    /// The peers that share it, in the order of their identifiers; mostly one.
    pub(super) seats: Vec<Seat>,
}

/// A peer of a member.
#[derive(Debug, Clone)]
pub(super) struct Seat {
    pub(super) id: Arc<str>,
    pub(super) peer: SlotRef,
}

/// How the points of a member are named.
#[derive(Debug, Clone)]
pub(super) struct Replicas {
    pub(super) count: u32,
    pub(super) delimiter: String,
}

fn point(hash: u32, member: u32) -> u64 {
    u64::from(hash) << 32 | u64::from(member)
}

impl RingTable {
    /// This table with `members` in place of its own. Only names that it does not have are hashed.
    pub(super) fn with_members(&self, members: Vec<Member>, replicas: &Replicas) -> Self {
        let mut renumbered = vec![None; self.members.len()];
        let mut new = vec![];
        let mut old = self.members.iter().enumerate().peekable();
        for (number, member) in members.iter().enumerate() {
            while old.next_if(|(_, old)| old.name < member.name).is_some() {}
            match old.next_if(|(_, old)| old.name == member.name) {
                Some((before, _)) => renumbered[before] = Some(number as u32),
                None => hash_member(&member.name, number as u32, replicas, &mut new),
            }
        }
        new.sort_unstable();
        // Renumbering keeps the order of the members, so the old points stay sorted.
        let kept = self.points.iter().filter_map(|&old| {
            let number = renumbered[old as u32 as usize]?;
            Some(point((old >> 32) as u32, number))
        });
        Self::of(merge(kept, new, members.len() * replicas.count as usize), members)
    }

    fn of(points: Box<[u64]>, members: Vec<Member>) -> Self {
        // At least one bit: a `u32` cannot be shifted by 32.
        let bits = (points.len() / 4).max(2).ilog2().min(31);
        let shift = 32 - bits;
        let mut starts = Vec::with_capacity((1 << bits) + 1);
        for (position, point) in points.iter().enumerate() {
            while starts.len() <= (point >> 32 >> shift) as usize {
                starts.push(position as u32);
            }
        }
        starts.resize((1 << bits) + 1, points.len() as u32);
        Self { points, starts: starts.into(), shift, members: members.into() }
    }

    pub(super) fn members(&self) -> &[Member] {
        &self.members
    }

    /// The member called `name`: text is in the order of its bytes, so they can be compared.
    pub(super) fn member(&self, name: &[u8]) -> Option<&Member> {
        let by_bytes = |member: &Member| member.name.as_bytes().cmp(name);
        let found = self.members.binary_search_by(by_bytes).ok()?;
        Some(&self.members[found])
    }

    /// The members met clockwise from `hash`, point by point: each comes once per point.
    pub(super) fn walk(&self, hash: u32) -> impl Iterator<Item = (u32, &Member)> {
        let mut start = self.starts.get((hash >> self.shift) as usize).map_or(0, |&n| n as usize);
        while self.points.get(start).is_some_and(|point| ((point >> 32) as u32) < hash) {
            start += 1;
        }
        self.walk_from(start)
    }

    /// The same from the point at `start`; beyond the last it begins with the first.
    pub(super) fn walk_from(&self, start: usize) -> impl Iterator<Item = (u32, &Member)> {
        let (before, after) = self.points.split_at(start.min(self.points.len()));
        after.iter().chain(before).map(|&point| {
            let number = point as u32;
            (number, &self.members[number as usize])
        })
    }

    pub(super) fn points(&self) -> usize {
        self.points.len()
    }
}

/// The points of `name`, in no order.
fn hash_member(name: &str, number: u32, replicas: &Replicas, points: &mut Vec<u64>) {
    let mut text = format!("{name}{}", replicas.delimiter);
    let stem = text.len();
    for replica in 0..replicas.count {
        text.truncate(stem);
        std::fmt::Write::write_fmt(&mut text, format_args!("{replica}"))
            .expect("writing to a string does not fail");
        points.push(point(fingerprint32(text.as_bytes()), number));
    }
    // A member whose replicas collide with each other has that point once.
    let own = points.len() - replicas.count as usize;
    points[own..].sort_unstable();
}

/// Both sorted inputs as one, without repetitions.
fn merge(kept: impl Iterator<Item = u64>, new: Vec<u64>, room: usize) -> Box<[u64]> {
    let mut points = Vec::with_capacity(room);
    let mut new = new.into_iter().peekable();
    for old in kept {
        while let Some(point) = new.next_if(|&point| point < old) {
            points.push(point);
        }
        points.push(old);
    }
    points.extend(new);
    points.dedup();
    points.into_boxed_slice()
}
