//! Every program in `ffi-tests/c`, as C99 against the static library: plain, and with the address
//! and undefined-behaviour sanitizers.
#![cfg(all(feature = "capi", target_os = "linux"))]

use std::path::{Path, PathBuf};
use std::process::Command;

fn library() -> PathBuf {
    let test = std::env::current_exe().expect("this test");
    let deps = test.parent().expect("deps");
    let places = [deps.join("libpeerage.a"), deps.parent().expect("target").join("libpeerage.a")];
    places.into_iter().find(|path| path.exists()).expect("cargo builds libpeerage.a")
}

fn build_and_run(row: &str, flags: &[&str]) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut ran = 0;
    for entry in std::fs::read_dir(root.join("ffi-tests/c")).expect("the programs") {
        let source = entry.expect("an entry").path();
        if source.extension().is_none_or(|extension| extension != "c") {
            continue;
        }
        let name = source.file_stem().expect("a name").to_string_lossy();
        let program = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{row}"));
        let compiled = Command::new("cc")
            .args(["-std=c99", "-Wall", "-Wextra", "-pedantic", "-Werror", "-g"])
            .args(["-Wno-unused-function"])
            .args(flags)
            .arg("-I")
            .arg(root.join("include"))
            .arg(&source)
            .arg(library())
            .args(["-lgcc_s", "-lutil", "-lrt", "-lpthread", "-lm", "-ldl", "-o"])
            .arg(&program)
            .output()
            .expect("a C compiler");
        let text = String::from_utf8_lossy(&compiled.stderr);
        assert!(compiled.status.success(), "{name}, {row}: {text}");
        let output = Command::new(&program).output().expect("the program");
        let text = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{name}, {row}: {}\n{text}", output.status);
        ran += 1;
    }
    assert!(ran > 0, "no program in ffi-tests/c");
}

#[test]
fn plain() {
    build_and_run("plain", &[]);
}

#[test]
fn sanitizers() {
    build_and_run("sanitizers", &["-fsanitize=address,undefined", "-fno-sanitize-recover=all"]);
}
