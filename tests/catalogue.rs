//! The documents say of policies and options what the catalogue says, in every language.

use std::fs;
use std::path::Path;
use std::time::Duration;

use peerage::policy::catalogue;
use peerage::{KeyRow, ListOptions};

/// A file of the repository. The packaged crate has no bindings: `None`.
fn file(path: &str) -> Option<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    fs::read_to_string(path).ok()
}

fn source(path: &str) -> String {
    file(path).unwrap_or_else(|| panic!("{path} is missing"))
}

/// Comments as a reader sees them: no markers, one space between words.
fn prose(text: &str) -> String {
    let words = text.split_whitespace();
    words
        .filter(|word| !matches!(*word, "///" | "//!" | "//" | "*" | "/**"))
        .collect::<Vec<_>>()
        .join(" ")
}

/// `a, b or c`
fn listed(names: &[&str]) -> String {
    let (last, rest) = names.split_last().expect("a name");
    format!("{} or {last}", rest.join(", "))
}

fn policies() -> Vec<&'static str> {
    catalogue().map(|row| row.name()).collect()
}

fn option_keys() -> Vec<&'static str> {
    ListOptions::keys().map(KeyRow::name).collect()
}

fn code(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!("`{text}`") }
}

/// Lines of a table, as they stand in a doc comment.
fn is_in(path: &str, table: &[String]) {
    let table: String = table.iter().map(|line| line.replace("|  |", "| |") + "\n").collect();
    assert!(source(path).contains(&table), "{path} has another table than\n{table}");
}

#[test]
fn the_table_of_specs_is_the_catalogue() {
    let mut table = vec![
        "/// | policy | key | accepts | default | what |".to_owned(),
        "/// |---|---|---|---|---|".to_owned(),
    ];
    for row in catalogue() {
        table.push(format!("/// | {} | | | | {} |", code(row.name()), row.about()));
        table.extend(row.keys().map(|key| {
            let (name, default) = (code(key.name()), code(key.default()));
            format!("/// | | {name} | {} | {default} | {} |", key.accepts(), key.about())
        }));
    }
    is_in("src/policy/spec.rs", &table);
}

#[test]
fn the_table_of_options_is_their_keys() {
    let mut table = vec![
        "/// | key | accepts | default | what |".to_owned(),
        "/// |---|---|---|---|".to_owned(),
    ];
    table.extend(ListOptions::keys().map(|key| {
        let (name, default) = (code(key.name()), code(key.default()));
        format!("/// | {name} | {} | {default} | {} |", key.accepts(), key.about())
    }));
    is_in("src/list/options/list_options.rs", &table);
}

#[test]
#[cfg(feature = "probing")]
fn the_table_of_probing_is_its_keys() {
    let mut table = vec![
        "/// | key | accepts | default | what |".to_owned(),
        "/// |---|---|---|---|".to_owned(),
    ];
    table.extend(peerage::transports::ProbeOptions::keys().map(|key| {
        let (name, default) = (code(key.name()), code(key.default()));
        format!("/// | {name} | {} | {default} | {} |", key.accepts(), key.about())
    }));
    is_in("src/transports/probing/options.rs", &table);
}

/// The names in a column of the table whose head begins so.
fn column(text: &str, head: &str, column: usize) -> Vec<String> {
    let lines = text.lines().map(|line| line.trim_start_matches("//! "));
    let rows = lines.skip_while(|line| !line.starts_with(head)).skip(2);
    let rows = rows.take_while(|line| line.starts_with('|'));
    let cell = |row: &str| row.split(" | ").nth(column).unwrap_or(row).to_owned();
    rows.map(|row| cell(row).trim_matches(['|', ' ', '`']).to_owned()).collect()
}

#[test]
fn the_tables_of_which_policy_have_every_policy() {
    let essay = source("src/policy/mod.rs");
    assert_eq!(column(&essay, "| policy | name |", 1), policies());
    assert_eq!(column(&source("docs/policies.md"), "| policy | looks at |", 0), policies());
}

/// Where other languages are told what may be written, as one sentence.
#[test]
fn the_headers_and_bindings_name_every_policy_and_option() {
    let (policies, options) = (listed(&policies()), listed(&option_keys()));
    for path in [
        "src/ffi/options.rs",
        "include/peerage.h",
        "include/peerage/options.hpp",
        "bindings/go/chooser.go",
        "bindings/go/option.go",
    ] {
        let Some(text) = file(path) else {
            assert!(path.starts_with("bindings/"), "{path} is missing");
            continue;
        };
        let text = prose(&text);
        if !path.ends_with("option.go") {
            assert!(text.contains(&policies), "{path} does not say {policies:?}");
        }
        if !path.ends_with("chooser.go") {
            assert!(text.contains(&options), "{path} does not say {options:?}");
        }
    }
}

#[test]
fn the_default_timeout_is_told_as_it_is() {
    let default = ListOptions::DEFAULT_TIMEOUT;
    assert_eq!(Duration::from_millis(default.as_millis() as u64), default);
    let (ms, go) = (
        format!("{} ms", default.as_millis()),
        format!("const DefaultTimeout = {} * time.Millisecond", default.as_millis()),
    );
    for (path, says) in [
        ("README.md", &ms),
        ("src/list/options/list_options.rs", &ms),
        ("src/ffi/options.rs", &ms),
        ("include/peerage.h", &ms),
        ("include/peerage/options.hpp", &ms),
        ("include/peerage/wait.hpp", &ms),
        ("bindings/go/option.go", &go),
        ("bindings/go/yarpc/options.go", &ms),
        ("bindings/go/yarpc/README.md", &ms),
    ] {
        match file(path) {
            Some(text) => {
                let told = text.contains(says.as_str()) || prose(&text).contains(says.as_str());
                assert!(told, "{path} does not say {says:?}");
            }
            None => assert!(path.starts_with("bindings/"), "{path} is missing"),
        }
    }
    let timeout = ListOptions::keys().find(|key| key.name() == "timeout").expect("a key");
    let parsed: ListOptions = format!("timeout={}", timeout.default()).parse().expect("options");
    assert_eq!(parsed.to_string(), "");
}
