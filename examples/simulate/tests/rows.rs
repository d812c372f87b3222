//! The rows of `--check` that cost little. Those of policies that are not there are not looked at.

use crate::args::WORLDS;
use crate::check::{Verdict, measure, rows_of};
use crate::simulator::world::read_all;

/// Worlds whose rows differ from their bounds by far more than by seeds.
const CHEAP: [&str; 6] = [
    "equal[clients=100 servers=100]",
    "brpc[clients=10]",
    "one-fails[clients=10]",
    "half-fail",
    "flapping[clients=10]",
    "overload[load=1.3]",
];

#[test]
fn the_cheap_rows_hold() {
    let mut worlds = read_all(WORLDS.as_ref()).unwrap();
    worlds.retain(|world| CHEAP.contains(&world.name.as_str()));
    assert_eq!(worlds.len(), CHEAP.len());
    if cfg!(debug_assertions) {
        // But for a hundred clients at a hundred servers: they have hardly met then.
        let few = worlds.iter_mut().filter(|world| !world.name.contains("servers=100"));
        few.for_each(|world| world.calls /= 4);
    }
    let rows = rows_of(&worlds);
    assert!(rows.len() >= CHEAP.len());
    let results = measure(&worlds, &rows, 1).unwrap();
    let failed: Vec<_> =
        rows.iter().filter(|row| matches!(row.verdict(&results), Verdict::Fails(_))).collect();
    assert!(failed.is_empty(), "{failed:#?}");
}
