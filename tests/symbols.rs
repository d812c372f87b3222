//! What the shared library exports is what the header declares, and it has a SONAME.
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
    let exported: BTreeSet<&str> = listed
        .lines()
        .filter_map(|line| line.rsplit(' ').next())
        .filter(|name| name.starts_with("peerage_"))
        .collect();
    assert_eq!(declared, exported);
}

#[test]
fn soname_is_that_of_the_abi() {
    assert!(run("readelf", &["-d"]).contains("Library soname: [libpeerage.so.0.1]"));
}
