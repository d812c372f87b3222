//! The points of a hash ring, sorted, as one immutable table.
//!
//! A point is 8 bytes: its hash in the upper half, its place in the lower. Places are numbered in
//! the order of their names, so sorting the points as plain numbers puts places that share a point
//! in that order too: a collision is resolved the same way in every process, whatever came first.
//!
//! Hashes are spread evenly, so the upper bits of a hash tell about where it is in the table.
//! `starts` holds the first point of each range of hashes, four to eight points to a range: a lookup
//! reads one entry of it and then a few points that lie next to each other, where a binary search
//! over 100,000 points reads 17 that do not. That costs at most one byte per point more.
//!
//! ```text
//!  starts   0       3           7   8          range = the upper bits of a hash
//!           │       │           │   │
//!  sorted   · · · | · · · · |   · | · · · ·    hash, place
//! ```

use std::sync::Arc;

use super::fingerprint::fingerprint32;

/// The number of a place that is left out of a merge.
pub(super) const GONE: u32 = u32::MAX;

/// How the points of a place are named: its name, the delimiter, a decimal number below the count.
#[derive(Debug, Clone)]
pub(super) struct Replicas {
    pub(super) count: u32,
    pub(super) delimiter: String,
}

/// One point of a place. Sorted by hash; with the same hash, by the number of the place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Point(u64);

impl Point {
    fn new(hash: u32, place: u32) -> Self {
        Self(u64::from(hash) << 32 | u64::from(place))
    }

    pub(super) fn hash(self) -> u32 {
        (self.0 >> 32) as u32
    }

    pub(super) fn place(self) -> u32 {
        self.0 as u32
    }
}

/// The points of some places.
#[derive(Debug)]
pub(super) struct Points {
    sorted: Box<[Point]>,
    starts: Box<[u32]>,
    shift: u32,
}

impl Points {
    /// The points of the places with these names, numbered in the order they are given in.
    pub(super) fn of(names: &[Arc<str>], replicas: &Replicas) -> Self {
        Self::of_each(names, &vec![replicas.count; names.len()], &replicas.delimiter)
    }

    /// The same with a number of points for each place.
    pub(super) fn of_each(names: &[Arc<str>], counts: &[u32], delimiter: &str) -> Self {
        let mut points = Vec::with_capacity(counts.iter().map(|&count| count as usize).sum());
        for (number, (name, &count)) in names.iter().zip(counts).enumerate() {
            hash_place(name, number as u32, count, delimiter, &mut points);
        }
        points.sort_unstable();
        // A place whose own points collide has that point once.
        points.dedup();
        Self::sorted(points)
    }

    /// The points of both, each place under the number that `numbers` has for it, or left out if
    /// that is [`GONE`]. New numbers keep the order that the old ones had, in each table.
    pub(super) fn merge(&self, numbers: &[u32], other: &Self, other_numbers: &[u32]) -> Self {
        let mut points = Vec::with_capacity(self.len() + other.len());
        // Renumbering keeps the order, so both sides stay sorted, and the new numbers tell in which
        // order two places share a point. One pass, in which runs of the larger side are long.
        let mut fewer = renumbered(&other.sorted, other_numbers).peekable();
        for point in renumbered(&self.sorted, numbers) {
            while let Some(before) = fewer.next_if(|other| *other < point) {
                points.push(before);
            }
            points.push(point);
        }
        points.extend(fewer);
        Self::sorted(points)
    }

    fn sorted(points: Vec<Point>) -> Self {
        // Twice as many ranges save a comparison or two, and lose it again in a cache.
        // At least one bit: a `u32` cannot be shifted by 32.
        let bits = (points.len() / 4).max(2).ilog2().min(31);
        let shift = 32 - bits;
        let mut starts = Vec::with_capacity((1 << bits) + 1);
        for (position, point) in points.iter().enumerate() {
            // The ranges up to this point's begin here, if they have not begun before.
            while starts.len() <= (point.hash() >> shift) as usize {
                starts.push(position as u32);
            }
        }
        // The ranges after the last point are empty.
        starts.resize((1 << bits) + 1, points.len() as u32);
        Self { sorted: points.into(), starts: starts.into(), shift }
    }

    pub(super) fn len(&self) -> usize {
        self.sorted.len()
    }

    pub(super) fn get(&self, position: usize) -> Option<Point> {
        self.sorted.get(position).copied()
    }

    /// The position of the first point at or after `hash`: the end if there is none.
    #[inline]
    pub(super) fn first_from(&self, hash: u32) -> usize {
        let mut position = self.starts[(hash >> self.shift) as usize] as usize;
        while self.sorted.get(position).is_some_and(|point| point.hash() < hash) {
            position += 1;
        }
        position
    }

