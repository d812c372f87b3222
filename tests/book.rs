//! The book's tables of keys and of the memory model are what the source has.

use std::path::{Path, PathBuf};
use std::{env, fs};

use peerage::policy::catalogue;
use peerage::{KeyRow, ListOptions};

fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

fn source(name: &str) -> String {
    fs::read_to_string(path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn code(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!("`{text}`") }
}

/// A line of a table. No cell is wider than what is in it.
fn row(cells: &[&str]) -> String {
    let line = format!("| {} |\n", cells.join(" | "));
    line.replace("|  |", "| |").replace("|  |", "| |")
}

fn keys<'a>(first: &[&str], keys: impl Iterator<Item = &'a KeyRow>) -> String {
    let line = |key: &KeyRow| {
        let (name, default) = (code(key.name()), code(key.default()));
        row(&[first, &[&name, key.accepts(), &default, key.about()]].concat())
    };
    keys.map(line).collect()
}

const HEAD: &str = "| key | accepts | default | what |\n|---|---|---|---|\n";

/// The features that a source needs, whatever this build has.
fn features(scheme: &peerage::sources::Scheme) -> String {
    match scheme.name() {
        "https" => "`http`, `tls`".into(),
        "etcd+https" => "`etcd`, `tls`".into(),
        _ => code(scheme.feature().unwrap_or("")),
    }
}

/// The tables of `docs/keys.md`, in its order: policies, options, sources and their keys, probes.
fn tables_of_keys() -> Vec<String> {
    let mut policies =
        "| policy | key | accepts | default | what |\n|---|---|---|---|---|\n".to_owned();
    for each in catalogue() {
        policies += &row(&[&code(each.name()), "", "", "", each.about()]);
        policies += &keys(&[""], each.keys());
    }
    let options = HEAD.to_owned() + &keys(&[], ListOptions::keys());
    let mut schemes = "| source | feature | what it is | keys |\n|---|---|---|---|\n".to_owned();
    let mut of_sources = vec![];
    for scheme in peerage::sources::schemes() {
        let names: Vec<_> = scheme.keys().map(|key| code(key.name())).collect();
        let names = names.join(", ");
        schemes += &row(&[&code(scheme.form()), &features(scheme), scheme.about(), &names]);
        for key in scheme.keys() {
            if !of_sources.iter().any(|known: &&KeyRow| known.name() == key.name()) {
                of_sources.push(key);
            }
        }
    }
    let sources = HEAD.to_owned() + &keys(&[], of_sources.into_iter());
    #[cfg(feature = "probing")]
    let probes = Some(HEAD.to_owned() + &keys(&[], peerage::transports::ProbeOptions::keys()));
    #[cfg(not(feature = "probing"))]
    let probes = None;
    [policies, options, schemes, sources].into_iter().chain(probes).collect()
}

/// With PEERAGE_BLESS=1 they are written anew.
#[test]
fn the_tables_of_every_key_are_what_there_is() {
    let mut page = source("docs/keys.md");
    let is_row = |line: &&str| line.starts_with('|');
    let blocks = page.split("\n\n").filter(|block| block.lines().all(|line| is_row(&line)));
    let blocks: Vec<_> = blocks.map(|block| block.trim_end().to_owned() + "\n").collect();
    assert_eq!(blocks.len(), 5, "docs/keys.md has five tables");
    assert_eq!(page.lines().filter(is_row).count(), blocks.concat().lines().count());
    let bless = env::var_os("PEERAGE_BLESS").is_some();
    for (block, table) in blocks.iter().zip(tables_of_keys()) {
        if bless {
            page = page.replacen(block.as_str(), &table, 1);
        } else {
            assert_eq!(*block, table, "PEERAGE_BLESS=1 writes it anew");
        }
    }
    if bless {
        fs::write(path("docs/keys.md"), page).expect("written");
    }
}

/// The layout of the word, and who touches which cell.
#[test]
fn the_memory_model_of_the_book_is_that_of_the_source() {
    let page = source("docs/memory-model.md");
    let word = source("src/slot/word.rs");
    let lines: Vec<_> = word.lines().filter_map(|line| line.strip_prefix("//!")).collect();
    let of = |first: fn(&str) -> bool, last: fn(&str) -> bool| {
        let lines = lines.iter().map(|line| line.strip_prefix(' ').unwrap_or(line));
        let lines = lines.skip_while(move |line| !first(line)).take_while(move |line| !last(line));
        lines.map(|line| line.to_owned() + "\n").collect::<String>()
    };
    let layout = of(|line| line == "```text", |line| line == "```");
    let table = of(|line| line.starts_with("| cell |"), |line| !line.starts_with('|'));
    for part in [layout, table] {
        assert!(part.lines().count() > 4, "src/slot/word.rs has no such part any more");
        assert!(page.contains(&part), "docs/memory-model.md has not:\n{part}");
    }
}
