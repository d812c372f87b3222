//! Reads files of choosers, makes them, and asks each for a peer.
//!
//! ```sh
//! cargo run --example config --features yaml -- examples/config/*.*
//! ```

use std::path::Path;
use std::process::ExitCode;

use peerage::config::{ChooserConfig, Config};
use peerage::{Chooser, Lifecycle, Request};

fn main() -> ExitCode {
    let mut files: Vec<_> = std::env::args().skip(1).collect();
    if files.is_empty() {
        files.push("examples/config/users.yaml".into());
    }
    let mut code = ExitCode::SUCCESS;
    for file in files.iter().filter(|file| !file.ends_with(".rs")) {
        match Config::read(Path::new(file)) {
            Ok(config) => show(file, &config),
            Err(errors) => {
                eprintln!("{errors}");
                code = ExitCode::from(2);
            }
        }
    }
    code
}

fn show(file: &str, config: &Config) {
    println!("{file}");
    for note in &config.notes {
        println!("  note: {note}");
    }
    for (name, chooser) in &config.choosers {
        let first = first_peer(chooser).unwrap_or_else(|error| format!("none: {error}"));
        println!("  {name}: {}, {}; first {first}", chooser.policy, chooser.options);
    }
}

/// The peer of the first request, if the transport of the program is one that needs no code.
fn first_peer(chooser: &ChooserConfig) -> Result<String, Box<dyn std::error::Error>> {
    let chooser = chooser.build(chooser.transport())?;
    chooser.start()?;
    let pick = chooser.try_choose(&Request::new().with_shard_key("10.0.1.1:80"))?;
    let name = pick.identifier().to_owned();
    pick.finish(peerage::Outcome::Success);
    chooser.stop()?;
    Ok(name)
}
