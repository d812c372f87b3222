//! `docs/configuration.md`: each example is right, and its tables are what there is. With PEERAGE_BLESS=1
//! the tables are written anew.

use std::fmt::Write;
use std::path::PathBuf;
use std::{env, fs};

use peerage::config::Config;
use peerage::policy::catalogue;
use peerage::sources::schemes;
use peerage::transports::ProbeOptions;
use peerage::{KeyRow, ListOptions};

use super::read;

const BEGIN: &str = "PEERAGE_BLESS=1 -->\n";
const END: &str = "<!-- end of tables -->";

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

#[test]
fn tables_are_what_there_is() {
    let text = document();
    let (before, rest) = text.split_once(BEGIN).unwrap();
    let (tables, after) = rest.split_once(END).unwrap();
    let written = written();
    if env::var_os("PEERAGE_BLESS").is_some() {
        let whole = format!("{before}{BEGIN}{written}{END}{after}");
        return fs::write(path("docs/configuration.md"), whole).unwrap();
    }
    assert_eq!(tables, written, "PEERAGE_BLESS=1 writes them anew");
}

fn written() -> String {
    let mut text = String::new();
    let mut table = |title: &str, rows: Vec<&'static KeyRow>| {
        let head = "| key | needs | default | what |\n|---|---|---|---|\n";
        let _ = write!(text, "\n{title}\n\n{head}");
        for row in rows {
            let default = row.default();
            let default = if default.is_empty() { String::new() } else { format!("`{default}`") };
            let _ = writeln!(
                text,
                "| `{}` | {} | {default} | {} |",
                row.name(),
                row.accepts(),
                row.about()
            );
        }
    };
    table("The options of a list:", ListOptions::keys().collect());
    for row in catalogue().filter(|row| row.keys().len() > 0) {
        table(&format!("Settings of `{}`, {}:", row.name(), row.about()), row.keys().collect());
    }
    table("Probes (feature `probing`):", ProbeOptions::keys().collect());
    let mut keys: Vec<&'static KeyRow> = vec![];
    for key in schemes().flat_map(peerage::sources::Scheme::keys) {
        if !keys.contains(&key) {
            keys.push(key);
        }
    }
    table(
        "Behind the `#` of a source's URI, or beside `uri`; which of them a source has, the next table says:",
        keys,
    );
    text += "\n| source | feature | what | keys |\n|---|---|---|---|\n";
    for scheme in schemes() {
        let feature = match (scheme.name(), scheme.feature()) {
            ("https" | "etcd+https", _) => {
                format!("`{}`, `tls`", scheme.name().replace("+https", "").replace("https", "http"))
            }
            (_, Some(feature)) => format!("`{feature}`"),
            (_, None) => String::new(),
        };
        let keys: Vec<_> = scheme.keys().map(|key| format!("`{}`", key.name())).collect();
        let _ = writeln!(
            text,
            "| `{}` | {feature} | {} | {} |",
            scheme.form(),
            scheme.about(),
            keys.join(", ")
        );
    }
    let none: Vec<_> = catalogue()
        .filter(|row| row.keys().len() == 0)
        .map(|row| format!("`{}`", row.name()))
        .collect();
    let _ = write!(text, "\nPolicies without settings: {}.\n\n", none.join(", "));
    text
}
