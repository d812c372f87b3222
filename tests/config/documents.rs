//! `docs/configuration.md`: each example is right, and what it says of a wrong file is said. The keys that it
//! links to are on `docs/keys.md`, which `tests/book.rs` holds to what there is.

use std::fs;
use std::path::PathBuf;

use peerage::config::Config;

use super::read;

fn path(name: &str) -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), name].iter().collect()
}

fn document() -> String {
    fs::read_to_string(path("docs/configuration.md")).expect("docs/configuration.md")
}

#[test]
fn examples_are_read() {
    let text = document();
    let blocks: Vec<_> = text.split("```yaml\n").skip(1).collect();
    assert!(blocks.len() >= 7);
    for block in blocks {
        let (example, _) = block.split_once("```").unwrap();
        let config = read(example).unwrap_or_else(|errors| panic!("{example}\n{errors}"));
        assert!(!config.choosers.is_empty());
    }
}

#[test]
fn a_text_and_a_map_are_the_same() {
    let text = document();
    let example = text.split("```yaml\n").find(|block| block.contains("  map:\n")).unwrap();
    let mut config = read(example.split_once("```").unwrap().0).unwrap();
    let mut pair = ["text", "map"].map(|name| config.choosers.remove(name).unwrap());
    for chooser in &mut pair {
        chooser.options = chooser.options.clone().with_name("");
    }
    assert_eq!(pair[0], pair[1]);
}

#[test]
fn what_is_said_of_wrong_yaml_is_so() {
    let text = document();
    let errors = Config::read(&path("examples/config/wrong.yaml")).unwrap_err().to_string();
    let said: Vec<_> = text.lines().filter(|line| line.starts_with("wrong.yaml:")).collect();
    assert!(!said.is_empty());
    for line in said {
        assert!(errors.lines().any(|error| error.ends_with(line)), "{line}\n{errors}");
    }
}

#[test]
fn files_of_examples_are_read() {
    for (file, choosers, notes) in
        [("users.yaml", 3, 0), ("yarpc.yaml", 3, 0), ("service-config.json", 1, 2)]
    {
        let config = Config::read(&path("examples/config").join(file)).unwrap();
        assert_eq!((config.choosers.len(), config.notes.len()), (choosers, notes), "{file}");
    }
}
