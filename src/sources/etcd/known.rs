//! Keys, and the peers that they are.

use std::collections::BTreeMap;

use super::super::contract::Answer;
use super::super::text::read_peer;
use super::message::{Pair, Whole};
use crate::attributes::Attributes;
use crate::member::Member;

/// All keys below the prefix, as far as is known.
#[derive(Debug, Default)]
pub(super) struct Known {
    prefix: Vec<u8>,
    /// Of a value that is no peer there is nothing: what is wrong with it has been said.
    peers: BTreeMap<Vec<u8>, Option<Member>>,
    /// Of the last change that is in it.
    revision: u64,
}

impl Known {
    pub(super) fn new(prefix: Vec<u8>) -> Self {
        Self { prefix, ..Self::default() }
    }

    pub(super) fn revision(&self) -> u64 {
        self.revision
    }

    /// Takes over the answer of a range. Returns what of it is no peer. Of an answer that lies nothing is
    /// taken.
    pub(super) fn replace(&mut self, whole: Whole) -> Result<Vec<String>, String> {
        let sent = whole.pairs.len();
        if sent as u64 != whole.count {
            return Err(format!("the answer has {sent} of {} keys", whole.count));
        }
        self.check(&whole.pairs)?;
        self.peers.clear();
        self.revision = whole.revision;
        Ok(whole.pairs.into_iter().filter_map(|pair| self.set(pair)).collect())
    }

    /// Applies changes, in order. Returns what of them is no peer.
    pub(super) fn apply(&mut self, changes: Vec<Pair>) -> Result<Vec<String>, String> {
        self.check(&changes)?;
        let mut faults = vec![];
        for change in changes {
            self.revision = self.revision.max(change.revision);
            faults.extend(self.set(change));
        }
        Ok(faults)
    }

    /// Whether `newer`, the keys that have changed since, says that there is something else now; another
    /// store, if that is younger.
    pub(super) fn differs(&self, newer: &Whole) -> bool {
        let is_other = newer.revision < self.revision;
        is_other || !newer.pairs.is_empty() || newer.count != self.peers.len() as u64
    }

    /// What there is. Keys of which none is a peer are at fault also when that has been said: it is not as if
    /// there were none.
    pub(super) fn answer(&self, mut faults: Vec<String>) -> Answer {
        let peers: Vec<_> = self.peers.values().flatten().cloned().collect();
        if faults.is_empty() && peers.is_empty() && !self.peers.is_empty() {
            faults.push(format!("none of its {} keys is one", self.peers.len()));
        }
        Answer::new(peers).with_faults(faults)
    }

    fn check(&self, pairs: &[Pair]) -> Result<(), String> {
        match pairs.iter().find(|pair| !pair.key.starts_with(&self.prefix)) {
            None => Ok(()),
            Some(Pair { key, .. }) => {
                Err(format!("the answer has the key {}, which was not asked for", shown(key)))
            }
        }
    }

    fn set(&mut self, Pair { key, value, .. }: Pair) -> Option<String> {
        let Some(value) = value else {
            self.peers.remove(&key);
            return None;
        };
        let (peer, fault) = match peer(&key, &value) {
            Ok(peer) => (Some(peer), None),
            Err(fault) => (None, Some(format!("the key {}: {fault}", shown(&key)))),
        };
        self.peers.insert(key, peer);
        fault
    }
}

/// The peer of a key: what its value says; the last part of the key, if that says nothing.
fn peer(key: &[u8], value: &[u8]) -> Result<Member, String> {
    let value =
        std::str::from_utf8(value).map_err(|error| format!("its value is no text: {error}"))?;
    if !value.trim().is_empty() {
        return read_peer(value);
    }
    let last = key.rsplit(|byte| *byte == b'/').next().unwrap_or(key);
    match std::str::from_utf8(last) {
        Ok("") => Err("neither its value nor its last part is a name".into()),
        Ok(name) if !name.contains(|char: char| char.is_control() || char.is_whitespace()) => {
            Ok(Member::new(name, Attributes::new()))
        }
        _ => Err("its value is empty, and its last part is no name".into()),
    }
}

fn shown(key: &[u8]) -> String {
    let text: String = String::from_utf8_lossy(key).chars().take(200).collect();
    format!("{text:?}")
}

