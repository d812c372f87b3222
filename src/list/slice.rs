//! Subsets: which of its members a client uses, if it is one of many.
//!
//! The members stand on a circle, in the order of a hash of their names, which is the same in every
//! client. Each client has a slice of the circle, as in Finagle's deterministic aperture: of `n`
//! members, client `i` of `m` has those from `i·n/m` on, as many as make every member be in as many
//! slices as any other. So every member has the same number of clients, whatever `n` and `m` are, and
//! about as much load: slices differ by one member in length.
//!
//! ```text
//!  members  0   1   2   3   4   5   6   7   8   9     10 members, 5 clients, subset=4:
//!  client 0 ├───────────────┤                         each member is in two slices
//!  client 1         ├───────────────┤
//!  client 2                 ├───────────────┤
//! ```
//!
//! Where a slice begins does not hang on its length, so a member that leaves moves the ends of a slice
//! by one at most. The length jumps only where `m·size/n` passes a whole number by a quarter: not
//! there, as sizes are often chosen so that it is whole, and then each member that leaves would change
//! it. (Rounds of shuffled members, which the book on site reliability describes, are as even, but 18.7
//! of 20 connections change with one member.)
//!
//! A client with a name and no number has a place by the hash of its name. Then the load is as uneven
//! as names are.

use crate::policy::{Rng, fingerprint32};

/// Which client this is, for [`ListOptions::with_subset`](crate::ListOptions::with_subset).
///
/// As text: `INDEX/COUNT`, such as `3/10`, or a name.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Client {
    /// One of so many, which are numbered from 0: the even way.
    Numbered {
        /// Its number.
        index: u32,
        /// How many there are.
        count: u32,
    },
    /// One with a name of its own that stays the same, such as its host's.
    Named(String),
}

impl Client {
    /// Reads the text of one; `None` if the number is not below the count.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let numbers = text.split_once('/').filter(|(index, count)| {
            [index, count]
                .iter()
                .all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
        });
        match numbers {
            None => (!text.is_empty()).then(|| Self::Named(text.to_owned())),
            Some((index, count)) => {
                let (index, count) = (index.parse().ok()?, count.parse().ok()?);
                (index < count).then_some(Self::Numbered { index, count })
            }
        }
    }

    pub(super) fn text(&self) -> String {
        match self {
            Self::Numbered { index, count } => format!("{index}/{count}"),
            Self::Named(name) => name.clone(),
        }
    }
}

/// A client's slice of any circle.
#[derive(Debug)]
pub(super) struct Slice {
    size: u64,
    place: Place,
}

#[derive(Debug)]
enum Place {
    Numbered {
        index: u64,
        count: u64,
    },
    /// In parts of 2³².
    At(u64),
}

impl Slice {
    /// `None`: no subset.
    pub(super) fn new(size: usize, client: Option<&Client>, rng: &Rng) -> Option<Self> {
        let place = match client {
            Some(Client::Numbered { index, count }) => {
                let count = u64::from(*count).max(1);
                Place::Numbered { index: u64::from(*index) % count, count }
            }
            Some(Client::Named(name)) => Place::At(fingerprint32(name.as_bytes()).into()),
            None => Place::At(rng.next() >> 32),
        };
        (size > 0).then_some(Self { size: size as u64, place })
    }

    /// The first of the slice, and how many there are, on a circle of so many.
    fn of(&self, members: u64) -> (u64, u64) {
        match self.place {
            _ if members <= self.size => (0, members),
            Place::At(place) => ((place * members) >> 32, self.size),
            Place::Numbered { index, count } => {
                // In how many slices each member is: at least one, so that each is used.
                let quarters = (count * self.size * 4).div_ceil(members);
                let times = (quarters - 1).div_ceil(4).max(1);
                if times >= count {
                    return (0, members);
                }
                let edge = |client: u64| client * members / count;
                (edge(index), edge(index + times) - edge(index))
            }
        }
    }