    /// The points before `position`, which is at most their number, and those from it on.
    #[inline]
    pub(super) fn split_at(&self, position: usize) -> (&[Point], &[Point]) {
        self.sorted.split_at(position)
    }
}

impl Default for Points {
    fn default() -> Self {
        Self::sorted(vec![])
    }
}

/// Adds the points of `name`, in no order.
fn hash_place(name: &str, number: u32, count: u32, delimiter: &str, points: &mut Vec<Point>) {
    let mut text = format!("{name}{delimiter}0").into_bytes();
    let stem = text.len() - 1;
    for _ in 0..count {
        points.push(Point::new(fingerprint32(&text), number));
        count_up(&mut text, stem);
    }
}

/// Adds 1 to the decimal number that begins at `stem`: nearly always one digit changes, where to write
/// the number anew would take as long as to hash it.
fn count_up(text: &mut Vec<u8>, stem: usize) {
    for digit in text[stem..].iter_mut().rev() {
        if *digit < b'9' {
            *digit += 1;
            return;
        }
        *digit = b'0';
    }
    text.insert(stem, b'1');
}

fn renumbered<'a>(points: &'a [Point], numbers: &'a [u32]) -> impl Iterator<Item = Point> + 'a {
    points.iter().filter_map(|point| {
        let number = numbers[point.place() as usize];
        (number != GONE).then(|| Point::new(point.hash(), number))
    })
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_counted_as_they_are_written() {
        let mut text = b"a-0".to_vec();
        for number in 0..if cfg!(miri) { 1_001 } else { 12_345 } {
            assert_eq!(text, format!("a-{number}").into_bytes());
            count_up(&mut text, 2);
        }
    }

    /// Lookups by `starts` against a search of all points, at every point and beside it.
    #[test]
    #[cfg_attr(miri, ignore = "many hashes and nothing unsafe")]
    fn the_first_point_at_or_after_a_hash_is_found() {
        for count in [0, 1, 2, 3, 4, 7, 8, 9, 15, 16, 17, 63, 64, 65, 1000] {
            let replicas = Replicas { count, delimiter: String::new() };
            let points = Points::of(&["place".into()], &replicas);
            let hashes = points.sorted.iter().map(|point| point.hash());
            let beside = hashes.flat_map(|hash| [hash.wrapping_sub(1), hash, hash.wrapping_add(1)]);
            for hash in beside.chain([0, 1 << 31, u32::MAX]) {
                let expected = points.sorted.partition_point(|point| point.hash() < hash);
                assert_eq!(points.first_from(hash), expected, "{count} points, {hash:08x}");
            }
        }
    }

    #[test]
    #[cfg_attr(miri, ignore = "many hashes and nothing unsafe")]
    fn a_place_has_each_point_once() {
        // So many that some of the 2³² hashes come twice.
        let replicas = Replicas { count: 200_000, delimiter: "#".into() };
        let points = Points::of(&["place".into()], &replicas);
        assert!((199_900..200_000).contains(&points.len()), "{}", points.len());
        assert!(points.sorted.is_sorted_by(|one, next| one < next));
    }

    #[test]
    #[cfg_attr(miri, ignore = "many hashes and nothing unsafe")]
    fn a_merge_is_the_table_of_all_names() {
        let replicas = Replicas { count: 40, delimiter: String::new() };
        // Names with many points in common: "1" + "23" is "12" + "3".
        let names: Vec<Arc<str>> = ["1", "11", "12", "2", "21", "3"].map(Arc::from).into();
        let all = Points::of(&names, &replicas);
        for mask in 0..1 << names.len() {
            let side = |of: u32| -> (Points, Vec<u32>) {
                let chosen = (0..names.len() as u32).filter(|n| (mask >> n & 1) == of);
                let numbers: Vec<u32> = chosen.collect();
                let chosen: Vec<_> = numbers.iter().map(|&n| names[n as usize].clone()).collect();
                (Points::of(&chosen, &replicas), numbers)
            };
            let ((one, numbers), (other, others)) = (side(0), side(1));
            let merged = one.merge(&numbers, &other, &others);
            assert_eq!((merged.sorted, merged.starts), (all.sorted.clone(), all.starts.clone()));
        }
    }

    #[test]
    fn places_that_are_gone_are_left_out() {
        let replicas = Replicas { count: 10, delimiter: "#".into() };
        let names: Vec<Arc<str>> = ["a", "b", "c"].map(Arc::from).into();
        let of = |names: &[Arc<str>]| Points::of(names, &replicas);
        let merged = of(&names[..2]).merge(&[GONE, 0], &of(&names[2..]), &[1]);
        assert_eq!(merged.sorted, of(&names[1..]).sorted);
    }
}
