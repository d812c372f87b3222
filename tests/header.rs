//! The committed header is the one that the sources give, and keeps the form its readers rely on.
#![cfg(feature = "header")]

use std::fs;
use std::path::Path;

const COMMITTED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/include/peerage.h");
const LABELS: [&str; 6] = ["Ownership:", "Threads:", "Blocks:", "Calls back:", "Errors:", "Since:"];

fn committed() -> String {
    fs::read_to_string(COMMITTED).unwrap_or_default()
}

#[test]
fn header_is_generated() {
    let generated = fs::read_to_string(env!("PEERAGE_GENERATED_HEADER")).expect("generated");
    if std::env::var_os("PEERAGE_BLESS").is_some() {
        fs::create_dir_all(Path::new(COMMITTED).parent().expect("a folder")).expect("include");
        fs::write(COMMITTED, &generated).expect("written");
    }
    let committed = committed();
    let first = generated.lines().zip(committed.lines()).position(|(new, old)| new != old);
    let line = first.unwrap_or(generated.lines().count().min(committed.lines().count()));
    assert!(
        generated == committed,
        "include/peerage.h differs at line {}:\n-{}\n+{}\nupdate it with\n  \
         PEERAGE_BLESS=1 cargo test --features header --test header",
        line + 1,
        committed.lines().nth(line).unwrap_or("(end)"),
        generated.lines().nth(line).unwrap_or("(end)"),
    );
}

#[test]
fn every_function_has_its_labels_in_order() {
    let header = committed();
    let mut functions = 0;
    let parts: Vec<&str> = header.split("\nPEERAGE_API").collect();
    for pair in parts.windows(2) {
        let name = pair[1].split('(').next().expect("a name").trim();
        let start = pair[0].rfind("/**").unwrap_or_else(|| panic!("{name}: no documentation"));
        let doc = &pair[0][start..];
        let mut rest = doc;
        for label in LABELS {
            let found = rest.find(&format!("* {label} ")).unwrap_or_else(|| {
                panic!("{name}: no line {label:?} after the ones before it:\n{doc}")
            });
            rest = &rest[found + 1..];
        }
        assert!(doc.trim_end().ends_with("*/"), "{name}: the documentation is not its own");
        functions += 1;
    }
    assert!(functions >= 45, "only {functions} functions were looked at");
}

/// Numbers that C++ and Go have under names of their own: none is forgotten there.
#[test]
fn every_number_is_in_the_other_languages() {
    let sources = |folder: &str, ending: &str| -> Option<String> {
        let files = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)).ok()?;
        let paths = files.map(|file| file.expect("a file").path());
        let paths = paths.filter(|path| path.extension().is_some_and(|it| it == ending));
        Some(paths.map(|path| fs::read_to_string(path).expect("text")).collect())
    };
    let cpp = sources("include/peerage", "hpp").expect("the C++ header");
    // The package that is published has C++'s and not Go's.
    let go = sources("bindings/go", "go");
    // A pick is finished once and a pointer is none in Go, and it gives up no pick without an outcome.
    let not_in_go = ["ERR_NULL_POINTER", "ERR_NOT_FOUND", "ERR_FINISHED", "OUTCOME_ABANDONED"];
    let mut numbers = 0;
    for line in committed().lines() {
        let Some(constant) = line.strip_prefix("#define ").and_then(|rest| rest.split(' ').next())
        else {
            continue;
        };
        let name = constant.strip_prefix("PEERAGE_").unwrap_or_default();
        let kinds = [
            "ERR_",
            "CAUSE_",
            "REASON_",
            "CHOICE_",
            "STATE_",
            "OUTCOME_",
            "CONNECTION_",
            "FAILURE_",
        ];
        let is_length = name.ends_with("_PLACES");
        if is_length || !kinds.iter().any(|kind| name.starts_with(kind)) {
            continue;
        }
        let is_in = |text: &str| {
            let after =
                |rest: &str| rest.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
            text.split(constant).skip(1).any(|rest| !after(rest))
        };
        assert!(is_in(&cpp), "C++ has no {constant}");
        let in_go = go.as_deref().is_none_or(is_in) || not_in_go.contains(&name);
        assert!(in_go, "Go has no {constant}");
        numbers += 1;
    }
    assert!(numbers >= 60, "only {numbers} numbers were found");
}

