//! The number of a place by its name: for requests whose header names the peer.
//!
//! A search by halves in the order of the names compares seven of a hundred, all of them alike but for
//! their last characters, each somewhere else in memory. A table of numbers by the names' hashes
//! compares one.

use std::sync::Arc;

use super::fingerprint::fingerprint32;

/// The numbers of places, each in the first free field from its name's hash on. At most every other
/// field is taken. 0 is a free one, others are a number and 1.
#[derive(Debug, Clone, Default)]
pub(super) struct Named {
    fields: Arc<[u32]>,
}

impl Named {
    /// A table of different names, whose numbers are their positions.
    pub(super) fn of(names: &[Arc<str>]) -> Self {
        let mut fields = vec![0; (2 * names.len()).next_power_of_two()];
        let mask = fields.len() - 1;
        for (number, name) in names.iter().enumerate() {
            let mut field = fingerprint32(name.as_bytes()) as usize & mask;
            while fields[field] != 0 {
                field = (field + 1) & mask;
            }
            fields[field] = number as u32 + 1;
        }
        Self { fields: fields.into() }
    }

    /// The number of `name` among the names that the table was made of.
    pub(super) fn find(&self, names: &[Arc<str>], name: &[u8]) -> Option<usize> {
        let mask = self.fields.len().checked_sub(1)?;
        let mut field = fingerprint32(name) as usize & mask;
        loop {
            let number = self.fields[field].checked_sub(1)? as usize;
            if names[number].as_bytes() == name {
                return Some(number);
            }
            field = (field + 1) & mask;
        }
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    fn names(count: usize) -> Vec<Arc<str>> {
        (0..count).map(|n| format!("host-{n}:80").into()).collect()
    }

    /// Every field is asked for that names can hash to, free ones and those that others have taken.
    #[test]
    fn names_are_found_and_others_are_not() {
        for count in [0, 1, 2, 3, 100, 1_000] {
            let all = names(2 * count + 100);
            let (known, others) = all.split_at(count);
            let named = Named::of(known);
            for (number, name) in known.iter().enumerate() {
                assert_eq!(named.find(known, name.as_bytes()), Some(number));
            }
            for name in others {
                assert_eq!(named.find(known, name.as_bytes()), None);
            }
            assert_eq!(named.find(known, b"\xff"), None);
        }
        assert_eq!(Named::default().find(&[], b"a"), None);
    }
}
