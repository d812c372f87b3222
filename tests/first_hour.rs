//! What a newcomer copies compiles and runs as it is: in a package of its own, which depends on this
//! crate and turns none of its features on.
//!
//! The doc tests do not show that: the crate's own tests have the feature `testing`.

use std::fs;
use std::path::Path;
use std::process::Command;

const CRATE_PAGE: &str = include_str!("../src/lib.rs");
const README: &str = include_str!("../README.md");
const BOOK: &str = include_str!("../docs/first-rust.md");

/// The lines between the first line that is `fence` and the line that closes it, each without
/// `prefix`.
fn block<'a>(text: &'a str, prefix: &str, fence: &str) -> Vec<&'a str> {
    let lines = text.lines().filter_map(|line| line.strip_prefix(prefix));
    let within = lines.skip_while(|line| line.trim() != fence).skip(1);
    let lines: Vec<&str> = within.take_while(|line| line.trim() != "```").collect();
    assert!(!lines.is_empty(), "no block begins with {fence}");
    lines
}

/// What the program prints, in a fresh package.
fn run(name: &str, program: &[&str]) -> String {
    let root = env!("CARGO_MANIFEST_DIR");
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("first_hour");
    let package = folder.join(name);
    fs::create_dir_all(package.join("src")).expect("a folder");
    let manifest = format!(
        "[package]\nname = {name:?}\nversion = \"0.1.0\"\nedition = \"2024\"\n\n\
         [dependencies]\npeerage = {{ path = {root:?} }}\n\n[workspace]\n"
    );
    fs::write(package.join("Cargo.toml"), manifest).expect("written");
    fs::write(package.join("src/main.rs"), program.join("\n") + "\n").expect("written");
    // The dependencies that are here already, so that nothing has to be fetched.
    fs::copy(Path::new(root).join("Cargo.lock"), package.join("Cargo.lock")).expect("copied");
    let output = Command::new(env!("CARGO"))
        .args(["run", "--quiet", "--offline"])
        .current_dir(&package)
        .env("CARGO_TARGET_DIR", folder.join("target"))
        .output()
        .expect("cargo");
    let printed = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(output.status.success(), "{name}:\n{}", printed(&output.stderr));
    assert_eq!(printed(&output.stderr), "", "{name}: no warning");
    printed(&output.stdout)
}

#[test]
fn the_program_of_the_crate_page() {
    let program = block(CRATE_PAGE, "//! ", "```");
    assert!(program.len() <= 10, "{} lines", program.len());
    assert!(run("crate_page", &program).starts_with("send it to 10.0.0."));
}

#[test]
fn the_program_of_the_readme() {
    let program = block(README, "", "```rust");
    assert!(run("readme", &program).starts_with("send it to 10.0.0."));
}

#[test]
fn the_program_of_the_book() {
    let program = block(BOOK, "", "```rust");
    let printed = run("book", &program);
    let lines: Vec<&str> = printed.lines().collect();
    assert_eq!(lines.len(), 7, "{printed}");
    assert!(lines[..6].iter().all(|line| line.starts_with("to 10.0.0.")), "{printed}");
    assert_eq!(lines[6], "3 peers");
}