    /// Whether each of these names is in the slice, in their order.
    pub(super) fn picks(&self, names: &[&str]) -> Vec<bool> {
        let mut circle: Vec<usize> = (0..names.len()).collect();
        // Names of one hash, too, stand in the same order everywhere.
        circle.sort_by_cached_key(|&name| (fingerprint32(names[name].as_bytes()), names[name]));
        let (first, len) = self.of(names.len() as u64);
        let mut picks = vec![false; names.len()];
        for step in 0..len as usize {
            picks[circle[(first as usize + step) % names.len()]] = true;
        }
        picks
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    fn slice(index: u32, count: u32, size: usize) -> Slice {
        let client = Client::Numbered { index, count };
        Slice::new(size, Some(&client), &Rng::seeded(1)).expect("a subset")
    }

    fn names(count: usize) -> Vec<String> {
        (0..count).map(|n| format!("10.0.{}.{}:80", n / 256, n % 256)).collect()
    }

    fn picks(slice: &Slice, names: &[String]) -> Vec<bool> {
        slice.picks(&names.iter().map(String::as_str).collect::<Vec<_>>())
    }

    /// Which places of a circle are in the slice.
    fn places(slice: &Slice, members: usize) -> Vec<bool> {
        let (first, len) = slice.of(members as u64);
        let mut places = vec![false; members];
        (first..first + len).for_each(|place| places[place as usize % members] = true);
        places
    }

    /// Clients, subset, members; the greatest load over the mean.
    const FLEETS: [(u32, usize, usize, f64); 3] =
        [(1000, 20, 300, 1.005), (37, 12, 100, 1.025), (10, 20, 100, 1.0)];

    #[test]
    #[cfg_attr(miri, ignore = "many numbers and nothing unsafe")]
    fn loads_are_even_and_connections_few() {
        for (clients, size, members, most) in FLEETS {
            let (mut load, mut connections) = (vec![0.0; members], 0);
            for index in 0..clients {
                let places = places(&slice(index, clients, size), members);
                let len = places.iter().filter(|place| **place).count();
                connections += len;
                for (load, place) in load.iter_mut().zip(places) {
                    *load += if place { 1.0 / len as f64 } else { 0.0 };
                }
            }
            let mean = f64::from(clients) / members as f64;
            let peak = load.iter().fold(0.0_f64, |peak, load| peak.max(*load)) / mean;
            assert!(peak <= most + 1e-9, "{clients} x {size} of {members}: {peak}");
            let ratio = connections as f64 / (f64::from(clients) * size as f64);
            assert!((1.0..=1.15).contains(&ratio), "{clients} x {size} of {members}: {ratio}");
        }
    }

    #[test]
    #[cfg_attr(miri, ignore = "many numbers and nothing unsafe")]
    fn a_member_that_leaves_costs_less_than_a_connection_a_client() {
        for (clients, size, members, _) in FLEETS {
            let (mut new, mut most) = (0, 0);
            for index in 0..clients {
                let slice = slice(index, clients, size);
                let (before, after) = (places(&slice, members), places(&slice, members - 1));
                for gone in (0..members).step_by(5) {
                    let mut rest = before.clone();
                    rest.remove(gone);
                    let joined = rest.iter().zip(&after).filter(|(was, is)| !**was && **is);
                    let joined = joined.count();
                    new += joined;
                    most = most.max(joined);
                }
            }
            let each = new as f64 / (f64::from(clients) * (members / 5) as f64);
            assert!(each <= 0.5 && most <= 2, "{clients} x {size} of {members}: {each}, {most}");
        }
    }

    #[test]
    #[cfg_attr(miri, ignore = "many numbers and nothing unsafe")]
    fn every_member_is_used_and_small_lists_are_used_whole() {
        for (clients, size, members) in [(3, 2, 100), (7, 1, 8), (5, 50, 60), (2, 9, 9)] {
            let names = names(members);
            let mut used = vec![0; members];
            for index in 0..clients {
                let picks = picks(&slice(index, clients, size), &names);
                used.iter_mut().zip(picks).for_each(|(used, pick)| *used += usize::from(pick));
            }
            assert!(used.iter().all(|times| *times == used[0] && *times > 0), "{used:?}");
        }
    }

    #[test]
    fn a_place_is_a_part_of_the_circle() {
        let half = Slice { size: 10, place: Place::At(1 << 31) };
        assert_eq!((half.of(100), half.of(10), half.of(9)), ((50, 10), (0, 10), (0, 9)));
        assert!(half.picks(&[]).is_empty() && slice(0, 3, 2).picks(&[]).is_empty());
    }

    #[test]
    fn a_name_has_a_place_that_stays() {
        let names = names(100);
        let named = |name: &str| {
            let client = Client::parse(name).expect("a client");
            picks(&Slice::new(10, Some(&client), &Rng::seeded(1)).unwrap(), &names)
        };
        assert_eq!(named("host-1"), named("host-1"));
        assert_ne!(named("host-1"), named("host-2"));
        assert_eq!(named("host-1").iter().filter(|pick| **pick).count(), 10);
        assert!(Slice::new(0, None, &Rng::seeded(1)).is_none());
    }

    #[test]
    fn texts_are_a_number_of_a_count_or_a_name() {
        let numbered = |index, count| Some(Client::Numbered { index, count });
        assert_eq!(Client::parse("3/10"), numbered(3, 10));
        assert_eq!(Client::parse("rack/3"), Some(Client::Named("rack/3".into())));
        for wrong in ["", "10/10", "0/0", "1/99999999999"] {
            assert_eq!(Client::parse(wrong), None, "{wrong}");
        }
        assert_eq!(numbered(3, 10).unwrap().text(), "3/10");
    }
}
