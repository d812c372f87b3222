//! Every program in `ffi-tests/c`, as C99 against the static library: plain, and with the address
//! and undefined-behaviour sanitizers.
#![cfg(all(feature = "capi", target_os = "linux"))]

mod built;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::{fs, thread};

use built::library;

const WARNINGS: [&str; 5] = ["-std=c99", "-Wall", "-Wextra", "-pedantic", "-Werror"];
const LIBRARIES: [&str; 7] = ["-lgcc_s", "-lutil", "-lrt", "-lpthread", "-lm", "-ldl", "-lc"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn programs() -> Vec<PathBuf> {
    let entries = fs::read_dir(root().join("ffi-tests/c")).expect("the programs");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    let mut sources: Vec<_> =
        paths.filter(|path| path.extension().is_some_and(|extension| extension == "c")).collect();
    sources.sort();
    assert!(!sources.is_empty(), "no program in ffi-tests/c");
    sources
}

fn run(command: &mut Command) -> Result<(), String> {
    let output = command.output().map_err(|error| format!("{command:?}: {error}"))?;
    let text = String::from_utf8_lossy(&output.stderr);
    if output.status.success() { Ok(()) } else { Err(format!("{}\n{text}", output.status)) }
}

fn build_and_run(source: &Path, row: &str, flags: &[&str]) -> Result<(), String> {
    let name = source.file_stem().expect("a name").to_string_lossy();
    let program = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{row}"));
    let mut compile = Command::new("cc");
    compile.args(WARNINGS).arg("-g").args(flags).arg("-I").arg(root().join("include"));
    compile.arg(source).arg(library("libpeerage.a")).args(LIBRARIES).arg("-o").arg(&program);
    run(&mut compile)
        .and_then(|()| run(&mut Command::new(&program)))
        .map_err(|error| format!("{name}, {row}: {error}"))?;
    // Each holds the whole archive, which is gigabytes for all of them.
    fs::remove_file(program).map_err(|error| error.to_string())
}

/// As many at a time as there are processors: most of the work is the compiler's.
fn all(row: &str, flags: &[&str]) {
    let (sources, next, failures) = (programs(), AtomicUsize::new(0), Mutex::new(vec![]));
    let work = || {
        while let Some(source) = sources.get(next.fetch_add(1, Ordering::Relaxed)) {
            if let Err(error) = build_and_run(source, row, flags) {
                failures.lock().expect("no panic").push(error);
            }
        }
    };
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(work);
        }
    });
    let failures = failures.into_inner().expect("no panic");
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn plain() {
    all("plain", &[]);
}

#[test]
fn sanitizers() {
    let flags = ["-fsanitize=address,undefined", "-fno-sanitize-recover=all"];
    let probe = Path::new(env!("CARGO_TARGET_TMPDIR")).join("sanitizer-probe");
    let source = probe.with_extension("c");
    fs::write(&source, "int main(void) { return 0; }\n").expect("a file");
    let built = run(Command::new("cc").args(flags).arg(&source).arg("-o").arg(&probe));
    if let Err(error) = built {
        panic!("the C compiler `cc` has no address and undefined-behaviour sanitizers: {error}");
    }
    all("sanitizers", &flags);
}

/// `misuse_null.c` says that it passes NULL to every function: so each is named there, but for
/// those that take no pointer.
#[test]
fn no_function_is_left_out_of_misuse() {
    let header = fs::read_to_string(root().join("include/peerage.h")).expect("the header");
    let misuse = fs::read_to_string(root().join("ffi-tests/c/misuse_null.c")).expect("the program");
    let no_pointer = [
        "peerage_version",
        "peerage_version_string",
        "peerage_status_message",
        "peerage_cancel_new",
    ];
    let calls = |text: &str| -> BTreeSet<String> {
        let before = text.split('(').map(|part| {
            let name = |c: char| c.is_ascii_alphanumeric() || c == '_';
            part.rsplit(|c| !name(c)).next().unwrap_or_default().to_owned()
        });
        before.filter(|name| name.starts_with("peerage_")).collect()
    };
    let declared = header.split("PEERAGE_API\n").skip(1).filter_map(|part| part.split(';').next());
    // The name before the first parenthesis: a callback among the parameters has others.
    let declared: BTreeSet<_> = declared
        .filter_map(|part| calls(part.split_inclusive('(').next()?).into_iter().next())
        .collect();
    assert!(declared.len() > 40, "{declared:?}");
    let tested = calls(&misuse);
    // What gives a number its name takes the number.
    let takes_none = |name: &str| no_pointer.contains(&name) || name.ends_with("_name");
    let missing: Vec<_> =
        declared.iter().filter(|name| !tested.contains(*name) && !takes_none(name)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

/// `names.c` asks for the name of every number that has one.
#[test]
fn every_number_of_a_kind_has_a_name() {
    let header = fs::read_to_string(root().join("include/peerage.h")).expect("the header");
    let program = fs::read_to_string(root().join("ffi-tests/c/names.c")).expect("the program");
    let mut numbers = 0;
    for line in header.lines() {
        // `#define PEERAGE_KIND_NAME ((peerage_kind)1)`
        let Some((name, value)) =
            line.strip_prefix("#define PEERAGE_").and_then(|line| line.split_once(" ((peerage_"))
        else {
            continue;
        };
        let kind = value.split(')').next().unwrap_or_default();
        if !["outcome", "connection", "state", "cause", "choice", "failure"].contains(&kind) {
            continue;
        }
        let upper = kind.to_uppercase();
        let name = name.strip_prefix(&format!("{upper}_"));
        let name = name.unwrap_or_else(|| panic!("a {kind} with another prefix: {line}"));
        assert!(program.contains(&format!("NAMED({kind}, {upper}, {name})")), "{kind} {name}");
        numbers += 1;
    }
    assert!(numbers >= 48, "only {numbers} numbers were found");
}
