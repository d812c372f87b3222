//! Where cargo has put the libraries that it builds along with a test.

use std::path::PathBuf;

/// `libpeerage.a` or `libpeerage.so`: under `cargo test` it is next to the test, elsewhere one
/// folder above.
pub(crate) fn library(file: &str) -> PathBuf {
    let test = std::env::current_exe().expect("this test");
    let deps = test.parent().expect("deps");
    let places = [deps.join(file), deps.parent().expect("target").join(file)];
    places.into_iter().find(|path| path.exists()).expect("cargo builds the library")
}
