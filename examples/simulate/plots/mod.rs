//! Pictures of what the worlds show, as SVG.
//!
//! `lines.rs` and `grid.rs` draw; `curves.rs`, `over_time.rs`, `maps.rs` and `barcode.rs` say what. A
//! picture whose world is not among those that were read, or none of whose rules is there, is left
//! out, and said so.

mod barcode;
mod curves;
mod grid;
mod maps;
mod over_time;

use std::error::Error;
use std::fs;
use std::io::{self, Write};
use std::path::Path;

use crate::simulator::clients::Rule;
use crate::simulator::world::World;

/// What a picture is drawn of.
struct Scene<'a> {
    worlds: &'a [World],
    file: &'a Path,
}

type Drawn = Result<(), Box<dyn Error>>;
type Picture = fn(&Scene<'_>) -> Drawn;

/// The pictures and their files.
static PICTURES: [(&str, Picture); 9] = [
    ("clients.svg", curves::clients),
    ("failing.svg", over_time::failing),
    ("random-failures.svg", curves::random_failures),
    ("overload.svg", curves::overload),
    ("antagonists.svg", maps::antagonists),
    ("partition.svg", maps::partition),
    ("restart.svg", over_time::restart),
    ("weights.svg", barcode::weights),
    ("worlds.svg", maps::worlds),
];

/// Draws all pictures into `folder`.
pub(crate) fn draw(worlds: &[World], folder: &Path) -> Drawn {
    fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    for (name, picture) in PICTURES {
        let file = folder.join(name);
        match picture(&Scene { worlds, file: &file }) {
            Ok(()) => writeln!(io::stdout(), "{}", file.display())?,
            Err(error) => eprintln!("left out: {name}: {error}"),
        }
    }
    Ok(())
}

impl Scene<'_> {
    fn world(&self, name: &str) -> Result<&World, String> {
        let found = self.worlds.iter().find(|world| world.name == name);
        found.ok_or_else(|| format!("there is no world {name}"))
    }
}

/// Those of the rules that are there; an error if none is.
fn rules(names: &[&str]) -> Result<Vec<Rule>, String> {
    let rules: Vec<_> = names.iter().filter_map(|name| Rule::parse(name).ok()).collect();
    if rules.is_empty() {
        return Err(format!("none of its rules is there: {}", names.join(", ")));
    }
    Ok(rules)
}