#[cfg(all(test, not(loom)))]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;
    use crate::peer::Identifier;

    fn put(key: &str, value: &str, revision: u64) -> Pair {
        Pair { key: key.into(), value: Some(value.into()), revision }
    }

    fn whole(pairs: Vec<Pair>) -> Whole {
        Whole { revision: 10, count: pairs.len() as u64, pairs }
    }

    fn names(known: &Known) -> Vec<String> {
        known.answer(vec![]).peers.iter().map(|peer| peer.identifier().to_owned()).collect()
    }

    #[test]
    fn values_are_peers_and_what_is_none_is_named() {
        let mut known = Known::new(b"u/".into());
        let pairs = vec![
            put("u/1", "a:80*3 tier=1\n", 2),
            put("u/2", r#" {"peer": "b:80", "weight": 2, "zone": "eu"}"#, 3),
            put("u/c:80", "", 4),
            put("u/4", "d:80 teir=1", 5),
            put("u/", "", 6),
            put("u/5", "{", 7),
            put("u/6", r#"{"weight": 2}"#, 8),
            Pair { key: b"u/\xff".into(), value: Some(b"\xff".into()), revision: 9 },
            Pair { key: b"u/\xfe".into(), value: Some(vec![]), revision: 9 },
        ];
        let faults = known.replace(whole(pairs)).unwrap();
        assert_eq!(names(&known), ["a:80", "b:80", "c:80"]);
        let peers = known.answer(vec![]).peers;
        assert_eq!(peers[0].attributes(), Attributes::new().with_weight(3).with_tier(1));
        assert_eq!(peers[1].attributes(), Attributes::new().with_weight(2).with_zone("eu"));
        let begins = [
            "the key \"u/4\": there is no key \"teir\"; need one of",
            "the key \"u/\": neither its value nor its last part is a name",
            "the key \"u/5\": it is no JSON: EOF",
            "the key \"u/6\": a peer needs a name, as \"peer\"",
            "the key \"u/\u{fffd}\": its value is no text: invalid utf-8",
            "the key \"u/\u{fffd}\": its value is empty, and its last part is no name",
        ];
        assert_eq!(faults.len(), begins.len());
        for (fault, begin) in faults.iter().zip(begins) {
            assert!(fault.starts_with(begin), "{fault}");
        }
    }

    #[test]
    fn changes_are_applied_in_order() {
        let mut known = Known::new(b"u/".into());
        known.replace(whole(vec![put("u/a", "", 2), put("u/b", "", 3)])).unwrap();
        assert_eq!((known.revision(), names(&known)), (10, vec!["a".into(), "b".into()]));
        let gone = |key: &str, revision| Pair { value: None, ..put(key, "", revision) };
        let changes =
            vec![gone("u/a", 11), put("u/c", "", 12), gone("u/c", 13), put("u/b", "c*2", 14)];
        assert_eq!(known.apply(changes).unwrap(), [""; 0]);
        assert_eq!((known.revision(), names(&known)), (14, vec!["c".into()]));
        assert!(!known.differs(&Whole { revision: 20, pairs: vec![], count: 1 }));
        assert!(known.differs(&Whole { revision: 20, pairs: vec![], count: 0 }), "one has gone");
        assert!(known.differs(&Whole { revision: 13, pairs: vec![], count: 1 }), "another store");
        assert!(known.differs(&Whole { revision: 20, pairs: vec![put("u/b", "", 15)], count: 1 }));
    }

    #[test]
    fn of_a_lie_nothing_is_taken() {
        let mut known = Known::new(b"u/".into());
        known.replace(whole(vec![put("u/a", "", 2)])).unwrap();
        let short = Whole { count: 3, ..whole(vec![put("u/b", "", 2)]) };
        assert_eq!(known.replace(short).unwrap_err(), "the answer has 1 of 3 keys");
        let other = "the answer has the key \"v/b\", which was not asked for";
        assert_eq!(known.replace(whole(vec![put("v/b", "", 2)])).unwrap_err(), other);
        assert_eq!(known.apply(vec![put("u/b", "", 11), put("v/b", "", 12)]).unwrap_err(), other);
        assert_eq!((known.revision(), names(&known)), (10, vec!["a".into()]));
    }

    /// A key of which some are not below the prefix, and a value; none is a deletion.
    fn pairs() -> impl Strategy<Value = Vec<Pair>> {
        let pair =
            ("(u/[a-d]|u/[a-d]|u/[a-d]|v/a)", prop::option::of("[a-c](\\*[1-3])?| "), 1_u64..99);
        let pair = pair.prop_map(|(key, value, revision)| Pair {
            key: key.into_bytes(),
            value: value.map(String::into_bytes),
            revision,
        });
        prop::collection::vec(pair, 0..6)
    }

    proptest! {
        /// Against a plain map: what is an error changes nothing, and what is none is all there.
        #[test]
        fn the_peers_are_those_of_a_map(rounds in prop::collection::vec((pairs(), 0_u64..3), 1..9)) {
            let mut known = Known::new(b"u/".into());
            let mut map = BTreeMap::new();
            for (pairs, kind) in rounds {
                let is_lie = pairs.iter().any(|pair| pair.key.starts_with(b"v"));
                let (before, told) = (map.clone(), pairs.clone());
                let taken = if kind == 0 {
                    map.clear();
                    known.replace(whole(pairs)).is_ok()
                } else {
                    known.apply(pairs).is_ok()
                };
                prop_assert_eq!(taken, !is_lie);
                for Pair { key, value, .. } in told {
                    match value {
                        Some(value) => map.insert(key.clone(), peer(&key, &value).unwrap()),
                        None => map.remove(&key),
                    };
                }
                if is_lie {
                    map = before;
                }
                prop_assert!(known.answer(vec![]).peers.iter().eq(map.values()));
            }
        }
    }
}
