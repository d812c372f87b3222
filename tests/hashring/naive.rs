//! A ring in a few lines.

use peerage::policy::fingerprint32;

use crate::Bed;

/// The points, in order, each with the name of its place.
pub(crate) struct Naive<'a>(Vec<(u32, &'a str)>);

impl<'a> Naive<'a> {
    pub(crate) fn new(names: impl IntoIterator<Item = &'a String>) -> Self {
        Self::with_points(names.into_iter().map(|name| (name, 100)))
    }

    /// Each with so many points.
    pub(crate) fn with_points(names: impl IntoIterator<Item = (&'a String, u32)>) -> Self {
        let mut points = vec![];
        for (name, count) in names {
            let point = |n| fingerprint32(format!("{name}{n}").as_bytes());
            points.extend((0..count).map(|n| (point(n), &**name)));
        }
        // Places that share a point: by name.
        points.sort_unstable();
        points.dedup();
        Self(points)
    }

    /// The first distinct places from the key on.
    fn walk(&self, key: &[u8]) -> Vec<&'a str> {
        let hash = fingerprint32(key);
        // Past the last point it begins with the first.
        let start = self.0.partition_point(|point| point.0 < hash);
        let mut places: Vec<&'a str> = vec![];
        for (_, place) in self.0[start..].iter().chain(&self.0[..start]) {
            if !places.contains(place) {
                places.push(place);
            }
            if places.len() > 5 {
                break;
            }
        }
        places
    }

    /// Every place has one peer, which is called as it is.
    pub(crate) fn assert_same(&self, bed: &Bed) {
        self.assert_same_as(bed, |place| place);
    }

    /// `peer_of` says which peer a place has.
    pub(crate) fn assert_same_as(&self, bed: &Bed, peer_of: impl Fn(&'a str) -> &'a str) {
        let texts = (0..2000).map(|n| format!("key-{n}").into_bytes());
        // Numbers as they lie in memory, which are hardly ever text.
        let numbers = (1..500_u64).map(|n| (n << 55 | n).to_ne_bytes().to_vec());
        for key in texts.chain(numbers) {
            for (offset, place) in self.walk(&key).into_iter().enumerate() {
                let chosen = bed.try_at(&key, &[("n", &offset.to_string())]);
                assert_eq!(chosen.as_deref(), Some(peer_of(place)), "{key:?} + {offset}");
            }
        }
    }
}
