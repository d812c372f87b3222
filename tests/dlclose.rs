//! The shared library may be unloaded before the threads that used it end (`ffi-tests/dlclose`).
#![cfg(all(feature = "capi", target_os = "linux"))]

mod built;

use std::path::Path;
use std::process::Command;

use built::library;

#[test]
fn a_thread_that_used_it_may_end_later() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let program = Path::new(env!("CARGO_TARGET_TMPDIR")).join("dlclose-plugin");
    let mut compile = Command::new("cc");
    compile.args(["-std=c99", "-Wall", "-Wextra", "-pedantic", "-Werror", "-g", "-I"]);
    compile.arg(root.join("include")).arg(root.join("ffi-tests/dlclose/plugin.c"));
    compile.args(["-lpthread", "-ldl", "-o"]).arg(&program);
    assert!(compile.status().expect("a C compiler").success());

    let mut run = Command::new(&program);
    run.arg(library("libpeerage.so"));
    let output = run.output().expect("it runs");
    assert!(output.status.success(), "{output:?}");
}
