//! Compiles the decoders of `ffi-tests`, with the sanitizer that cargo-fuzz asks of rustc.

fn main() {
    compile("../ffi-tests/fuzz", "calls");
    compile("../ffi-tests/fuzz_threads", "threads");
    println!("cargo:rerun-if-changed=../include/peerage.h");
}

fn compile(decoder: &str, name: &str) {
    let entries = std::fs::read_dir(decoder).expect("the decoder");
    let sources = entries
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "c"))
        .filter(|path| path.file_stem().is_some_and(|name| name != "replay"));
    let mut build = cc::Build::new();
    // Without it the thread sanitizer would not see what orders the threads of the decoder.
    if let Ok(sanitizer) = std::env::var("CARGO_CFG_SANITIZE") {
        build.flag(format!("-fsanitize={sanitizer}"));
    }
    build.files(sources).include("../include").std("c99").warnings_into_errors(true).compile(name);
    println!("cargo:rerun-if-changed={decoder}");
}
