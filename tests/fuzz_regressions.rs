//! Every input in `fuzz/regressions` and `fuzz/regressions_threads`, as calls of the C ABI: those that
//! once found a fault, and some that reach far. Their decoders, `ffi-tests/fuzz` and
//! `ffi-tests/fuzz_threads`, are compiled against the static library, with the address and
//! undefined-behaviour sanitizers; they abort when an answer or a callback is not what the header
//! promises.
#![cfg(all(feature = "capi", target_os = "linux"))]

mod built;

use std::path::{Path, PathBuf};
use std::process::Command;

use built::library;

fn files(folder: &Path, extension: Option<&str>) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("a folder of this repository");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    let mut wanted: Vec<_> = paths
        .filter(|path| path.extension().and_then(|found| found.to_str()) == extension)
        .collect();
    wanted.sort();
    wanted
}

fn build(root: &Path, decoder: &str) -> PathBuf {
    let program = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("replay_{decoder}"));
    let compiled = Command::new("cc")
        .args(["-std=c99", "-Wall", "-Wextra", "-pedantic", "-Werror", "-g", "-O1"])
        .args(["-fsanitize=address,undefined", "-fno-sanitize-recover=all"])
        .arg("-I")
        .arg(root.join("include"))
        .args(files(&root.join("ffi-tests").join(decoder), Some("c")))
        .arg(library("libpeerage.a"))
        .args(["-lgcc_s", "-lutil", "-lrt", "-lpthread", "-lm", "-ldl", "-o"])
        .arg(&program)
        .output()
        .expect("a C compiler");
    assert!(compiled.status.success(), "{}", String::from_utf8_lossy(&compiled.stderr));
    program
}

fn replay(decoder: &str, folder: &str) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let inputs = files(&root.join("fuzz").join(folder), None);
    assert!(!inputs.is_empty(), "no input in fuzz/{folder}");
    let output = Command::new(build(root, decoder))
        .args(&inputs)
        // The Rust side is not instrumented, but what it reads of freed memory is no pointer then.
        .env("ASAN_OPTIONS", "max_free_fill_size=65536:free_fill_byte=254")
        .output()
        .expect("the decoder");
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{}, the last of these:\n{text}", output.status);
    // It names each before it begins.
    assert_eq!(text.lines().count(), inputs.len(), "{text}");
}

#[test]
fn one_thread() {
    replay("fuzz", "regressions");
}

#[test]
fn several_threads() {
    replay("fuzz_threads", "regressions_threads");
}
