//! The merge key `<<` of YAML 1.1.

use std::collections::{HashMap, HashSet};

use super::finding::{Fault, Place};
use super::node::{Entry, Kind, Node};

/// What a map does not say itself comes from the maps that it is to be merged with, of which the first that
/// has a key counts. `to` is the map, with the keys that it has said so far, and where those are that came
/// from others: what it says later takes their places.
pub(super) fn merge(
    (to, seen, merged): (&mut Vec<Entry>, &HashSet<String>, &mut HashMap<String, usize>),
    from: Node,
    place: Option<Place>,
    faults: &mut Vec<Fault>,
) {
    let maps = match from.kind {
        Kind::List(items) => items,
        kind => vec![Node { kind, ..from }],
    };
    for map in maps {
        let Kind::Map(entries) = map.kind else {
            faults.push((place, "<< merges what is no map".into(), "need a map".into()));
            continue;
        };
        for entry in entries {
            if !seen.contains(&entry.key) && !merged.contains_key(&entry.key) {
                merged.insert(entry.key.clone(), to.len());
                to.push(entry);
            }
        }
    }
}
