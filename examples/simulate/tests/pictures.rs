//! That pictures are drawn, and have what they are to show.

use std::{env, fs, process};

use crate::args::WORLDS;
use crate::plots;
use crate::simulator::world::read_all;

#[test]
fn a_picture_names_its_rules() {
    let mut worlds = read_all(WORLDS.as_ref()).unwrap();
    worlds.retain(|world| world.name.starts_with("equal[") && world.servers == 10);
    worlds.iter_mut().for_each(|world| world.calls = 500);
    let folder = env::temp_dir().join(format!("peerage-plots-{}", process::id()));
    plots::draw(&worlds, &folder).unwrap();
    let read = |name: &str| fs::read_to_string(folder.join(name)).unwrap_or_default();
    for (name, texts) in [
        ("clients.svg", &["two-random-choices", "prequal", "p99, ms"][..]),
        ("weights.svg", &["earliest deadline first"]),
        ("worlds.svg", &["equal[clients=100]", "wrr-orca"]),
    ] {
        let svg = read(name);
        assert!(svg.starts_with("<svg"), "{name}: {svg:.60}");
        assert!(texts.iter().all(|text| svg.contains(text)), "{name}");
    }
    // Their worlds are not there.
    assert!(!folder.join("restart.svg").exists());
    fs::remove_dir_all(folder).unwrap();
}
