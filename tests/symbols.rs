//! What the shared library exports is what the header declares, with the version of the ABI, and it
//! has a SONAME.
#![cfg(all(feature = "capi", target_os = "linux"))]

mod built;

use std::collections::BTreeSet;
use std::process::Command;

use built::library;

fn run(tool: &str, flags: &[&str]) -> String {
    let output =
        Command::new(tool).args(flags).arg(library("libpeerage.so")).output().expect("binutils");
    assert!(output.status.success(), "{tool}: {output:?}");
    String::from_utf8(output.stdout).expect("text")
}

#[test]
fn exports_are_the_header() {
    let header = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/include/peerage.h"));
    let header = header.expect("the header");
    let declared: BTreeSet<&str> = header
        .split("\nPEERAGE_API")
        .skip(1)
        .map(|rest| rest.split('(').next().expect("a name"))
        .map(|name| name.rsplit([' ', '*', '\n']).next().expect("a word"))
        .collect();
    let listed = run("nm", &["-D", "--defined-only"]);
    let version = format!("@@{}", node());
    let exported: BTreeSet<&str> = listed
        .lines()
        .filter_map(|line| line.rsplit(' ').next())
        // The version itself is listed as an absolute symbol.
        .filter(|name| *name != node())
        .map(|name| name.strip_suffix(&version).unwrap_or(name))
        .collect();
    assert_eq!(declared, exported);
}

/// `PEERAGE_0.1`: before 1.0 each minor version is an ABI of its own.
fn node() -> String {
    format!("PEERAGE_{}", abi())
}

fn abi() -> String {
    match env!("CARGO_PKG_VERSION_MAJOR") {
        "0" => format!("0.{}", env!("CARGO_PKG_VERSION_MINOR")),
        major => major.to_owned(),
    }
}

/// Two versions of the library in one process must not answer for each other.
#[test]
fn every_symbol_has_the_version_of_the_abi() {
    let listed = run("readelf", &["-W", "--dyn-syms"]);
    let names = listed.lines().filter_map(|line| line.split_whitespace().nth(7));
    let plain: Vec<_> = names
        .filter(|name| name.starts_with("peerage_") && !name.ends_with(&format!("@@{}", node())))
        .collect();
    assert!(plain.is_empty(), "{plain:?}");
    assert!(run("readelf", &["-WV"]).contains(&format!("Name: {}", node())));
}

#[test]
fn soname_is_that_of_the_abi() {
    let soname = format!("Library soname: [libpeerage.so.{}]", abi());
    assert!(run("readelf", &["-d"]).contains(&soname));
}

/// A thread that ends after `dlclose` still runs destructors of the library.
#[test]
fn code_stays_after_dlclose() {
    assert!(run("readelf", &["-d"]).contains("NODELETE"));
}
