//! Choosers as files have them: what is accepted, what is said of what is not, and what is made of them.
#![cfg(all(feature = "yaml", feature = "json", feature = "probing", feature = "dns"))]

mod accepted;
mod built;
mod documents;
mod faults;
mod garbage;
mod grpc;
mod round_trip;
mod yarpc;

use peerage::config::{Config, ConfigErrors, Reader};

/// Reads a text in which `${HOST}` is `h`.
fn read(text: &str) -> Result<Config, ConfigErrors> {
    let variables = |name: &str| (name == "HOST").then(|| "h".to_owned());
    Reader::new().with_variables(variables).parse(text, "f")
}

/// The choosers of a text as they are written again, as JSON.
fn written(text: &str) -> String {
    let config = read(text).unwrap_or_else(|errors| panic!("{text}\n{errors}"));
    let json = serde_json::to_string(&config).unwrap();
    let inside = json.strip_prefix("{\"choosers\":{").and_then(|json| json.strip_suffix("}}"));
    inside.unwrap().to_owned()
}

/// What is wrong with a text, a line each, without the file's name.
fn wrong(text: &str) -> Vec<String> {
    let errors = read(text).expect_err(text).to_string();
    errors.lines().map(|line| line.strip_prefix("f:").unwrap_or(line).to_owned()).collect()
}

/// Compares what is said of many texts, and shows all that differs.
fn compare(cases: impl IntoIterator<Item = (String, String, String)>) {
    let differ: Vec<_> = cases
        .into_iter()
        .filter(|(_, found, want)| found != want)
        .map(|(text, found, want)| format!("{text}\n  found {found}\n  want  {want}\n"))
        .collect();
    assert!(differ.is_empty(), "{}", differ.concat());
}
