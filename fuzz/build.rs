//! Compiles the decoders of `ffi-tests`. The sanitizer that cargo-fuzz asks of rustc is passed on to
//! the C compiler, by the cc crate.

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
    cc::Build::new()
        .files(sources)
        .include("../include")
        .std("c99")
        .warnings_into_errors(true)
        .compile(name);
    println!("cargo:rerun-if-changed={decoder}");
}