#[test]
fn statuses_are_pinned() {
    let pinned = [
        ("PEERAGE_OK", 0),
        ("PEERAGE_ERR_NULL_POINTER", -1),
        ("PEERAGE_ERR_INVALID_ARGUMENT", -2),
        ("PEERAGE_ERR_INVALID_UTF8", -3),
        ("PEERAGE_ERR_UNSUPPORTED", -4),
        ("PEERAGE_ERR_NOT_FOUND", -5),
        ("PEERAGE_ERR_NO_PEER", -20),
        ("PEERAGE_ERR_TIMED_OUT", -21),
        ("PEERAGE_ERR_CANCELLED", -22),
        ("PEERAGE_ERR_STOPPED", -23),
        ("PEERAGE_ERR_NOT_RUNNING", -24),
        ("PEERAGE_ERR_QUEUE_FULL", -25),
        ("PEERAGE_ERR_ALREADY_IN_LIST", -40),
        ("PEERAGE_ERR_NOT_IN_LIST", -41),
        ("PEERAGE_ERR_GONE", -42),
        ("PEERAGE_ERR_REJECTED", -43),
        ("PEERAGE_ERR_FINISHED", -60),
        ("PEERAGE_ERR_PANIC", -90),
    ];
    let header = committed();
    let statuses: Vec<(&str, i32)> = constants(&header)
        .filter(|(name, ..)| *name == "PEERAGE_OK" || name.starts_with("PEERAGE_ERR_"))
        .map(|(name, kind, number)| {
            assert_eq!(kind, "peerage_status", "{name}");
            (name, number.parse().expect("a number"))
        })
        .collect();
    assert_eq!(statuses, pinned);
}

/// Name, type and number of every constant.
fn constants(header: &str) -> impl Iterator<Item = (&str, &str, &str)> {
    let defines = header.lines().filter_map(|line| line.strip_prefix("#define "));
    defines.filter_map(|define| {
        let (name, value) = define.split_once(' ')?;
        let (kind, number) = value.strip_prefix("((")?.strip_suffix(')')?.split_once(')')?;
        Some((name, kind, number))
    })
}

#[test]
fn every_constant_has_a_type() {
    let header = committed();
    // For the preprocessor.
    let untyped = ["VERSION_MAJOR", "VERSION_MINOR", "VERSION_PATCH"];
    let names: Vec<&str> = constants(&header).map(|(name, ..)| name).collect();
    assert!(names.len() >= 35, "only {} constants were found", names.len());
    for define in header.lines().filter_map(|line| line.strip_prefix("#define PEERAGE_")) {
        let Some((name, value)) = define.split_once(' ') else { continue };
        let is_number = value.starts_with(|c: char| c == '-' || c.is_ascii_digit());
        assert!(!is_number || untyped.contains(&name), "PEERAGE_{name} has no type: {value}");
    }
}

/// Ignoring one of these loses nothing: it fails for reasons of the caller's only, or because what it
/// is told is known already.
const MAY_BE_IGNORED: [&str; 16] = [
    "peerage_ask_again_trigger",
    "peerage_cancel_reset",
    "peerage_cancel_trigger",
    "peerage_chooser_stop",
    "peerage_chooser_waited",
    "peerage_error_status",
    "peerage_peer_checked",
    "peerage_peer_report",
    "peerage_peer_set_data",
    "peerage_peer_set_status",
    "peerage_pick_finish",
    "peerage_pick_finish_timed",
    "peerage_pick_finish_with",
    "peerage_transport_doubt",
    "peerage_updater_refresh",
    "peerage_updater_stop",
];

#[test]
fn every_other_status_must_be_used() {
    let header = committed();
    let mut ignorable = vec![];
    for function in header.split("\nPEERAGE_API\n").skip(1) {
        if let Some(status) = function.strip_prefix("peerage_status ") {
            let name = status.split('(').next().expect("a name");
            ignorable.push(name);
        }
    }
    ignorable.sort_unstable();
    assert_eq!(ignorable, MAY_BE_IGNORED);
}
